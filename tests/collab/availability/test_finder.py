"""Find a time for the cast's people from their timetable, meetings and lost lessons."""

from __future__ import annotations

import datetime as dt

import pytest

from collab.availability.queries.finder import finder_of
from collab.availability.queries.frequency import frequency_of
from collab.meetings.models import Attendance, Guest, Meeting, Series
from teams.directory.models import Holiday, Period, School
from teams.lib import formats
from tests.conftest import make_team
from tests.factories.timetables import make_periods, teach

MONDAY = dt.date(2026, 11, 30)


@pytest.fixture
def week(cast):
    """Four periods a day from Monday to Friday, as cast.periods[day, number]."""
    cast.periods = make_periods(cast.school)
    return cast


def next_monday(cast):
    today = cast.school.today()
    return today + dt.timedelta(days=7 - today.weekday())


def find(cast, who=None, *, user=None, team="own", people=None, minutes=45, **wanted):
    people = [cast.staff.ana, cast.staff.tom] if people is None else people
    return finder_of(
        user or cast.ana,
        cast.school,
        team=cast.team if team == "own" else team,
        people=people,
        minutes=minutes,
        week=wanted.pop("week", None) or next_monday(cast),
        **wanted,
    )


def places(page):
    return [(row.choice.slot.day, row.starts.hour) for row in page.rows]


def test_common_free_periods_come_first_and_protected_ones_before_them(week):
    cast = week
    teach(cast, cast.staff.ana, free=[(0, 1), (1, 3), (2, 4)])
    teach(cast, cast.staff.tom, free=[(0, 1), (2, 4), (3, 1)])
    Period.objects.filter(pk=cast.periods[2, 4].pk).update(is_protected=True)
    page = find(cast)
    assert places(page)[:4] == [(2, 13), (0, 8), (1, 10), (3, 8)]
    assert [row.words for row in page.rows][:3] == [[], [], ["Tom B misses Reading 3", "1 period to cover"]]
    assert page.rows[2].day == "Tue"
    assert len(page.rest) == 8


def test_a_duty_and_a_lesson_are_listed_and_both_need_cover(week):
    cast = week
    teach(cast, cast.staff.ana, duty=[(0, 1)])
    teach(cast, cast.staff.tom)
    assert find(cast).rows[0].words == [
        "Ana R has a duty (Hall)",
        "Tom B misses Reading 1",
        "2 periods to cover",
    ]


def test_people_who_lost_a_lesson_recently_are_spared(week):
    cast = week
    teach(cast, cast.staff.ana, free=[(0, 1)])
    teach(cast, cast.staff.tom, free=[(0, 2)])
    assert places(find(cast))[:2] == [(0, 8), (0, 9)]  # Tom teaches at eight
    held(cast, hour=8)
    page = find(cast)
    assert places(page)[:2] == [(0, 9), (0, 8)]
    assert page.lost == [("Tom B", 1)]


def test_people_marked_absent_lost_no_lesson(week):
    cast = week
    teach(cast, cast.staff.ana, free=[(0, 1)])
    teach(cast, cast.staff.tom, free=[(0, 2)])
    meeting = held(cast, hour=8)
    Attendance.objects.create(meeting=meeting, staff=cast.staff.ana, mark="present")
    Attendance.objects.create(meeting=meeting, staff=cast.staff.tom, mark="absent")
    assert places(find(cast))[:2] == [(0, 8), (0, 9)]


def held(cast, *, hour):
    """A closed meeting of the team last Monday."""
    monday = next_monday(cast) - dt.timedelta(days=14)
    start = cast.school.at(monday, dt.time(hour))
    return Meeting.objects.create(
        team=cast.team,
        title="Held",
        starts_at=start,
        ends_at=start + dt.timedelta(minutes=45),
        state="closed",
    )


def test_a_clash_with_another_team_ranks_a_time_last_and_is_named(week):
    cast = week
    other = make_team(cast.school, "Data team", 5, [cast.staff.gil, cast.staff.tom])
    plan(cast, other, hour=8, weeks=2)
    page = find(cast, user=cast.tom)
    assert (0, 8) not in places(page)
    whole = find(cast, user=cast.tom, minutes=44)
    row = next(
        row for row in rows_of(cast, user=cast.tom) if row.choice.slot.day == 0 and row.starts.hour == 8
    )
    assert len(whole.rest) == 8
    monday = next_monday(cast)
    days = f"{formats.short_day(monday)}, {formats.short_day(monday + dt.timedelta(days=7))}"
    assert row.clash_words == [f"Tom B meets with Data team then ({days})"]
    # Ana may not see that team
    row = next(
        row for row in rows_of(cast, user=cast.ana) if row.choice.slot.day == 0 and row.starts.hour == 8
    )
    assert row.clash_words == [f"Tom B meets with others then ({days})"]


def test_a_guest_of_a_meeting_is_busy_too(week):
    cast = week
    other = make_team(cast.school, "Data team", 5, [cast.staff.gil])
    meeting = plan(cast, other, hour=8)[0]
    Guest.objects.create(meeting=meeting, staff=cast.staff.ana, invited_by=cast.gil)
    row = next(row for row in rows_of(cast) if row.choice.slot.day == 0 and row.starts.hour == 8)
    assert row.choice.clashes == (cast.staff.ana.pk,)


def test_the_teams_own_meetings_are_no_clash(week):
    cast = week
    plan(cast, cast.team, hour=8)
    row = find(cast).rows[0]
    assert (row.choice.slot.day, row.starts.hour, row.is_present, row.clash_words) == (0, 8, True, [])


def test_one_meeting_weeks_ahead_is_named_but_does_not_rule_out_the_time(week):
    cast = week
    other = make_team(cast.school, "Data team", 5, [cast.staff.gil, cast.staff.tom])
    plan(cast, other, hour=8, first=next_monday(cast) + dt.timedelta(days=21))
    row = find(cast).rows[0]
    assert (row.choice.slot.day, row.starts.hour, len(row.clash_words)) == (0, 8, 1)


def plan(cast, team, *, hour, weeks=1, first=None):
    made = []
    for n in range(weeks):
        start = cast.school.at((first or next_monday(cast)) + dt.timedelta(weeks=n), dt.time(hour))
        made.append(
            Meeting.objects.create(
                team=team, title="Secret", starts_at=start, ends_at=start + dt.timedelta(minutes=45)
            )
        )
    return made


def rows_of(cast, **wanted):
    """All rows, with one day's periods only."""
    Period.objects.filter(school=cast.school, cycle_day__gt=0).delete()
    return find(cast, **wanted).rows


def test_a_longer_meeting_spans_periods(week):
    page = find(week, minutes=100)
    assert {row.periods for row in page.rows} == {"Period 1 + 2", "Period 2 + 3"}


def test_a_holiday_postpones_the_next_date(week):
    cast = week
    monday = next_monday(cast)
    Holiday.objects.create(school=cast.school, name="Snow", starts_on=monday, ends_on=monday)
    assert find(cast).rows[0].next_on == monday + dt.timedelta(days=7)


def test_a_turning_cycle_links_by_day_of_the_cycle(week):
    cast = week
    page = find(cast)
    assert "weekday=0&" in page.rows[0].series_url
    cast.school.cycle, cast.school.cycle_days = "turning", 6
    cast.school.save()
    page = find(cast)
    assert page.days == ["A", "B", "C", "D", "E", "F"]
    assert "cycle_day=0&time=08%3A00&minutes=45" in page.rows[0].series_url


def test_members_who_may_not_plan_can_only_create_a_poll(week):
    cast = week
    page = find(cast, user=cast.tom)
    assert {(row.series_url, row.meeting_url) for row in page.rows} == {("", "")}
    assert page.poll_url.count("at=") == 5
    assert find(cast, user=cast.pia).poll_url == ""


def test_people_without_a_timetable_count_as_free_and_are_named(week):
    cast = week
    teach(cast, cast.staff.ana)
    assert find(cast).unknown == [cast.staff.tom]


def test_the_grid_shows_a_day(week):
    cast = week
    teach(cast, cast.staff.ana, free=[(1, 2)], duty=[(1, 3)])
    page = find(cast, day=1)
    assert [(line.cells[0].kind, line.cells[1].kind, line.free) for line in page.lines] == [
        ("teaching", "", 0),
        ("free", "", 1),
        ("duty", "", 0),
        ("teaching", "", 0),
    ]


def test_query_count_does_not_grow_with_people(week, django_assert_max_num_queries):
    cast = week
    for staff in (cast.staff.ana, cast.staff.tom, cast.staff.gil, cast.staff.sol):
        teach(cast, staff)
    Series.objects.all().delete()
    make_team(cast.school, "Data team", 5, [cast.staff.gil, cast.staff.sol])
    find(cast, user=cast.cora)  # her roles are loaded once per request
    with django_assert_max_num_queries(60) as few:
        find(cast, user=cast.cora, people=[cast.staff.ana])
    with django_assert_max_num_queries(60) as many:
        find(cast, user=cast.cora, people=[cast.staff.ana, cast.staff.tom, cast.staff.gil, cast.staff.sol])
    assert len(few) == len(many)


def test_ab_days_are_combined_for_a_weekly_meeting(week):
    School.objects.filter(pk=week.school.pk).update(cycle="turning", cycle_days=2)
    week.school.refresh_from_db()
    teach(week, week.staff.ana, free=[(0, 1), (1, 1), (0, 2)])
    page = find(week, people=[week.staff.ana], every="week")
    first = page.rows[0]
    assert (first.day, first.starts, first.words) == ("Mon", dt.time(8), [])
    assert first.next_on.weekday() == 0
    assert "weekday=0" in first.series_url
    nine = next(row for row in page.rows if row.starts == dt.time(9))
    assert nine.words == ["Ana R misses Reading 2 (B)", "1 period to cover"]
    assert page.days == ["A", "B"]  # the grid shows the cycle's days
    cycle = find(week, people=[week.staff.ana], every="cycle")
    assert [(row.day, row.starts.hour) for row in cycle.rows[:3]] == [("A", 8), ("A", 9), ("B", 8)]
    assert "cycle_day=0" in cycle.rows[0].series_url


@pytest.mark.parametrize(
    ("cycle", "days", "usual"),
    [("week", 5, "cycle"), ("week", 10, "week"), ("turning", 2, "week"), ("turning", 6, "cycle")],
)
def test_the_default_frequency_follows_the_cycle(week, cycle, days, usual):
    School.objects.filter(pk=week.school.pk).update(cycle=cycle, cycle_days=days)
    week.school.refresh_from_db()
    assert frequency_of(week.school, "nonsense").key == usual
