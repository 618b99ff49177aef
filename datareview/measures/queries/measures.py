"""The list of measures, and the page of one."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, Q
from django.utils.translation import gettext as _

from datareview.flags.queries.rules import rules_judging
from datareview.measures.presets import MeasurePreset, measure_presets
from datareview.measures.queries.benchmarks import cell_name, cut_columns, window_names
from datareview.plans.models import Plan
from datareview.records.models import Benchmark, Domain, Measure
from datareview.records.models.measures import CUTS
from datareview.records.queries.windows import school_windows
from datareview.trends.models import Trend
from teams.access.permissions import schools_where

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

    from django.db.models import QuerySet

    from datareview.flags.models import Rule
    from teams.directory.models import School, User

A_PAGE = 50


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """A measure in the list: its newest score, students with a score this year, and its benchmarks.

    ``gaps`` are the grades and windows without a benchmark, if others have one.
    """

    measure: Measure
    newest: dt.date | None
    students: int
    benchmarks: int
    gaps: list[str]


@dataclass(frozen=True, slots=True)
class MeasureList:
    """A page of measures, and the presets that the school can adopt."""

    rows: list[MeasureRow]
    page: Page[MeasureRow]
    offers: list[MeasurePreset]


@dataclass(frozen=True, slots=True)
class BenchmarkRow:
    """The cut points of a grade in a window, as cells in the order of the columns."""

    grade: int
    window: str
    cells: list[float | None]


@dataclass(frozen=True, slots=True)
class MeasurePage:
    """A measure with its benchmarks, and the rules and plans that use it."""

    measure: Measure
    columns: list[str]
    benchmarks: list[BenchmarkRow]
    gaps: list[str]
    rules: list[Rule]
    plans: int


def measures_visible_to(user: User) -> QuerySet[Measure]:
    """Measures of schools whose trends the user may see."""
    return Measure.objects.filter(school_id__in=schools_where(user, "run_trends"))


def measures_of(user: User, school: School, wanted: Mapping[str, Any]) -> MeasureList:
    """A page of `listed_measures`, sorted by ``wanted``."""
    found = _rows(list(listed_measures(user, school, wanted)), school)
    if sort := _SORTS.get(wanted.get("sort", "")):
        found.sort(key=sort)
    page = Paginator(found, A_PAGE).get_page(wanted.get("page", 1))
    return MeasureList(list(page), page, _offers(school))


def listed_measures(user: User, school: School, wanted: Mapping[str, Any]) -> QuerySet[Measure]:
    """Measures of ``school`` filtered by ``wanted`` (the query string), retired ones only if wanted."""
    rows = measures_visible_to(user).filter(school=school)
    rows = rows.filter(retired_on__isnull=wanted.get("show") != "retired")
    if wanted.get("domain") in Domain.values:
        rows = rows.filter(domain=wanted["domain"])
    if wanted.get("kind") in Measure.Kind.values:
        rows = rows.filter(kind=wanted["kind"])
    for word in wanted.get("q", "").split()[:4]:
        rows = rows.filter(Q(name__icontains=word) | Q(subject__icontains=word))
    return rows.order_by("domain", "name")


def measure_page(measure: Measure) -> MeasurePage:
    """The page of ``measure``."""
    names = window_names(measure.school)
    order = {key: place for place, key in enumerate(names)}
    rows = sorted(measure.benchmarks.all(), key=lambda row: (row.grade, order[row.window]))
    columns = cut_columns(measure)
    return MeasurePage(
        measure=measure,
        columns=[measure.level_name(CUTS[name]) for name in columns],
        benchmarks=[
            BenchmarkRow(
                row.grade, names[row.window], [*(getattr(row, name) for name in columns), row.growth_per_week]
            )
            for row in rows
        ],
        gaps=_gaps(measure, {(row.grade, row.window) for row in rows}, measure.school),
        rules=rules_judging(measure),
        plans=Plan.objects.running().filter(measure=measure).count(),
    )


def grades_of(measure: Measure, school: School) -> range:
    """The grades of the school that the measure is for."""
    first = max(measure.lowest_grade, school.lowest_grade)
    return range(first, min(measure.highest_grade, school.highest_grade) + 1)


def _offers(school: School) -> list[MeasurePreset]:
    """Presets for grades of the school that it has not adopted."""
    known = set(Measure.objects.filter(school=school).values_list("key", flat=True))
    return [
        preset
        for preset in measure_presets().values()
        if preset.key not in known
        and preset.grades[0] <= school.highest_grade
        and preset.grades[1] >= school.lowest_grade
    ]


def _rows(measures: list[Measure], school: School) -> list[MeasureRow]:
    """Rows of ``measures``; three queries for all of them."""
    since, ids = school.year_start(), [measure.pk for measure in measures]
    dates = Measure.objects.filter(pk__in=ids).annotate(newest=Max("scores__taken_on"))
    newest = dict(dates.values_list("pk", "newest"))
    recent = Measure.objects.filter(pk__in=ids).annotate(
        many=Count("scores__student", filter=Q(scores__taken_on__gte=since), distinct=True)
    )
    students = dict(recent.values_list("pk", "many"))
    trends = Trend.objects.filter(measure__in=[one for one in measures if one.derived_from]).order_by()
    for pk, many, last in (
        trends.values("measure")
        .annotate(n=Count("pk"), last=Max("last_on"))
        .values_list("measure", "n", "last")
    ):
        students[pk], newest[pk] = many, last
    stored: dict[int, set[tuple[int, str]]] = defaultdict(set)
    for pk, grade, window in Benchmark.objects.filter(measure__in=measures).values_list(
        "measure", "grade", "window"
    ):
        stored[pk].add((grade, window))
    return [
        MeasureRow(
            measure,
            newest[measure.pk],
            students[measure.pk],
            len(stored[measure.pk]),
            _gaps(measure, stored[measure.pk], school),
        )
        for measure in measures
    ]


def _gaps(measure: Measure, stored: set[tuple[int, str]], school: School) -> list[str]:
    """Grades and windows of this year without a benchmark, in words; none if the measure has no benchmarks at all."""
    if not stored:
        return []
    windows = {window.key: window.name for window in school_windows(school.pk).in_year_of(school.today())}
    return [
        cell_name(measure, (grade, key, ""), windows)
        for grade in grades_of(measure, school)
        for key in windows
        if (grade, key) not in stored
    ]


def retire_question(page: MeasurePage) -> str:
    """What retiring a measure means, with the rules and plans that use it."""
    if page.rules:
        rules = ", ".join(f"“{rule}”" for rule in page.rules)
        return _("These rules judge it and must be switched off first: %(rules)s.") % {"rules": rules}
    if page.plans:
        return _("It is no longer offered. Running plans that use it: %(n)d; they keep it.") % {
            "n": page.plans
        }
    return _("It is no longer offered for new rules, plans and goals. Its scores stay.")


_SORTS: dict[str, Callable[[MeasureRow], str | int]] = {
    "name": lambda row: row.measure.name.casefold(),
    "newest": lambda row: -(row.newest.toordinal() if row.newest else 0),
    "students": lambda row: -row.students,
}
