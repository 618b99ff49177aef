"""Attendance, incidents and course grades of a group of students over a period, one number a student."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.db.models import Case, Count, FloatField, Q, Sum, Value, When

from datareview.records.absence import DAYS_ABSENT
from datareview.records.models import AttendanceDay, CourseGrade, Incident, Student
from datareview.records.queries.of_student import records_incidents

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

FEWEST_DAYS = 5  # days with a mark, for a share of days
FOUR_WEEKS = 28


def attendance_shares(students: Collection[int], first: dt.date, last: dt.date) -> dict[int, float]:
    """Map student ids to the percentage of days present, 0 to 100, of those with at least five marked days."""
    marks = [When(mark=mark, then=Value(absent)) for mark, absent in DAYS_ABSENT.items()]
    rows = AttendanceDay.objects.that_count().filter(student__in=students, day__range=(first, last))
    absent = Sum(Case(*marks, default=Value(0.0), output_field=FloatField()))
    found = rows.order_by().values("student_id").annotate(days=Count("pk"), absent=absent)
    return {
        row["student_id"]: 100 * (1 - row["absent"] / row["days"])
        for row in found
        if row["days"] >= FEWEST_DAYS
    }


def incident_rates(students: Collection[int], first: dt.date, last: dt.date) -> dict[int, float]:
    """Map student ids to incidents in four weeks. Students who left are missing, all if the school records none."""
    rows = Student.objects.filter(Q(left_on=None) | Q(left_on__gte=last), pk__in=students)
    here = dict(rows.values_list("pk", "school_id"))
    if not here or not records_incidents(set(here.values())):
        return {}
    incidents = Incident.objects.filter(student__in=here, day__range=(first, last)).order_by()
    counts = dict(incidents.values_list("student_id").annotate(Count("pk")))
    weeks = ((last - first).days + 1) / FOUR_WEEKS
    return {student: counts.get(student, 0) / weeks for student in here}


def grade_averages(students: Collection[int], first: dt.date, last: dt.date) -> dict[int, float]:
    """Map student ids to the average of the last course grade of each class, in percent."""
    rows = CourseGrade.objects.filter(enrollment__student__in=students, as_of__range=(first, last))
    latest = {
        enrollment: (student, float(percent))
        for enrollment, student, percent in rows.order_by("as_of", "pk").values_list(
            "enrollment_id", "enrollment__student_id", "percent"
        )
    }
    by_student: dict[int, list[float]] = defaultdict(list)
    for student, percent in latest.values():
        by_student[student].append(percent)
    return {student: sum(grades) / len(grades) for student, grades in by_student.items()}
