"""What is on record about one student, each read once per request for all parts of a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F

from datareview.records.models import AttendanceDay, Incident, Stay, Student
from teams.directory.models import Holiday, SchoolYear, User
from teams.lib.request_cache import read_once

if TYPE_CHECKING:
    import datetime as dt


@read_once(AttendanceDay, Holiday, SchoolYear, Stay, Student)
def attendance_of(student: Student) -> list[tuple[dt.date, str]]:
    """(day, mark) of the days of this school year that count, in order."""
    since = student.school.year_start()
    days = AttendanceDay.objects.that_count().filter(student=student, day__gte=since).order_by("day")
    return list(days.values_list("day", "mark"))


@read_once(Incident, SchoolYear, Student, User)
def incidents_of(student: Student) -> list[Incident]:
    """Incidents of this school year with who recorded them, newest first."""
    rows = Incident.objects.filter(student=student, day__gte=student.school.year_start())
    newest_first = rows.order_by("-day", F("time").desc(nulls_last=True), "-pk")
    return list(newest_first.select_related("recorded_by"))
