"""Attendance of many students by week."""

import datetime as dt

import pytest

from datareview.records.absence import group_by_week, percent_present
from datareview.records.models import AttendanceDay
from datareview.trends.queries.weeks import percent_by_week
from tests.conftest import make_student

pytestmark = pytest.mark.django_db
MONDAY = dt.date(2025, 9, 1)
MARKS = [str(mark) for mark in AttendanceDay.Mark]


def test_weeks_of_many_students_are_those_of_each(cast):
    others = [make_student(cast.school, f"77{n}", f"Nia{n}", "New", 4) for n in range(3)]
    marks = [
        AttendanceDay(student=student, day=MONDAY + dt.timedelta(days=day), mark=MARKS[(day * day + n) % 5])
        for n, student in enumerate([cast.maya, *others[:2]])
        for day in range(24)
        if day % 7 < 5 and (day + n) % 6
    ]
    AttendanceDay.objects.bulk_create(marks)
    rows = AttendanceDay.objects.filter(day__range=(MONDAY, MONDAY + dt.timedelta(days=40)))
    for until in (MONDAY, MONDAY + dt.timedelta(days=4), MONDAY + dt.timedelta(days=22)):
        of_each = group_by_week(rows.values_list("student_id", "day", "mark"), until)
        assert percent_by_week(rows, until) == {pk: percent_present(weeks) for pk, weeks in of_each.items()}
    assert len(percent_by_week(rows, MONDAY + dt.timedelta(days=22))) == 3


def test_without_marks_there_are_no_weeks(cast):
    assert percent_by_week(AttendanceDay.objects.none(), MONDAY) == {}
