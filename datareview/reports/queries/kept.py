"""ReportFigures of reports, kept in the cache until the trends, students, measures or days that they come from change.

They name nobody. A run of trends gives each grade a hash of all that it read, so the figures of a cohort are those of the
hashes of its grades.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from django.core.cache import cache

from datareview.records.models import Benchmark, Measure
from datareview.records.models.measures import CUTS
from datareview.records.queries.windows import school_windows
from datareview.reports.queries.figures import (
    MeanGrowth,
    MeasureFigures,
    ReportFigures,
    WindowTally,
    figures_of,
)
from datareview.reports.queries.rows import LevelPair, TrendRow
from datareview.runs.queries import scopes_with_state

if TYPE_CHECKING:
    import datetime as dt

    from datareview.cohorts.queries import Cohort

KEPT_SECONDS = 24 * 60 * 60
# The form of what is kept: figures of another version of this program are not read.
FORM = [
    [one.__name__, *(field.name for field in fields(one))]
    for one in (ReportFigures, MeanGrowth, MeasureFigures, WindowTally, LevelPair, TrendRow)
]


@dataclass(frozen=True, slots=True)
class Basis:
    """What a report is about: a cohort, changes after the end of ``since``, and the ``grades`` of its students by id.

    ``measures`` are the school's by id. ``as_of`` is the earliest day of the trends, and ``is_computing`` whether they are
    being computed. Equal ``key``s have equal figures.
    """

    cohort: Cohort
    since: dt.date
    grades: dict[int, int | None]
    measures: dict[int, Measure]
    as_of: dt.date | None
    is_computing: bool
    key: str


def basis_of(cohort: Cohort, since: dt.date) -> Basis:
    """The basis of a report; a constant number of queries."""
    school = cohort.school
    grades = dict(cohort.students.order_by("pk").values_list("pk", "grade"))
    measures = {one.pk: one for one in Measure.objects.filter(school=school)}
    benchmarks = Benchmark.objects.filter(measure__school=school).order_by("pk")
    scopes: list[Any] = scopes_with_state(school)
    parts = [
        FORM,
        school.pk,
        since,
        school.today(),
        [
            (pk, one.sem, one.higher_is_better, one.name, one.lowest_grade, one.highest_grade)
            for pk, one in sorted(measures.items())
        ],
        list(benchmarks.values_list("measure", "grade", "window", *CUTS)),
        school_windows(school.pk),
        [(one.pk, one.written, one.inputs_hash) for one in scopes],
        list(grades.items()),
    ]
    digest = hashlib.sha256(json.dumps(parts, default=str).encode()).hexdigest()
    own = set(grades.values())
    theirs = [one for one in scopes if one.grade in own]
    return Basis(
        cohort=cohort,
        since=since,
        grades=grades,
        measures=measures,
        as_of=min((one.as_of for one in theirs if one.as_of), default=None),
        is_computing=any(one.is_computing for one in theirs),
        key=f"report-{digest}",
    )


def are_kept(basis: Basis) -> bool:
    """Whether the figures are in the cache."""
    return basis.key in cache


def kept_figures(basis: Basis) -> ReportFigures:
    """`figures_of`, from the cache if they are there."""
    found: ReportFigures | None = cache.get(basis.key)
    if found is None:
        found = figures_of(basis.cohort.school, basis.measures, basis.grades, basis.since)
        cache.set(basis.key, found, KEPT_SECONDS)
    return found
