"""To when a school has data, when they were loaded, and what counts as stale: its school days, not the weekends."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from datareview.freshness.queries import (
    age_of,
    forget_freshness,
    freshness_of,
    limits_of,
    limits_version,
    staleness_of,
)
from datareview.freshness.services import set_freshness_limits
from datareview.records.models import AttendanceDay, CourseGrade, Enrollment, Score
from teams.lib.errors import DomainError, StaleEdit
from tests.factories.imports import load

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def nothing_kept(cast):
    forget_freshness(cast.school)
    yield
    forget_freshness(cast.school)


def school_days_ago(cast, many):
    """The day since which there have been ``many`` school days."""
    day = cast.school.today()
    while age_of("attendance", day, cast.school) < many:
        day -= DAY
    return day


def line(cast, source):
    forget_freshness(cast.school)
    return next((one for one in freshness_of(cast.school) if one.source == source), None)


def test_attendance_is_stale_after_two_school_days_and_a_weekend_is_none(cast):
    AttendanceDay.objects.all().delete()
    assert line(cast, "attendance") is None
    AttendanceDay.objects.create(student=cast.maya, day=school_days_ago(cast, 2), mark="present")
    found = line(cast, "attendance")
    assert (found.age, found.is_stale, found.stale_words) == (2, False, "")
    AttendanceDay.objects.update(day=school_days_ago(cast, 3))
    assert line(cast, "attendance").stale_words == "stale: 3 school days old"


def test_a_holiday_makes_nothing_older(cast):
    day = school_days_ago(cast, 3)
    AttendanceDay.objects.all().delete()
    AttendanceDay.objects.create(student=cast.maya, day=day, mark="present")
    cast.school.holidays.create(name="Snow", starts_on=day + DAY, ends_on=cast.school.today())
    found = line(cast, "attendance")
    assert (found.age, found.is_stale) == (0, False)


def test_grades_and_probes_have_their_own_limits_in_days(cast):
    today = cast.school.today()
    seat = Enrollment.objects.get(student=cast.maya)
    CourseGrade.objects.create(enrollment=seat, as_of=today - 8 * DAY, percent=80)
    Score.objects.filter(measure__kind="probe").delete()
    Score.objects.create(student=cast.maya, measure=cast.fluency, taken_on=today - 14 * DAY, value=60)
    assert line(cast, "grades").stale_words == "stale: 8 days old"
    assert (line(cast, "probes").age, line(cast, "probes").is_stale) == (14, False)


def test_it_says_when_a_file_was_loaded_and_another_school_counts_not(cast):
    day = cast.school.today()
    row = load(cast, f"student_id,date,status\n1001,{day},present\n1002,{day},present\n")
    assert (line(cast, "attendance").upto, line(cast, "attendance").loaded) == (day, row.applied_at)
    forget_freshness(cast.other_school)
    assert [one.loaded for one in freshness_of(cast.other_school)] in ([], [None])


def test_a_school_sets_its_limits_and_two_people_see_each_other(cast):
    seen = limits_version(limits_of(cast.school))
    days = {"attendance": 5, "grades": 7, "probes": 14}
    assert set_freshness_limits(cast.school, actor=cast.ada, seen=seen, **days)
    forget_freshness(cast.school)
    day = school_days_ago(cast, 5)
    assert staleness_of(cast.school, "attendance", day) == ""
    assert staleness_of(cast.school, "attendance", school_days_ago(cast, 6)) == "stale: 6 school days old"
    with pytest.raises(StaleEdit, match="Someone changed this"):
        set_freshness_limits(cast.school, actor=cast.ada, seen=seen, **days | {"grades": 9})
    with pytest.raises(DomainError, match="1 to 90"):
        set_freshness_limits(cast.school, actor=cast.ada, seen=seen, **days | {"grades": 91})


def test_the_student_page_says_stale_in_a_word_and_not_for_who_left(cast, as_user):
    AttendanceDay.objects.all().delete()
    AttendanceDay.objects.create(student=cast.maya, day=school_days_ago(cast, 4), mark="present")
    page = as_user(cast.ana).get(cast.maya.get_absolute_url()).content.decode()
    assert "stale: 4 school days old" in page
    type(cast.maya).objects.filter(pk=cast.maya.pk).update(status="left", left_on=cast.school.today())
    page = as_user(cast.cora).get(cast.maya.get_absolute_url()).content.decode()
    assert "school days old" not in page


def test_a_second_page_within_a_minute_asks_nothing(cast, django_assert_num_queries):
    first = freshness_of(cast.school)
    with django_assert_num_queries(0):
        assert freshness_of(cast.school) == first


def test_imports_lead_to_the_limits(cast, as_user):
    page = as_user(cast.ada).get(reverse("datareview:import-list")).content.decode()
    assert reverse("datareview:freshness-edit") in page


def test_the_summer_makes_nothing_older(cast):
    day = school_days_ago(cast, 1)
    cast.school.years.update(ends_on=day)
    assert [age_of(source, day, cast.school) for source in ("attendance", "grades")] == [0, 0]
