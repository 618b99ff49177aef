"""A student's school years, the newest first: classes, levels, days missed and support."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Case, Count, Q, Sum, Value, When

from datareview.anecdotes.queries import AnecdoteLine, handovers_of
from datareview.figures.queries.levels import level_of
from datareview.progress.queries.of_student import plans_of
from datareview.records.absence import DAYS_ABSENT
from datareview.records.models import AttendanceDay, Benchmark, Enrollment, Measure, Score
from datareview.records.queries.windows import school_windows
from datareview.records.values import value_address
from datareview.transcripts.queries import PastTerm, past_terms
from teams.directory.models import SchoolYear
from teams.lib import formats

if TYPE_CHECKING:
    from collections.abc import Iterable

    from datareview.plans.models import Plan
    from datareview.records.models import Student
    from teams.directory.models import User

MOST_MEASURES = 4
LEAST_DAYS = 5  # marked, to say a share


@dataclass(frozen=True, slots=True)
class YearScore:
    """The last score of a year on one measure, with its level by that year's grade and window, and the page of the value."""

    measure: Measure
    text: str
    level: int | None
    url: str

    @property
    def level_name(self) -> str:
        """The school's name of the level."""
        return self.measure.level_name(self.level)


@dataclass(frozen=True, slots=True)
class StudentYear:
    """One school year; ``scores`` has an entry for each shown measure, None without a score.

    ``grade`` is that of most of the classes, None if none has one.
    """

    year: SchoolYear
    grade: int | None
    teachers: list[str]
    scores: list[YearScore | None]
    days_here: str
    plans: list[Plan] = field(default_factory=list)
    handovers: list[AnecdoteLine] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class StudentYears:
    """All years in which something is on record, newest first, the measures that they have in columns, and past grades."""

    measures: list[Measure]
    years: list[StudentYear]
    terms: list[PastTerm]

    @property
    def has_handovers(self) -> bool:
        """Whether a note of any year was handed over."""
        return any(one.handovers for one in self.years)


def years_of_student(user: User, student: Student) -> StudentYears:
    """The years of ``student``, whom the user may see; a constant number of queries."""
    years = list(SchoolYear.objects.filter(school=student.school_id).order_by("-starts_on"))
    classes = _classes(student)
    scores = list(Score.objects.filter(student=student).select_related("measure").order_by("taken_on", "pk"))
    measures = _measures(scores)
    cuts = {
        (one.measure_id, one.grade, one.window): one
        for one in Benchmark.objects.filter(measure__in=[measure.pk for measure in measures])
    }
    here = _days_here(student, years)
    notes = handovers_of(user, student)
    found = []
    for year in years:
        grade, teachers = classes.get(year.pk, (None, []))
        if grade is None and year.starts_on <= student.school.today() <= year.ends_on:
            grade = student.grade
        own = [one for one in scores if year.starts_on <= one.taken_on <= year.ends_on]
        plans = [one for one in plans_of(student) if year.starts_on <= one.starts_on <= year.ends_on]
        handed = [
            one for one in notes if one.anecdote.seen_on >= year.starts_on
        ]  # also in the holidays after it
        notes = [one for one in notes if one not in handed]
        if not (teachers or own or plans or handed or year.pk in here):
            continue
        last = {one.measure_id: one for one in own}
        found.append(
            StudentYear(
                year=year,
                grade=grade,
                teachers=teachers,
                scores=[_score(student, last.get(one.pk), one, grade, cuts) for one in measures],
                days_here=here.get(year.pk, ""),
                plans=plans,
                handovers=handed,
            )
        )
    return StudentYears(measures, found, past_terms(student))


def _classes(student: Student) -> dict[int, tuple[int | None, list[str]]]:
    """By year, the grade of the student's core classes and their teachers' short names."""
    rows = (
        Enrollment.objects.filter(student=student)
        .select_related("section")
        .prefetch_related("section__teacher_links__staff__user")
        .order_by("-section__is_core", "starts_on")
    )
    found: dict[int, tuple[int | None, list[str]]] = {}
    for row in rows:
        grade, teachers = found.get(row.section.year_id, (None, []))
        names = [link.staff.user.short_name for link in row.section.teacher_links.all()]
        if row.section.is_core or not teachers:
            teachers = list(dict.fromkeys([*teachers, *names]))
        found[row.section.year_id] = (grade if grade is not None else row.section.grade, teachers)
    return found


def _measures(scores: Iterable[Score]) -> list[Measure]:
    """At most four measures, academic ones first, then those with scores in most calendar years."""
    days: dict[Measure, set[int]] = defaultdict(set)
    for one in scores:
        days[one.measure].add(one.taken_on.year)
    ranked = sorted(days, key=lambda one: (one.domain != "academic", -len(days[one]), one.kind, one.name))
    return ranked[:MOST_MEASURES]


def _score(
    student: Student,
    score: Score | None,
    measure: Measure,
    grade: int | None,
    cuts: dict[tuple[int, int, str], Benchmark],
) -> YearScore | None:
    if score is None:
        return None
    key = school_windows(student.school_id).key_on(score.taken_on)
    benchmark = cuts.get((measure.pk, grade, key)) if grade is not None else None
    level = level_of(score.value, benchmark, higher_is_better=measure.higher_is_better)
    url = value_address(student.uuid, "score", measure.pk, score.taken_on)
    return YearScore(measure, formats.number(score.value, measure.decimals), level, url)


def _days_here(student: Student, years: list[SchoolYear]) -> dict[int, str]:
    """By year, the share of marked days that the student was there, as text."""
    halves = Case(
        *(When(mark=mark, then=Value(round(2 * days))) for mark, days in DAYS_ABSENT.items() if days),
        default=Value(0),
    )
    columns: dict[str, Count | Sum] = {}
    for year in years:
        inside = Q(day__gte=year.starts_on, day__lte=year.ends_on)
        columns[f"days_{year.pk}"] = Count("pk", filter=inside)
        columns[f"missed_{year.pk}"] = Sum(halves, filter=inside)
    marks = AttendanceDay.objects.that_count().filter(student=student)
    sums = marks.aggregate(**columns) if columns else {}
    return {
        year.pk: formats.percent(100 - 50 * (sums[f"missed_{year.pk}"] or 0) / days, 0)
        for year in years
        if (days := sums[f"days_{year.pk}"]) >= LEAST_DAYS
    }
