"""What is on record about one student, each read once per request for all parts of a page; and whether anything is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import F

from datareview.records.models import AttendanceDay, Incident, Stay, Student
from teams.access.prepared import prepared_rows
from teams.directory.models import Holiday, SchoolYear, User
from teams.lib.request_cache import read_once

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from django.db.models import QuerySet


@read_once(AttendanceDay, Holiday, SchoolYear, Stay, Student)
def attendance_of(student: Student) -> list[tuple[dt.date, str]]:
    """(day, mark) of the days of this school year that count, in order."""
    return prepared_rows(_days, student.pk, student.school.year_start())


def _days(student_id: int, since: dt.date) -> QuerySet[AttendanceDay, Any]:
    days = AttendanceDay.objects.that_count().filter(student=student_id, day__gte=since).order_by("day")
    return days.values_list("day", "mark")


@read_once(Incident, SchoolYear, Student, User)
def incidents_of(student: Student) -> list[Incident]:
    """Incidents of this school year with who recorded them, newest first."""
    return prepared_rows(_incidents, student.pk, student.school.year_start())


def _incidents(student_id: int, since: dt.date) -> QuerySet[Incident]:
    rows = Incident.objects.filter(student=student_id, day__gte=since)
    newest_first = rows.order_by("-day", F("time").desc(nulls_last=True), "-pk")
    return newest_first.select_related("recorded_by")


def records_incidents(school_ids: Collection[int]) -> bool:
    """Whether any of the schools has ever recorded an incident. Without one, "no incidents" would be a guess."""
    return Incident.objects.filter(student__school__in=school_ids).exists()
