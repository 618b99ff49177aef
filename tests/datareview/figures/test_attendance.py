"""Attendance of a group by week, and how many have missed one day in ten: exact, and only with enough days."""

from __future__ import annotations

import datetime as dt

import pytest

from datareview.figures.queries.attendance import incidents_by_kind, weeks_chart
from datareview.records.models import AttendanceDay, Incident, Student
from teams.directory.models import SchoolYear

MONDAY = dt.date(2025, 1, 6)
TODAY = dt.date(2025, 5, 28)  # a Wednesday


@pytest.fixture
def school(cast, monkeypatch):
    """The school year 2024/25 on a Wednesday of May."""
    SchoolYear.objects.filter(school=cast.school).update(
        starts_on=dt.date(2024, 8, 26), ends_on=dt.date(2025, 6, 20)
    )
    Student.objects.update(entered_on=None)  # was here then
    monkeypatch.setattr(type(cast.school), "today", lambda self: TODAY)
    return cast.school


def marked(student, absent, of, *, begin=MONDAY, mark="unexcused"):
    """Attendance marks on weekdays from ``begin``, the first ``absent`` of them absences."""
    days = [begin + dt.timedelta(days=7 * (n // 5) + n % 5) for n in range(of)]
    AttendanceDay.objects.bulk_create(
        AttendanceDay(student=student, day=day, mark=mark if n < absent else "present")
        for n, day in enumerate(days)
    )


@pytest.mark.parametrize(
    ("absent", "of", "mark", "title"),
    [
        (1, 19, "unexcused", "Attendance: too early to judge chronic absence"),
        (2, 20, "unexcused", "1 of 1 have missed one day in ten or more"),
        (2, 20, "excused", "1 of 1 have missed one day in ten or more"),
        (1, 20, "unexcused", "0 of 1 have missed one day in ten or more"),
        (2, 21, "unexcused", "0 of 1 have missed one day in ten or more"),  # 9.52%
        (9, 91, "unexcused", "0 of 1 have missed one day in ten or more"),  # 9.89%
        (9, 90, "unexcused", "1 of 1 have missed one day in ten or more"),
        (3, 20, "partial", "0 of 1 have missed one day in ten or more"),  # three half days: 7.5%
        (4, 20, "partial", "1 of 1 have missed one day in ten or more"),
        (9, 20, "tardy", "0 of 1 have missed one day in ten or more"),
    ],
)
def test_chronic_absence_is_a_tenth_of_twenty_days_or_more(cast, school, absent, of, mark, title):
    marked(cast.maya, absent, of, mark=mark)
    assert weeks_chart([cast.maya.pk], school).title == title


def test_a_group_by_week_with_its_sources(cast, school):
    """Two students: 2 of 10 days absent in the first week, none in the other three."""
    marked(cast.maya, 2, 20)
    marked(cast.jonas, 0, 20)
    marked(cast.leak, 20, 20)
    chart = weeks_chart([cast.maya.pk, cast.jonas.pk, cast.ines.pk], school)
    fridays = [MONDAY + dt.timedelta(days=4 + 7 * week) for week in range(4)]
    assert (list(chart.series[0].x), list(chart.series[0].y)) == (fridays, [80.0, 100.0, 100.0, 100.0])
    assert chart.sentence == "100% of days were attended in the week to Jan 31, 2025."
    assert chart.source == "2 of 3 students with 20 days or more. 40 marks, data to Jan 31, 2025."
    assert chart.title == "1 of 2 have missed one day in ten or more"
    assert [row[2] for row in chart.table.rows] == ["10", "10", "10", "10"]


def test_the_title_and_its_source_count_the_unfinished_week_too(cast, school):
    marked(
        cast.maya, 2, 23, begin=TODAY - dt.timedelta(days=30)
    )  # four weeks, and three days to this Wednesday
    chart = weeks_chart([cast.maya.pk], school)
    assert chart.title == "0 of 1 have missed one day in ten or more"  # 8.7%; without this week it is 10%
    assert chart.source == "1 of 1 students with 20 days or more. 23 marks, data to May 28, 2025."
    assert chart.sentence == "100% of days were attended in the week to May 23, 2025."


def test_an_unfinished_week_and_last_year_are_left_out(cast, school):
    marked(cast.maya, 3, 3, begin=TODAY - dt.timedelta(days=2))
    marked(cast.maya, 5, 5, begin=dt.date(2024, 6, 3))
    assert weeks_chart([cast.maya.pk], school).title == "Attendance: no days marked yet"


def test_on_its_friday_a_week_is_over(cast, school, monkeypatch):
    monkeypatch.setattr(type(cast.school), "today", lambda self: MONDAY + dt.timedelta(days=4))
    marked(cast.maya, 1, 5)
    assert list(weeks_chart([cast.maya.pk], school).series[0].y) == [80.0]


def test_incidents_by_kind_the_most_frequent_first_of_this_year(cast, school):
    for kind, many, day in (("Fight", 2, TODAY), ("Noise", 3, TODAY), ("Old", 9, dt.date(2024, 8, 25))):
        for _n in range(many):
            Incident.objects.create(student=cast.maya, day=day, kind=kind)
    Incident.objects.create(student=cast.leak, day=TODAY, kind="Theirs")
    assert incidents_by_kind([cast.maya.pk], school) == [("Noise", 3), ("Fight", 2)]


def test_six_kinds_of_incidents_are_enough(cast, school):
    for kind in "abcdefgh":
        Incident.objects.create(student=cast.maya, day=TODAY, kind=kind)
    assert incidents_by_kind([cast.maya.pk], school) == [(kind, 1) for kind in "abcdef"]
