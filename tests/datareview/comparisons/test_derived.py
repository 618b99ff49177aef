"""Attendance and incidents as measures of Explore: values, levels and the students behind them."""

import datetime as dt

import pytest

from datareview.comparisons.choices import Question
from datareview.comparisons.queries.derived import LEAST_DAYS
from datareview.explore.queries.page import explore_page
from datareview.records.models import AttendanceDay, Incident, Measure, Student
from tests.conftest import TODAY

pytestmark = pytest.mark.django_db
DOMAINS = {"attendance": "attendance", "incidents": "behavior"}


@pytest.fixture
def year(cast):
    """The school year, which begins 100 days ago, and the one before it; the students were always here."""
    Student.objects.update(entered_on=None)
    first = TODAY - dt.timedelta(days=100)
    now = cast.school.years.get()
    now.starts_on = first
    now.save()
    before = {"starts_on": first - dt.timedelta(days=365), "ends_on": first - dt.timedelta(days=60)}
    cast.school.years.create(name="Last year", **before)
    return now


def derived(cast, kind, **more):
    return Measure.objects.create(
        school=cast.school, key=kind, name=kind, domain=DOMAINS[kind], derived_from=kind, **more
    )


def mark(student, first, marks):
    AttendanceDay.objects.filter(student=student).delete()
    add(student, first, marks)


def add(student, first, marks):
    rows = [
        AttendanceDay(student=student, day=first + dt.timedelta(days=n), mark=one)
        for n, one in enumerate(marks)
    ]
    AttendanceDay.objects.bulk_create(rows)


def asked(cast, measure, **more):
    return explore_page(cast.cora, cast.school, Question(of="school", measure=str(measure.uuid), **more))


def table(page):
    return {
        line.student.first_name: (line.before, line.after, line.before_level, line.after_level)
        for line in page.table.page
    }


def test_attendance_is_the_share_of_marked_days_with_the_level_of_absence(cast, year):
    attendance = derived(cast, "attendance")
    present, absent = ["present"], ["unexcused"]
    mark(cast.maya, year.starts_on, absent * 4 + present * 16)
    mark(cast.jonas, year.starts_on, ["partial"] * 2 + present * 9 + ["tardy"] * 9)
    mark(cast.ines, year.starts_on, present * (LEAST_DAYS - 1))
    page = asked(cast, attendance)
    assert table(page) == {
        "Maya": (None, 80.0, None, 1),
        "Jonas": (None, 95.0, None, 3),
        "Ines": (None, None, None, None),
    }
    assert page.chart.title == "1 of 2 have missed one day in ten or more: this year so far"
    only = asked(cast, attendance, show="now-1")
    assert (list(table(only)), only.table.shown) == (["Maya"], "missed 20% or more in this year so far")
    assert Measure.objects.get(pk=attendance.pk).level_names == []


def test_one_day_in_ten_is_chronic_absence_as_flags_have_it(cast, year):
    attendance = derived(cast, "attendance")
    for student, absent in ((cast.maya, 3), (cast.jonas, 2)):
        mark(student, year.starts_on, ["unexcused"] * absent + ["present"] * (30 - absent))
    page = asked(cast, attendance)
    assert table(page)["Maya"] == (None, 90.0, None, 2)
    assert page.chart.title == "1 of 2 have missed one day in ten or more: this year so far"


def test_this_year_is_compared_with_the_last_one_to_the_same_day(cast, year):
    attendance = derived(cast, "attendance")
    last = year.starts_on - dt.timedelta(days=365)
    for student in (cast.maya, cast.jonas, cast.ines):
        mark(student, year.starts_on, ["present"] * 10)
    add(cast.maya, last, ["excused"] * 5 + ["present"] * 5)
    add(cast.maya, last + dt.timedelta(days=101), ["excused"] * 50)  # later than today was a year ago
    page = asked(cast, attendance)
    assert table(page)["Maya"] == (50.0, 100.0, 1, 4)
    assert page.drawing.facts.before.name == "Last year to the same day"
    assert asked(cast, attendance, kind="movement").chart.title == (
        "From last year to the same day to this year so far, 1 moved up a level and 0 down, of 1"
    )


def test_incidents_are_a_number_and_none_is_the_best_level(cast, year):
    incidents = derived(cast, "incidents", higher_is_better=False)
    Incident.objects.all().delete()
    assert asked(cast, incidents).table is None
    for student, many in ((cast.maya, 6), (cast.jonas, 2), (cast.leak, 3)):
        for n in range(many):
            Incident.objects.create(student=student, day=TODAY - dt.timedelta(days=n), kind="Disruption")
    page = asked(cast, incidents)
    assert table(page) == {
        "Maya": (None, 6.0, None, 1),
        "Jonas": (None, 2.0, None, 2),
        "Ines": (None, 0.0, None, 4),
    }
    assert page.chart.title == "2 of 3 have had two incidents or more: this year so far"
    assert asked(cast, incidents, kind="years").chart.title.endswith("Too few students have a level")


def test_periods_of_unequal_length_are_only_offered_for_shares(cast, year):
    mark(cast.maya, year.starts_on, ["present"] * 20)
    names = {one.key for one in asked(cast, derived(cast, "attendance")).drawing.windows}
    assert "year" in names
    assert len(names) > 1
    Incident.objects.create(student=cast.maya, day=TODAY, kind="Disruption")
    assert {one.key for one in asked(cast, derived(cast, "incidents")).drawing.windows} == {"year"}


@pytest.mark.parametrize("kind", ["levels", "movement", "growth", "spread", "years", "peers"])
def test_every_kind_draws_attendance(cast, year, as_user, kind):
    attendance = derived(cast, "attendance")
    mark(cast.maya, year.starts_on, ["present"] * 20)
    page = asked(cast, attendance, kind=kind)
    assert page.drawing.kind == kind
    assert "benchmark" not in page.chart.title + page.chart.sentence
