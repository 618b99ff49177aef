"""Values a plan is judged by: scores in order, and derived measures by whole weeks."""

from __future__ import annotations

import datetime as dt

import pytest

from datareview.plans.queries.points import points_of_plans, recent_points
from datareview.records.models import AttendanceDay, Domain, Incident, Measure, Score, Student
from tests.conftest import make_plan

MONDAY = dt.date(2025, 3, 3)
FRIDAY = MONDAY + dt.timedelta(days=4)
WEEK = dt.timedelta(weeks=1)


@pytest.fixture
def derived(cast):
    """A derived measure of the school: ``derived("attendance")``."""

    def make(source):
        return Measure.objects.create(
            school=cast.school, key=source, name=source, domain=Domain.ATTENDANCE, derived_from=source
        )

    return make


def planned(cast, measure, *, starts_on=MONDAY, **fields):
    plan = make_plan(cast.maya, measure, cast.strategy, cast.staff.sol, cast.team)
    plan.starts_on = plan.baseline_on = starts_on
    for name, value in fields.items():
        setattr(plan, name, value)
    return plan


def marked(student, weeks, *, absent=1, begin=MONDAY):
    """Whole weeks of attendance marks from ``begin``; the first ``absent`` days of each are absences."""
    Student.objects.filter(pk=student.pk).update(entered_on=None)  # was here all the time
    AttendanceDay.objects.bulk_create(
        AttendanceDay(
            student=student,
            day=begin + WEEK * week + dt.timedelta(days=day),
            mark="unexcused" if day < absent else "present",
        )
        for week in range(weeks)
        for day in range(5)
    )


def test_no_plan_has_no_points():
    assert points_of_plans([], MONDAY) == {}


def test_scores_of_a_plan_reach_from_three_weeks_before_it_to_its_end(cast):
    Score.objects.all().delete()
    cast.plan.starts_on = cast.plan.baseline_on = MONDAY
    first = MONDAY - 3 * WEEK
    for offset in (-1, 0, 40, 41):
        Score.objects.create(
            student=cast.maya,
            measure=cast.fluency,
            taken_on=first + dt.timedelta(days=offset),
            value=60 + offset,
        )
    Score.objects.create(student=cast.jonas, measure=cast.fluency, taken_on=MONDAY, value=1)
    until = first + dt.timedelta(days=41)
    whole = points_of_plans([cast.plan], until)[cast.plan.pk]
    assert [value for _day, value in whole] == [60, 100, 101]
    assert [
        value for _day, value in points_of_plans([cast.plan], until - dt.timedelta(days=1))[cast.plan.pk]
    ] == [
        60,
        100,
    ]
    cast.plan.ended_on = first
    assert points_of_plans([cast.plan], until)[cast.plan.pk] == [(first, 60)]


def test_a_plan_without_scores_has_no_points(cast):
    Score.objects.all().delete()
    assert points_of_plans([cast.plan], MONDAY)[cast.plan.pk] == []


def test_attendance_is_counted_by_whole_weeks(cast, derived):
    """Four days of five are 80%; a week that is not over by Thursday says nothing yet."""
    marked(cast.maya, 3)
    marked(cast.jonas, 3, absent=5)
    plan = planned(cast, derived("attendance"))
    found = points_of_plans([plan], FRIDAY + 2 * WEEK - dt.timedelta(days=1))[plan.pk]
    assert found == [(FRIDAY, 80.0), (FRIDAY + WEEK, 80.0)]
    assert len(points_of_plans([plan], FRIDAY + 2 * WEEK)[plan.pk]) == 3


def test_a_week_says_the_same_however_the_list_of_plans_begins(cast, derived):
    """Alone, this plan's points begin on a Thursday; beside an earlier one, weeks before."""
    marked(cast.maya, 8, absent=2, begin=MONDAY - 5 * WEEK)
    measure = derived("attendance")
    plan = planned(cast, measure, starts_on=MONDAY + dt.timedelta(days=3))
    earlier = planned(cast, derived("incidents"), starts_on=MONDAY - 2 * WEEK)
    alone = points_of_plans([plan], FRIDAY + WEEK)[plan.pk]
    assert alone == [(FRIDAY + WEEK * week, 60.0) for week in range(-3, 2)]
    assert points_of_plans([earlier, plan], FRIDAY + WEEK)[plan.pk] == alone


def test_incidents_are_counted_over_the_weeks_with_marks(cast, derived):
    """A week with marks and no incident is 0; one without marks is unknown."""
    marked(cast.maya, 2)
    for day in (MONDAY, FRIDAY, MONDAY + 5 * WEEK):
        Incident.objects.create(student=cast.maya, day=day, kind="Fight")
    Incident.objects.create(student=cast.jonas, day=MONDAY, kind="Fight")
    plan = planned(cast, derived("incidents"))
    assert points_of_plans([plan], MONDAY + 9 * WEEK)[plan.pk] == [(FRIDAY, 2.0), (FRIDAY + WEEK, 0.0)]


def test_recent_points_are_those_of_one_student_in_order(cast, derived):
    marked(cast.maya, 2)
    Incident.objects.create(student=cast.maya, day=FRIDAY, kind="Fight")
    until = FRIDAY + WEEK
    assert recent_points(cast.maya.pk, derived("attendance"), MONDAY, until) == [
        (FRIDAY, 80.0),
        (until, 80.0),
    ]
    assert recent_points(cast.maya.pk, derived("incidents"), MONDAY, until) == [(FRIDAY, 1.0), (until, 0.0)]
    assert recent_points(cast.ines.pk, Measure.objects.get(key="attendance"), MONDAY, until) == []
    assert recent_points(cast.ines.pk, Measure.objects.get(key="incidents"), MONDAY, until) == []
    days = [cast.school.today() - dt.timedelta(days=2, weeks=back) for back in (1, 0)]
    assert recent_points(cast.maya.pk, cast.fluency, *days) == [(days[0], 67.0), (days[1], 68.0)]


def test_a_baseline_by_week_does_not_begin_in_the_middle_of_one(cast, derived):
    """Absent on Monday: from the Tuesday on the week would look like 100%."""
    marked(cast.maya, 1)
    assert recent_points(cast.maya.pk, derived("attendance"), MONDAY + dt.timedelta(days=1), FRIDAY) == [
        (FRIDAY, 80.0)
    ]
