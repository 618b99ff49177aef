"""Count a measure's levels by group, and what may be shown of them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db.models import Q

from datareview.comparisons.queries.frames import score_frame
from datareview.comparisons.queries.windows import windows_of_years
from datareview.gaps.cells import EVERYONE, RowCount, RowKey, hidden_rows
from datareview.records.models import Student, Subgroup
from datareview.records.models.measures import AT
from teams.access.prepared import many_ids
from teams.directory.models import years_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from datareview.comparisons.queries.windows import ScoreWindow
    from datareview.gaps.models import GapRelease
    from datareview.records.models import Measure
    from teams.directory.models import School


CLOSED_AFTER = dt.timedelta(weeks=4)  # after a window's last day, when make-up tests are over


@dataclass(frozen=True, slots=True)
class ReleasedRow:
    """A group in a scope (a grade, None: the school); ``n`` and ``at`` are None where they are hidden."""

    scope: int | None
    category: str
    group: str
    n: int | None
    at: int | None


@dataclass(frozen=True, slots=True)
class Counted:
    """Counts of a measure in a window, with the students of the grades that take it, and those with a level.

    ``is_closed``: the window ended so long ago that hardly a score will follow.
    """

    counts: dict[RowKey, RowCount]
    students: int
    leveled: int
    is_closed: bool


def count_groups(school: School, measure: Measure, window: ScoreWindow) -> Counted:
    """Count students with a level by group, in each grade (that of the window's year) and in the school; four queries.

    Groups are those of the window's last day: students leave groups because they did well, so that groups of today would
    make former ones look further behind than they were.
    """
    ago = window.years_ago
    rows = Student.objects.filter(school=school, status=Student.Status.ACTIVE, grade__isnull=False)
    rows = rows.filter(grade__gte=measure.lowest_grade + ago, grade__lte=measure.highest_grade + ago)
    today: dict[int, int | None] = dict(rows.values_list("pk", "grade"))
    grades = {pk: (grade or 0) - ago for pk, grade in today.items()}
    windows = windows_of_years(school)
    frame = score_frame(measure, today, windows)
    here = frame[(frame["window"] == windows.index(window)) & frame["level"].notna()]
    levels = dict(zip(here["student"].astype(int).tolist(), here["level"].tolist(), strict=True))
    ends = [one.begins - dt.timedelta(days=1) for one in windows if one.begins > window.begins]
    # The last window of a year ends with it: no later one has begun in summer.
    ends += [end for _pk, first, end in years_of(school.pk) if first <= window.begins <= end]
    last = min([*ends, school.today()])
    groups = groups_on(levels, last)
    categories = sorted({category for theirs in groups.values() for category in theirs})
    found: dict[RowKey, list[int]] = defaultdict(lambda: [0, 0])
    for pk, level in levels.items():
        names = [(EVERYONE, ""), *((category, groups[pk].get(category, "")) for category in categories)]
        for scope in (None, grades[pk]):
            for category, group in names:
                row = found[RowKey(scope, category, group)]
                row[0] += 1
                row[1] += int(level >= AT)
    counts = {key: RowCount(n, at) for key, (n, at) in found.items()}
    return Counted(
        counts, _tested_grades(grades, levels), len(levels), is_closed=school.today() - last >= CLOSED_AFTER
    )


def rows_to_release(counts: Mapping[RowKey, RowCount], least: int) -> list[dict[str, Any]]:
    """The rows of a release, without what is hidden, in order."""
    hidden = hidden_rows(counts, least)
    order = sorted(
        counts,
        key=lambda key: (key.scope is not None, key.scope or 0, key.category, not key.group, key.group),
    )
    return [
        asdict(
            ReleasedRow(
                *key,
                n=None if key in hidden else counts[key].n,
                at=None if key in hidden else counts[key].at,
            )
        )
        for key in order
    ]


def released_rows(release: GapRelease, scope: int | None) -> list[ReleasedRow]:
    """The rows of a release in a scope, everyone first."""
    return [row for one in release.rows if (row := ReleasedRow(**one)).scope == scope]


def _tested_grades(grades: Mapping[int, int], levels: Mapping[int, float]) -> int:
    """How many students are in the grades of which anyone has a level."""
    tested = {grades[pk] for pk in levels}
    return int(np.sum([grade in tested for grade in grades.values()]))


def groups_on(students: Collection[int], day: dt.date) -> dict[int, dict[str, str]]:
    """The groups of each student on a day, by category."""
    rows = Subgroup.objects.filter(
        Q(starts_on=None) | Q(starts_on__lte=day),
        Q(ends_on=None) | Q(ends_on__gte=day),
        student__in=many_ids(students),
    )
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for pk, category, group in rows.order_by("pk").values_list("student_id", "category", "group"):
        found[pk][category] = group
    return found
