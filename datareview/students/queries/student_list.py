"""The student list."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.utils.translation import gettext as _

from datareview.charts.sparkline import sparkline
from datareview.flags.models import Flag
from datareview.plans.models import Plan
from datareview.records.absence import friday_of, percent_so_far
from datareview.records.models import (
    AttendanceDay,
    Enrollment,
    GroupName,
    Incident,
    Measure,
    Score,
    Section,
    Student,
)
from datareview.records.permissions import students_visible_to
from datareview.records.queries.families import guardians_named, members_of
from datareview.records.values import last_value_address
from datareview.sections.queries.missing_work import missing_work_of
from datareview.students.queries.list_columns import (
    BY_MEASURE,
    MISSING,
    ColumnOrder,
    in_order,
    shown_measures,
)
from datareview.trends.models import Trend
from datareview.trends.queries.trends import trend_in_words
from teams.access.permissions import can_at
from teams.lib import formats
from teams.lib.parameters import int_or_none, uuid_or_none

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

    from teams.directory.models import School, User

A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Spark:
    """One measure of a student in the list: sparkline, level, the trend in words, and the page of the last value."""

    measure: Measure
    svg: str
    level: int | None
    words: str
    last: float | None
    url: str

    @property
    def level_name(self) -> str:
        """The school's name of the level."""
        return self.measure.level_name(self.level)

    @property
    def text(self) -> str:
        """The last value with a sign of percent, if that is the unit."""
        if self.last is None:
            return ""
        write = formats.percent if self.measure.unit.startswith("%") else formats.number
        return write(self.last, self.measure.decimals)


@dataclass(frozen=True, slots=True)
class StudentRow:
    """One student in the list; ``missing`` pieces of work are not handed in."""

    student: Student
    sparks: list[Spark]
    flags: list[Flag]
    plan: Plan | None
    missing: int = 0


@dataclass(frozen=True, slots=True)
class ListColumn:
    """The heading of a column: the value of ``sort`` that a click asks for, and its direction if it sorts."""

    name: str
    sort: str
    direction: str


@dataclass(frozen=True, slots=True)
class StudentList:
    """A page of students, with its columns and the choices of its filter."""

    rows: list[StudentRow]
    page: Page
    grades: list[int]
    sections: list[Section]
    groups: list[GroupName]
    columns: list[ListColumn]
    measures: list[Measure]


def students_of(user: User, school: School, wanted: dict[str, str]) -> StudentList:
    """Students of ``school`` whom the user may see, filtered by ``wanted`` (the query string)."""
    visible = students_visible_to(user).filter(school=school, status=Student.Status.ACTIVE)
    grades = sorted({grade for grade in visible.values_list("grade", flat=True) if grade is not None})
    here = Enrollment.objects.on(school.today())
    attended = here.filter(student__in=visible).values("section_id")
    sections = list(Section.objects.filter(pk__in=attended, is_core=True).order_by("name"))
    groups = _groups(user, school)
    rows = _narrowed(visible, here, wanted, user, groups)
    measures = shown_measures(school, rows)
    order = ColumnOrder.read(wanted.get("sort", ""))
    page = Paginator(in_order(rows, order, measures, school.today()), A_PAGE).get_page(wanted.get("page", 1))
    return StudentList(
        rows=_rows(list(page), measures, school),
        page=page,
        grades=grades,
        sections=sections,
        groups=groups,
        columns=_columns(measures, order),
        measures=measures,
    )


def students_to_export(
    user: User, school: School, wanted: dict[str, str], chosen: Collection[str]
) -> tuple[list[Measure], list[StudentRow]]:
    """The measures and rows of the ``chosen`` students (uuids), or without any of all whom ``wanted`` asks for."""
    visible = students_visible_to(user).filter(school=school, status=Student.Status.ACTIVE)
    here = Enrollment.objects.on(school.today())
    uuids = [uuid for uuid in map(uuid_or_none, chosen) if uuid]
    rows = (
        visible.filter(uuid__in=uuids)
        if chosen
        else _narrowed(visible, here, wanted, user, _groups(user, school))
    )
    measures = shown_measures(school, rows)
    order = ColumnOrder.read(wanted.get("sort", ""))
    return measures, _rows(list(in_order(rows, order, measures, school.today())), measures, school)


def _columns(measures: list[Measure], order: ColumnOrder) -> list[ListColumn]:
    keys = [("name", _("Student")), ("grade", _("Grade"))]
    keys += [(f"{BY_MEASURE}{one.uuid}", str(one)) for one in measures]
    keys += [(MISSING, _("Not handed in")), ("flags", _("Flags")), ("plan", _("Plan"))]
    return [ListColumn(name, order.link(key), order.direction(key)) for key, name in keys]


def _groups(user: User, school: School) -> list[GroupName]:
    """The groups by which ``user`` may filter: the school's, for those who read who is in them."""
    is_overseer = can_at(user, "see_all_students", school.pk)
    return list(GroupName.objects.filter(school=school)) if is_overseer else []


def _narrowed(
    rows: QuerySet[Student],
    here: QuerySet[Enrollment],
    wanted: dict[str, str],
    user: User,
    groups: list[GroupName],
) -> QuerySet[Student]:
    """The students whom ``user`` asks for; those of a section are in it by ``here``, the enrollments of today."""
    if (grade := int_or_none(wanted.get("grade"))) is not None:
        rows = rows.filter(grade=grade)
    if section := uuid_or_none(wanted.get("section")):
        rows = rows.filter(pk__in=here.filter(section__uuid=section).values("student_id"))
    if wanted.get("show") == "flagged":
        rows = rows.filter(flags__state=Flag.State.OPEN).distinct()
    if wanted.get("show") == "plan":
        rows = rows.filter(plans__state=Plan.State.ACTIVE).distinct()
    if wanted.get("show") == "cases":
        rows = rows.filter(case_lead__user=user)
    if wanted.get("show") == "alone":
        rows = rows.filter(guardians=None)
    if group := next((one for one in groups if str(one.pk) == wanted.get("group")), None):
        rows = rows.filter(pk__in=members_of(group).values("student_id"))
    for word in wanted.get("q", "").split()[:4]:
        rows = rows.filter(
            Q(first_name__icontains=word)
            | Q(preferred_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(local_id__icontains=word)
            | guardians_named(word)
        )
    return rows


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
    missing = missing_work_of(Student.objects.filter(pk__in=ids), school.today())
    return [
        StudentRow(
            student=student,
            sparks=[
                _spark(student, measure, points[student.pk, measure.pk], trends.get((student.pk, measure.pk)))
                for measure in measures
            ],
            flags=flags[student.pk],
            plan=plans.get(student.pk),
            missing=missing.get(student.pk, 0),
        )
        for student in students
    ]


def _spark(
    student: Student, measure: Measure, points: list[tuple[dt.date, float]], trend: Trend | None
) -> Spark:
    return Spark(
        measure=measure,
        svg=sparkline([value for _day, value in points], [day for day, _value in points]) if points else "",
        level=trend.benchmark_level if trend else None,
        words=trend_in_words(trend, measure),
        last=_last(measure, points),
        url=last_value_address(student.uuid, measure, points[-1][0] if points else None),
    )


def _last(measure: Measure, points: list[tuple[dt.date, float]]) -> float | None:
    """The newest value; of incidents, how many there were in all weeks."""
    if not points:
        return None
    if measure.derived_from == Measure.DerivedFrom.INCIDENTS:
        return sum(many for _week, many in points)
    return points[-1][1]


def _points_by_series(
    ids: list[int], measures: list[Measure], school: School
) -> dict[tuple[int, int], list[tuple[dt.date, float]]]:
    """Map (student id, measure id) to points of the last 150 days; a query for each kind of row.

    Attendance is the share of days present so far this year, as on the student's page: that of a week is 100% for most.
    """
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
        days = AttendanceDay.objects.that_count().filter(student__in=ids, day__gte=school.year_start())
        marks: dict[int, list[tuple[dt.date, str]]] = defaultdict(list)
        for student_id, day, mark in days.order_by("day").values_list("student_id", "day", "mark"):
            marks[student_id].append((day, mark))
        found |= {(pk, derived.pk): percent_so_far(marked) for pk, marked in marks.items()}
    incidents = next((one for one in measures if one.derived_from == Measure.DerivedFrom.INCIDENTS), None)
    if incidents:
        fridays = [friday_of(since) + dt.timedelta(weeks=n) for n in range(23)]
        counts: dict[int, dict[dt.date, float]] = {
            pk: dict.fromkeys((day for day in fridays if day <= friday_of(school.today())), 0.0) for pk in ids
        }
        for student_id, day in Incident.objects.filter(
            student__in=ids, day__gte=since, day__lte=school.today()
        ).values_list("student_id", "day"):
            counts[student_id][friday_of(day)] += 1
        found |= {(pk, incidents.pk): sorted(weeks.items()) for pk, weeks in counts.items()}
    return found
