"""Series: the right dates, school time, no holidays; moved and cancelled singly or with all that follow."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from collab.meetings.models import Meeting, Series
from collab.planning.queries.series import days_of, usual_for, words_of
from collab.planning.services import meetings, series
from collab.protocols.models import Protocol
from teams.directory.models import Holiday, SchoolYear
from teams.lib.errors import DomainError

MONDAY = dt.date(2027, 3, 1)  # daylight saving begins in Chicago on 14 March 2027


@pytest.fixture
def spring(cast):
    """A school year with a holiday from 22 to 26 March, without the cast's own meeting."""
    Meeting.objects.all().delete()
    SchoolYear.objects.all().delete()
    SchoolYear.objects.create(
        school=cast.school, name="26", starts_on=dt.date(2026, 8, 31), ends_on=dt.date(2027, 6, 11)
    )
    Holiday.objects.create(
        school=cast.school, name="Spring", starts_on=dt.date(2027, 3, 22), ends_on=dt.date(2027, 3, 26)
    )
    return cast


def make(cast, **fields):
    values = {
        "team": cast.team,
        "title": "Team meeting",
        "pattern": "weeks",
        "weekday": 1,
        "starts_at": dt.time(10, 10),
        "minutes": 45,
        "starts_on": MONDAY,
        "ends_on": dt.date(2027, 4, 30),
    }
    return series.plan_series(Series(**{**values, **fields}), actor=cast.ana)


def days(planned):
    zone = planned.series.team.school.tz
    rows = planned.series.meetings.order_by("starts_at").values_list("starts_at", flat=True)
    return [(at.astimezone(zone).date().isoformat(), f"{at.astimezone(zone):%H:%M}") for at in rows]


def test_every_week_skips_the_holiday_and_stays_at_school_time(spring):
    found = days(make(spring))
    assert [day for day, _time in found] == [
        "2027-03-02", "2027-03-09", "2027-03-16", "2027-03-30", "2027-04-06", "2027-04-13", "2027-04-20", "2027-04-27",
    ]  # fmt: skip
    assert {time for _day, time in found} == {"10:10"}
    starts = Meeting.objects.order_by("starts_at").values_list("starts_at", flat=True)
    assert {at.astimezone(dt.UTC).hour for at in starts} == {16, 15}


def test_alternate_weeks_count_from_the_first_week(spring):
    found = [day for day, _time in days(make(spring, every=2))]
    assert found == ["2027-03-02", "2027-03-16", "2027-03-30", "2027-04-13", "2027-04-27"]


@pytest.mark.parametrize(
    ("nth", "expected"),
    [(1, ["2027-03-02", "2027-04-06"]), (4, ["2027-04-27"]), (5, ["2027-03-30", "2027-04-27"])],
)
def test_a_weekday_of_the_month_and_the_last_one(spring, nth, expected):
    assert [day for day, _time in days(make(spring, pattern="month", nth=nth))] == expected


def test_a_day_of_a_turning_cycle_shifts_with_holidays(spring):
    spring.school.cycle, spring.school.cycle_days, spring.school.cycle_from = "turning", 6, MONDAY
    spring.school.save()
    made = make(spring, pattern="cycle", cycle_day=0, weekday=None, ends_on=dt.date(2027, 4, 2))
    assert [day for day, _time in days(made)] == ["2027-03-01", "2027-03-09", "2027-03-17", "2027-04-01"]
    assert words_of(made.series) == "On day A of each cycle at 10:10\xa0AM"


def test_past_and_taken_dates_are_left_out_and_reported(spring):
    make(spring, ends_on=dt.date(2027, 3, 9))
    again = make(spring, starts_at=dt.time(10, 30), ends_on=dt.date(2027, 3, 16))
    assert again.made == 1
    assert again.taken == [dt.date(2027, 3, 2), dt.date(2027, 3, 9)]
    with pytest.raises(DomainError, match="all of these times"):
        make(spring, starts_at=dt.time(10, 30), ends_on=dt.date(2027, 3, 16))
    assert Series.objects.count() == 2


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"ends_on": dt.date(2027, 2, 1)}, "before the first"),
        ({"ends_on": dt.date(2029, 2, 1)}, "up to a school year"),
        (
            {"starts_on": dt.date(2027, 3, 22), "ends_on": dt.date(2027, 3, 26)},
            "No meeting day falls between",
        ),
    ],
)
def test_an_impossible_series_is_refused_with_a_sentence_and_nothing_is_saved(spring, fields, sentence):
    with pytest.raises(DomainError, match=sentence):
        make(spring, **fields)
    assert (Series.objects.count(), Meeting.objects.count()) == (0, 0)


def test_only_people_who_plan_for_the_team_create_a_series(spring):
    with pytest.raises(PermissionDenied):
        series.plan_series(
            Series(team=spring.team, title="x", weekday=1, starts_on=MONDAY, ends_on=MONDAY), actor=spring.tom
        )


def test_roles_rotate_over_the_series_and_agendas_have_the_steps(spring):
    protocol = Protocol.objects.get(key="weekly")
    made = make(spring, protocol=protocol)
    rows = made.series.meetings.order_by("starts_at")
    assert [row.facilitator_id for row in rows[:4]] == [
        spring.staff.ana.pk, spring.staff.tom.pk, spring.staff.ana.pk, spring.staff.tom.pk,
    ]  # fmt: skip
    assert {row.items.count() for row in rows} == {8}
    assert all(row.facilitator_id != row.recorder_id for row in rows)


def test_one_is_moved_and_the_others_stay(spring):
    made = make(spring)
    first = made.series.meetings.order_by("starts_at").first()
    meetings.move_meeting(
        first,
        actor=spring.ana,
        starts_at=spring.school.at(dt.date(2027, 3, 3), dt.time(9, 0)),
        minutes=30,
        place="12",
    )
    assert days(made)[:2] == [("2027-03-03", "09:00"), ("2027-03-09", "10:10")]
    first.refresh_from_db()
    assert first.calendar_sequence == 1


def test_all_that_follow_move_but_not_onto_a_holiday(spring):
    made = make(spring)
    second = made.series.meetings.order_by("starts_at")[1]
    moved = series.change_following(
        second, actor=spring.ana, day=dt.date(2027, 3, 11), starts_at=dt.time(14, 0), minutes=45, place="12"
    )
    assert (moved.count, moved.unmoved) == (7, [])
    assert days(made)[:3] == [("2027-03-02", "10:10"), ("2027-03-11", "14:00"), ("2027-03-18", "14:00")]
    made.series.refresh_from_db()
    assert (made.series.weekday, made.series.starts_at) == (3, dt.time(14, 0))


def follow(made, place, day, *, at=(10, 10)):
    one = made.series.meetings.order_by("starts_at")[place]
    lead = one.team.members.get(is_lead=True).staff.user
    told = series.change_following(one, actor=lead, day=day, starts_at=dt.time(*at), minutes=45, place="")
    made.series.refresh_from_db()
    return told


def only_days(made):
    return [day for day, _time in days(made)]


def agrees(made):
    """Whether every meeting falls on a date of the rule."""
    return set(only_days(made)) <= {day.isoformat() for day in days_of(made.series)}


def test_meetings_that_cannot_move_stay_and_are_reported(spring):
    Holiday.objects.create(
        school=spring.school, name="Off", starts_on=dt.date(2027, 4, 8), ends_on=dt.date(2027, 4, 8)
    )
    made = make(spring)
    other = spring.school.at(dt.date(2027, 4, 15), dt.time(10, 0))
    meetings.plan_meeting(spring.team, actor=spring.ana, title="Other", starts_at=other, minutes=45)
    told = follow(made, 0, dt.date(2027, 3, 4))
    assert told.count == 6
    assert [(one.day.isoformat(), one.target.isoformat(), one.reason) for one in told.unmoved] == [
        ("2027-04-06", "2027-04-08", "no school"),
        ("2027-04-13", "2027-04-15", "the team already meets"),
    ]


def test_all_that_follow_do_not_move_to_a_day_without_school(spring):
    made = make(spring)
    before = days(made)
    for day in (dt.date(2027, 3, 6), dt.date(2027, 3, 24)):
        with pytest.raises(DomainError, match="no school on"):
            follow(made, 0, day)
    assert days(made) == before


def test_a_series_moved_past_its_end_continues_from_there(spring):
    made = make(spring, ends_on=dt.date(2027, 3, 5))
    assert follow(made, 0, dt.date(2027, 3, 11)).count == 1
    assert (made.series.weekday, made.series.ends_on) == (3, dt.date(2027, 3, 11))
    longer = series.extend_series(made.series, actor=spring.ana, ends_on=dt.date(2027, 4, 1))
    assert (longer.made, only_days(made)) == (2, ["2027-03-11", "2027-03-18", "2027-04-01"])


def test_alternate_weeks_moved_by_one_week_continue_in_the_other_weeks(spring):
    made = make(spring, every=2, ends_on=dt.date(2027, 4, 13))
    told = follow(made, 1, dt.date(2027, 3, 8))  # from Tuesday the 16th to Monday of the week before
    assert only_days(made) == ["2027-03-02", "2027-03-08", "2027-03-30", "2027-04-05"]
    assert [one.day for one in told.unmoved] == [dt.date(2027, 3, 30)]
    series.extend_series(made.series, actor=spring.ana, ends_on=dt.date(2027, 5, 7))
    assert only_days(made)[4:] == ["2027-04-19", "2027-05-03"]


def test_a_weekday_of_the_month_stays_one(spring):
    made = make(spring, pattern="month", nth=1, ends_on=dt.date(2027, 6, 4))
    follow(made, 0, dt.date(2027, 3, 11))
    assert only_days(made) == ["2027-03-11", "2027-04-08", "2027-05-13", "2027-06-10"]
    assert (made.series.nth, made.series.weekday, agrees(made)) == (2, 3, True)
    follow(made, 1, dt.date(2027, 5, 6))  # a month later: the first Thursday
    assert only_days(made)[1:] == ["2027-05-06", "2027-06-03", "2027-07-01"]


def test_the_last_of_the_month_stays_the_last(spring):
    made = make(spring, pattern="month", nth=5)
    follow(made, 0, dt.date(2027, 3, 31))
    assert only_days(made) == ["2027-03-31", "2027-04-28"]
    assert made.series.nth == 5


@pytest.fixture
def six(spring):
    """A cycle of six school days from 1 March; the team meets on day A."""
    spring.school.cycle, spring.school.cycle_days, spring.school.cycle_from = "turning", 6, MONDAY
    spring.school.save()
    spring.team.refresh_from_db()
    return spring


def on_a(cast):
    return make(cast, pattern="cycle", cycle_day=0, weekday=None, ends_on=dt.date(2027, 4, 2))


def test_a_day_of_the_cycle_moves_by_the_cycle_and_never_to_a_saturday(six):
    made = on_a(six)
    assert follow(made, 0, dt.date(2027, 3, 3)).count == 4
    assert only_days(made) == ["2027-03-03", "2027-03-11", "2027-03-19", "2027-04-05"]
    assert (made.series.cycle_day, agrees(made)) == (2, True)
    follow(made, 1, dt.date(2027, 3, 8))  # the turn before: F
    assert only_days(made) == ["2027-03-03", "2027-03-08", "2027-03-16", "2027-03-31"]
    with pytest.raises(DomainError, match="no school"):
        follow(made, 1, dt.date(2027, 3, 13))


def test_another_time_keeps_the_days_of_the_cycle(six):
    made = on_a(six)
    before = only_days(made)
    follow(made, 1, dt.date(2027, 3, 9), at=(9, 0))
    assert (only_days(made), made.series.cycle_day) == (before, 0)
    assert [time for _day, time in days(made)] == ["10:10", "09:00", "09:00", "09:00"]


def test_a_day_of_two_weeks_moves_by_two_weeks(spring):
    spring.school.cycle_days, spring.school.cycle_from = 10, MONDAY
    spring.school.save()
    spring.team.refresh_from_db()
    made = make(spring, pattern="cycle", cycle_day=1, weekday=None, ends_on=dt.date(2027, 4, 2))
    told = follow(made, 0, dt.date(2027, 3, 11))
    assert only_days(made) == ["2027-03-11", "2027-03-16", "2027-04-08"]
    assert [one.day for one in told.unmoved] == [dt.date(2027, 3, 16)]
    assert made.series.cycle_day == 8


def test_a_series_ends_before_the_first_cancelled_meeting_and_can_be_extended(spring):
    made = make(spring)
    third = made.series.meetings.order_by("starts_at")[2]
    assert series.cancel_following(third, actor=spring.ana, reason="New bell schedule") == 6
    made.series.refresh_from_db()
    assert made.series.ends_on == dt.date(2027, 3, 15)
    states = list(made.series.meetings.order_by("starts_at").values_list("state", flat=True))
    assert states == ["planned"] * 2 + ["cancelled"] * 6
    longer = series.extend_series(made.series, actor=spring.ana, ends_on=dt.date(2027, 4, 6))
    assert longer.made == 3
    assert days_of(longer.series)[-1] == dt.date(2027, 4, 6)


def test_a_meeting_with_nothing_due_can_be_released(spring):
    made = make(spring, protocol=Protocol.objects.get(key="weekly"))
    first = made.series.meetings.order_by("starts_at").first()
    spring.action.delete()
    spring.candidate.delete()
    spring.plan.review_on = dt.date(2027, 6, 1)
    spring.plan.save()
    given = meetings.release_meeting_time(first, actor=spring.ana)
    assert (given.state, given.cancel_reason) == (
        "cancelled",
        "Nothing was due, so everyone gets the time back.",
    )
    second = made.series.meetings.order_by("starts_at")[1]
    spring.plan.review_on = dt.date(2027, 3, 9)
    spring.plan.save()
    with pytest.raises(DomainError, match="is due"):
        meetings.release_meeting_time(second, actor=spring.ana)


def test_a_meeting_may_move_to_a_day_without_school_with_a_warning(cast, as_user):
    from django.contrib.messages import get_messages

    from teams.directory.models import Holiday

    day = cast.school.today() + dt.timedelta(days=9)
    Holiday.objects.create(school=cast.school, name="Snow", starts_on=day, ends_on=day)
    fields = {"day": day.isoformat(), "time": "10:10", "minutes": 45, "place": ""}
    answer = as_user(cast.ana).post(f"/meetings/{cast.meeting.uuid}/move/", fields)
    told = [str(one) for one in get_messages(answer.wsgi_request)]
    assert told == ["The meeting was moved.", "There is no school on that day."]


def test_a_coordinator_without_any_team_is_sent_to_teams_and_others_read_who_plans(cast, as_user):
    for address in ("/series/new/", "/meetings/plan/"):
        others = as_user(cast.tom).get(address)
        assert (others.status_code, "Ana Ruiz" in others.content.decode()) == (403, True)
    nobody = as_user(cast.sol).get("/series/new/").content.decode()
    assert "Ask a coordinator or an administrator to add you under Teams." in nobody
    cast.school.teams.update(is_active=False)
    for address in ("/series/new/", "/meetings/plan/"):
        page = as_user(cast.cora).get(address)
        assert (page.status_code, 'href="/teams/"' in page.content.decode()) == (200, True)


def test_a_first_series_starts_from_what_is_expected_of_the_team(cast):
    cast.team.meets_every_days = 14
    start = usual_for(cast.team)
    assert (start["every"], start["protocol"]) == (2, Protocol.objects.get(team=None, key="weekly").uuid)
    cast.team.usual_protocol = Protocol.objects.filter(team=None).exclude(key="weekly").first()
    assert usual_for(cast.team)["protocol"] == cast.team.usual_protocol.uuid
