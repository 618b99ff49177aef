"""The student list."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, Exists, F, Max, OuterRef, Q, Value, When

from datareview.charts.sparkline import sparkline
from datareview.flags.models import Flag
from datareview.plans.models import Plan
from datareview.records.absence import group_by_week, percent_present
from datareview.records.models import AttendanceDay, Enrollment, Measure, Score, Section, Student
from datareview.records.permissions import students_visible_to
from datareview.records.queries.order import by_name
from datareview.trends.models import Trend
from datareview.trends.queries.trends import trend_in_words
from teams.lib.parameters import int_or_none, uuid_or_none

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import School, User

A_PAGE = 50
SORTS: dict[str, tuple[Any, ...]] = {  # fields to order by before the name
    "name": (),
    "grade": ("grade",),
    "flags": (F("worst").desc(nulls_last=True), "-flag_count"),
}


@dataclass(frozen=True, slots=True)
class Spark:
    """One measure of a student in the list: sparkline, level, and the trend in words."""

    measure: Measure
    svg: str
    level: int | None
    words: str
    last: float | None

    @property
    def level_name(self) -> str:
        """The school's name of the level."""
        return self.measure.level_name(self.level)


@dataclass(frozen=True, slots=True)
class StudentRow:
    """One student in the list."""

    student: Student
    sparks: list[Spark]
    flags: list[Flag]
    plan: Plan | None


@dataclass(frozen=True, slots=True)
class StudentList:
    """A page of students, with the choices of its filter."""

    rows: list[StudentRow]
    page: Page
    grades: list[int]
    sections: list[Section]
    measures: list[Measure]


def students_of(user: User, school: School, wanted: dict[str, str]) -> StudentList:
    """Students of ``school`` whom the user may see, filtered by ``wanted`` (the query string)."""
    visible = students_visible_to(user).filter(school=school, status=Student.Status.ACTIVE)
    grades = sorted({grade for grade in visible.values_list("grade", flat=True) if grade is not None})
    here = Enrollment.objects.on(school.today())
    attended = here.filter(student__in=visible).values("section_id")
    sections = list(Section.objects.filter(pk__in=attended, is_core=True).order_by("name"))
    rows = _narrowed(visible, here, wanted)
    open_flags = Flag.objects.filter(student=OuterRef("pk"), state=Flag.State.OPEN)
    rows = rows.annotate(
        worst=Max("flags__severity", filter=Q(flags__state=Flag.State.OPEN)),
        flag_count=Count("flags", filter=Q(flags__state=Flag.State.OPEN), distinct=True),
        is_flagged=Exists(open_flags),
    ).order_by(*SORTS.get(wanted.get("sort", ""), ()), *by_name())
    page = Paginator(rows, A_PAGE).get_page(wanted.get("page", 1))
    measures = _shown_measures(school)
    return StudentList(_rows(list(page), measures, school), page, grades, sections, measures)


def _narrowed(
    rows: QuerySet[Student], here: QuerySet[Enrollment], wanted: dict[str, str]
) -> QuerySet[Student]:
    """The students whom ``wanted`` asks for; those of a section are in it by ``here``, the enrollments of today."""
    if (grade := int_or_none(wanted.get("grade"))) is not None:
        rows = rows.filter(grade=grade)
    if section := uuid_or_none(wanted.get("section")):
        rows = rows.filter(pk__in=here.filter(section__uuid=section).values("student_id"))
    if wanted.get("show") == "flagged":
        rows = rows.filter(flags__state=Flag.State.OPEN).distinct()
    if wanted.get("show") == "plan":
        rows = rows.filter(plans__state=Plan.State.ACTIVE).distinct()
    for word in wanted.get("q", "").split()[:4]:
        rows = rows.filter(
            Q(first_name__icontains=word)
            | Q(preferred_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(local_id__icontains=word)
        )
    return rows


def _shown_measures(school: School) -> list[Measure]:
    """At most four measures in use with trends: weekly probes first, then attendance, then others."""
    first = Case(
        When(kind=Measure.Kind.PROBE, then=Value(0)),
        When(derived_from="attendance", then=Value(1)),
        When(kind=Measure.Kind.BENCHMARK, then=Value(2)),
        default=Value(3),
    )
    rows = Measure.objects.in_use().filter(school=school)
    rows = rows.filter(Exists(Trend.objects.filter(measure=OuterRef("pk"))))
    return list(rows.annotate(place=first).order_by("place", "name")[:4])


def _rows(students: list[Student], measures: list[Measure], school: School) -> list[StudentRow]:
    ids = [student.pk for student in students]
    trends = {
        (t.student_id, t.measure_id): t for t in Trend.objects.filter(student__in=ids, measure__in=measures)
    }
    points = _points_by_series(ids, measures, school)
    flags: dict[int, list[Flag]] = defaultdict(list)
    for flag in Flag.objects.filter(student__in=ids, state=Flag.State.OPEN).order_by("-severity", "pk"):
        flags[flag.student_id].append(flag)
    plans = {
        plan.student_id: plan
        for plan in Plan.objects.running().filter(student__in=ids).select_related("strategy")
    }
    return [
        StudentRow(
            student=student,
            sparks=[
                _spark(measure, points[student.pk, measure.pk], trends.get((student.pk, measure.pk)))
                for measure in measures
            ],
            flags=flags[student.pk],
            plan=plans.get(student.pk),
        )
        for student in students
    ]


def _spark(measure: Measure, points: list[tuple[dt.date, float]], trend: Trend | None) -> Spark:
    return Spark(
        measure=measure,
        svg=sparkline([value for _day, value in points], [day for day, _value in points]) if points else "",
        level=trend.benchmark_level if trend else None,
        words=trend_in_words(trend, measure),
        last=points[-1][1] if points else None,
    )


def _points_by_series(
    ids: list[int], measures: list[Measure], school: School
) -> dict[tuple[int, int], list[tuple[dt.date, float]]]:
    """Map (student id, measure id) to points since the start of the year; two queries."""
    since = school.today() - dt.timedelta(days=150)
    found: dict[tuple[int, int], list[tuple[dt.date, float]]] = defaultdict(list)
    rows = Score.objects.filter(student__in=ids, measure__in=measures, taken_on__gte=since).order_by(
        "taken_on", "pk"
    )
    for student_id, measure_id, day, value in rows.values_list(
        "student_id", "measure_id", "taken_on", "value"
    ):
        found[student_id, measure_id].append((day, value))
    derived = next((one for one in measures if one.derived_from == Measure.DerivedFrom.ATTENDANCE), None)
    if derived:
        days = AttendanceDay.objects.that_count().filter(student__in=ids, day__gte=since).order_by("day")
        weeks = group_by_week(days.values_list("student_id", "day", "mark"), school.today())
        found |= {(pk, derived.pk): percent_present(marked) for pk, marked in weeks.items()}
    return found
