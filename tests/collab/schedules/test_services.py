"""One slot per team: searched once, stored once, accepted once, with readable reasons."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from collab.meetings.models import Meeting, Series
from collab.planning.services.series import make_series
from collab.schedules import services as schedules
from collab.schedules.models import Placement, Schedule
from collab.schedules.queries.conflicts import objections_to, open_placements
from collab.schedules.queries.schedules import schedule_page
from teams.directory.models import Duty, Period, School, Team, TeamMember
from teams.jobs.models import Job
from teams.jobs.services.jobs import Progress, run_job
from teams.lib.errors import DomainError
from tests.conftest import make_team
from tests.factories.schedules import solved, start


def times(schedule):
    return {
        row.team.name: (row.day, f"{row.starts_at:%H:%M}") if row.period else None
        for row in schedule.placements.all()
    }


def test_each_team_gets_the_time_that_costs_least(week):
    schedule = solved(week)
    found = times(schedule)
    assert found["Grade 4"] == (1, "10:00")
    assert found["Intervention"] != (1, "10:00")
    assert schedule.result["covers"] == 1  # Ana loses one lesson, for one of the two teams
    assert schedule.result["is_proven"]
    assert schedule.result["unknown"] == ["Sol Vega"]


def test_the_reason_names_the_people_in_conflict(week):
    schedule = solved(week, most_covers=0)
    (row,) = schedule.placements.filter(period=None)
    assert row.reason == "Ana R is on %s and %s, which can both meet only Tue, 10:00\xa0AM." % (
        ("Grade 4", "Intervention") if row.team.name == "Grade 4" else ("Intervention", "Grade 4")
    )
    assert (schedule.result["placed"], schedule.result["unplaced"]) == (1, 1)


def test_the_reason_names_the_only_possible_time(week):
    Duty.objects.filter(staff=week.staff.tom).delete()
    make_team(week.school, "Third", 5, [week.staff.ana])
    schedule = solved(week, most_covers=0, days=[1])
    assert schedule.placements.filter(period=None).count() == 2
    for row in schedule.placements.filter(period=None):
        assert "Ana R is on" in row.reason


def test_several_times_are_each_explained(week):
    Duty.objects.filter(staff=week.staff.ana, period=week.periods[2, 1]).update(kind="free")
    make_team(week.school, "Third", 5, [week.staff.ana])
    schedule = solved(week, most_covers=0)
    (row,) = schedule.placements.filter(period=None)
    assert row.reason.startswith("Each of its 2 times is taken. ")
    assert "Tue, 10:00\xa0AM: Ana R with" in row.reason
    assert "Wed, 8:00\xa0AM: Ana R with" in row.reason


def test_a_team_without_members_is_reported_as_empty(week):
    make_team(week.school, "Empty", 5, [])
    schedule = solved(week)
    assert schedule.placements.get(team__name="Empty").reason == "No one is on this team."
    assert schedule.result["teams"] == 3


def test_too_long_and_too_costly_are_reasons(week):
    assert "long enough" in solved(week, minutes=240).placements.first().reason
    Job.objects.all().delete()
    Duty.objects.filter(kind="free").update(kind="teaching")
    assert "at least 1 period to cover" in solved(week, most_covers=0).placements.get(team=week.second).reason


def test_whole_periods_last_from_bell_to_bell(week):
    Period.objects.filter(name="2").update(starts_at=dt.time(8, 55))
    schedule = solved(week, periods=2, days=[0])
    rows = schedule_page(week.cora, schedule).placed
    assert {(row.starts, row.ends, row.placement.minutes) for row in rows} <= {
        (dt.time(8), dt.time(9, 50), 110),
        (dt.time(8, 55), dt.time(10, 50), 115),
    }


def test_other_teams_keep_their_times(week):
    day = week.school.today()
    Series.objects.create(
        team=week.second,
        title="Now",
        weekday=1,
        starts_at=dt.time(10),
        starts_on=day,
        ends_on=day + dt.timedelta(60),
    )
    schedule = solved(week, teams=[week.team], most_covers=0)
    assert schedule.placements.get().reason == (
        "At each of its times, members meet with other teams that keep their times: Ana R with Intervention."
    )


def test_the_result_is_compared_with_the_present_series(week):
    day = week.school.today()
    Series.objects.create(
        team=week.team,
        title="Now",
        weekday=0,
        starts_at=dt.time(9),
        starts_on=day,
        ends_on=day + dt.timedelta(60),
    )
    schedule = solved(week)
    assert schedule.result["now"] == {"teams": 1, "covers": 2}
    page = schedule_page(week.cora, schedule)
    row = next(row for row in page.placed if row.placement.team == week.team)
    assert (row.present, row.present_words) == ("Every week on Monday at 9:00\xa0AM", "2 periods to cover")


def test_a_repeated_search_or_task_leaves_the_same_rows(week):
    schedule = solved(week)
    before = list(Placement.objects.values())
    run_job(schedule.job_id, schedules.solve_job)
    Job.objects.update(state="queued", heartbeat_at=None)  # a worker believed dead returns
    schedules.solve_job(schedule.job, Progress(schedule.job))
    assert list(Placement.objects.values()) == before
    Job.objects.update(state="done")
    other = solved(week)
    assert times(other) == times(schedule)


def test_a_worker_killed_before_writing_is_followed_by_one_that_writes(week, monkeypatch):
    schedule = start(week)

    def killed(*_what):
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(schedules, "_store", killed)
        with pytest.raises(SystemExit):
            run_job(schedule.job_id, schedules.solve_job)
    assert not Placement.objects.exists()
    Job.objects.update(state="queued")
    run_job(schedule.job_id, schedules.solve_job)
    assert Placement.objects.count() == 2


def test_one_search_at_a_time(week):
    first = start(week)
    assert start(week, minutes=30, actor=week.pia) == first
    assert (Schedule.objects.count(), Job.objects.filter(kind=schedules.TASK).count()) == (1, 1)


@pytest.mark.parametrize("person", ["ana", "gil", "sol", "zed"])
def test_only_schedulers_start_a_search(week, person):
    with pytest.raises(PermissionDenied):
        start(week, actor=getattr(week, person))


def test_teams_of_another_school_are_refused(week):
    with pytest.raises(DomainError, match="Choose the teams"):
        start(week, teams=[week.other_team])


def test_missing_periods_or_solver_are_reported(week, monkeypatch):
    with pytest.raises(DomainError, match="These days have no periods"):
        start(week, days=[])
    monkeypatch.setattr(schedules, "is_available", lambda: False)
    with pytest.raises(DomainError, match="no solver"):
        start(week)


def test_a_solver_missing_in_the_worker_fails_the_job_with_a_sentence(week, monkeypatch):
    schedule = start(week)
    monkeypatch.setattr(schedules, "is_available", lambda: False)
    run_job(schedule.job_id, schedules.solve_job)
    schedule.job.refresh_from_db()
    assert (schedule.job.state, "no solver" in schedule.job.error) == ("failed", True)


def accept(cast, schedule, rows=None, *, user=None, **changes):
    day = cast.school.today() + dt.timedelta(days=1)
    fields = {"starts_on": day, "ends_on": day + dt.timedelta(days=27)} | changes
    chosen = [str(row.uuid) for row in (schedule.placements.all() if rows is None else rows)]
    return schedules.accept_placements(schedule, actor=user or cast.cora, placements=chosen, **fields)


def test_accepting_creates_a_series_once(week):
    schedule = solved(week)
    accepted = accept(week, schedule)
    assert (len(accepted.made), accepted.refused) == (2, [])
    series = Series.objects.get(team=week.team)
    assert (series.pattern, series.weekday, series.starts_at, series.minutes) == ("weeks", 1, dt.time(10), 45)
    assert schedule.placements.get(team=week.team).series == series
    meetings = Meeting.objects.count()
    assert accept(week, schedule).made == []
    assert (Series.objects.count(), Meeting.objects.count()) == (2, meetings)


def test_some_are_accepted(week):
    schedule = solved(week)
    accept(week, schedule, [schedule.placements.get(team=week.second)])
    assert [series.team for series in Series.objects.all()] == [week.second]


def meets(cast, team, *, weekday, hour, days=40, **changes):
    """A series of ``team`` from tomorrow on."""
    day = cast.school.today() + dt.timedelta(days=1)
    fields = {
        "actor": cast.cora,
        "title": "Ours",
        "pattern": "weeks",
        "weekday": weekday,
        "starts_at": dt.time(hour),
        "minutes": 45,
        "starts_on": day,
        "ends_on": day + dt.timedelta(days=days),
    } | changes
    return make_series(team, **fields)


def test_one_refused_team_does_not_affect_the_others(week):
    schedule = solved(week)
    row = schedule.placements.get(team=week.team)
    Period.objects.filter(pk=row.period_id).update(starts_at=dt.time(10, 5))
    accepted = accept(week, schedule)
    assert [one.team for one in accepted.made] == [week.second]
    assert accepted.refused == [(week.team, "That period no longer exists. Search again.")]


def test_the_current_series_ends_when_replaced(week):
    old = meets(week, week.team, weekday=0, hour=8)
    schedule = solved(week)
    accepted = accept(week, schedule, replace=True)
    assert accepted.refused == []
    new = schedule.placements.get(team=week.team).series
    assert (new.title, new.weekday, new.meetings.filter(state="planned").exists()) == ("Ours", 1, True)
    assert not old.meetings.filter(state="planned").exists()


def test_a_team_that_meets_then_already_keeps_its_meetings(week):
    now = meets(week, week.team, weekday=1, hour=10, days=20, starts_on=week.school.today())
    kept = list(now.meetings.values_list("uuid", flat=True))
    schedule = solved(week)
    accepted = accept(week, schedule, replace=True)
    assert accepted.refused == []
    assert schedule.placements.get(team=week.team).series == now
    assert set(kept) <= set(now.meetings.filter(state="planned").values_list("uuid", flat=True))
    now.refresh_from_db()
    assert now.ends_on == week.school.today() + dt.timedelta(days=28)  # extended to the accepted end
    assert Series.objects.filter(team=week.team).count() == 1


def test_people_in_another_team_meanwhile_are_not_double_booked(week):
    schedule = solved(week)
    third = make_team(week.school, "Third", 5, [week.staff.tom, week.staff.gil])
    meets(week, third, weekday=1, hour=10)
    accepted = accept(week, schedule, replace=True)
    assert accepted.refused == [(week.team, "Tom B meets with Third then. Search again.")]
    assert [row.team for row in accepted.made] == [week.second]


def test_accepting_some_teams_double_books_nobody(week):
    """The second team meets at the slot of the first; Ana is in both."""
    meets(week, week.second, weekday=1, hour=10)
    schedule = solved(week)
    first = schedule.placements.get(team=week.team)
    accepted = accept(week, schedule, [first], replace=True)
    assert accepted.refused == [
        (week.team, "Ana R meets with Intervention then. Accept the times of both teams together.")
    ]
    accepted = accept(week, schedule, replace=True)
    assert (len(accepted.made), accepted.refused) == (2, [])


def test_some_are_accepted_now_and_the_rest_later(week):
    schedule = solved(week)
    accept(week, schedule, [schedule.placements.get(team=week.second)])
    accepted = accept(week, schedule)
    assert ([row.team for row in accepted.made], accepted.refused) == ([week.team], [])


def test_two_teams_that_share_a_member_meanwhile_are_not_both_accepted(week):
    third = make_team(week.school, "Third", 5, [week.staff.gil])
    schedule = solved(week, teams=[week.team, third], days=[1])
    TeamMember.objects.create(team=third, staff=week.staff.tom, starts_on=week.school.today())
    rows = {row.team: row for row in schedule.placements.all()}
    slot = {name: getattr(rows[week.team], name) for name in ("day", "starts_at", "minutes", "period")}
    Placement.objects.filter(pk=rows[third].pk).update(**slot)
    accepted = accept(week, schedule)
    assert [row.team for row in accepted.made] == [week.team]
    assert accepted.refused == [(third, "Tom B meets with Grade 4 then. Search again.")]


def test_a_time_that_costs_more_now_is_not_accepted(week):
    schedule = solved(week)
    Duty.objects.filter(staff=week.staff.tom, period=week.periods[1, 3]).update(kind="teaching")
    accepted = accept(week, schedule)
    assert accepted.refused == [
        (
            week.team,
            "It now has 1 period to cover, not 0, because a timetable or the team has changed. Search again.",
        )
    ]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda cast: Team.objects.filter(pk=cast.team.pk).update(is_active=False), "no longer meets"),
        (lambda cast: TeamMember.objects.filter(team=cast.team).delete(), "No one is on this team."),
        (
            lambda cast: School.objects.filter(pk=cast.school.pk).update(cycle="turning"),
            "cycle of school days",
        ),
    ],
)
def test_a_changed_team_or_cycle_is_not_accepted(week, change, sentence):
    schedule = solved(week)
    change(week)
    schedule = Schedule.objects.get(pk=schedule.pk)
    page = schedule_page(
        week.cora,
        schedule,
        objections_to(schedule, open_placements(schedule), starts_on=week.school.today(), replace=True),
    )
    (row,) = (row for row in page.placed if row.placement.team == week.team)
    assert sentence in row.objection
    assert not row.may_accept
    refused = dict(accept(week, schedule).refused)
    assert sentence in refused[week.team]


def test_a_last_day_before_the_first_is_reported_once(week):
    with pytest.raises(DomainError, match="is before the first"):
        accept(week, solved(week), ends_on=week.school.today())


def test_principals_see_the_result_and_leads_accept_it(week):
    schedule = solved(week)
    accepted = accept(week, schedule, user=week.pia)
    assert accepted.made == []
    assert {sentence for _team, sentence in accepted.refused} == {
        "Only leads of this team, or of all teams, can plan its meetings."
    }
    assert not schedule_page(week.pia, schedule).may_accept


def test_a_period_that_is_gone_is_not_accepted(week):
    schedule = solved(week)
    Period.objects.all().delete()
    assert {sentence for _team, sentence in accept(week, schedule).refused} == {
        "That period no longer exists. Search again."
    }


def test_selecting_nothing_is_reported(week):
    with pytest.raises(DomainError, match="Select the teams"):
        accept(week, solved(week), [])


def test_a_placement_of_another_schedule_is_not_accepted_here(week):
    first, second = solved(week), solved(week)
    with pytest.raises(DomainError, match="Select the teams"):
        accept(week, first, second.placements.all())


def test_a_turning_cycle_creates_series_by_cycle_day(week):
    week.school.cycle, week.school.cycle_days = "turning", 6
    week.school.save()
    accept(week, solved(week))
    assert set(Series.objects.values_list("pattern", flat=True)) == {"cycle"}
    assert Series.objects.get(team=week.team).cycle_day == 1


def two_weeks(cast):
    """A and B weeks: the fixture's week, and a copy in which Tom teaches on Tuesday at ten."""
    cast.school.cycle_days = 10
    cast.school.save()
    for (day, number), period in list(cast.periods.items()):
        twin = Period.objects.create(
            school=cast.school,
            name=period.name,
            cycle_day=day + 5,
            starts_at=period.starts_at,
            ends_at=period.ends_at,
        )
        cast.periods[day + 5, number] = twin
        for staff in (cast.staff.ana, cast.staff.tom):
            Duty.objects.create(
                staff=staff,
                period=twin,
                kind="free" if staff == cast.staff.ana and (day, number) == (1, 3) else "teaching",
                label="" if staff == cast.staff.ana and (day, number) == (1, 3) else f"Reading {number}",
            )


def test_a_weekly_slot_is_free_in_both_weeks(week):
    two_weeks(week)
    schedule = solved(week, teams=[week.team], every="week")
    row = schedule.placements.get()
    assert (row.day, row.starts_at) == (1, dt.time(10))
    (placed,) = schedule_page(week.cora, schedule).placed
    assert (placed.day, placed.words) == ("Tue", ["Tom B misses Reading 3 (Tue B)", "1 period to cover"])
    accept(week, schedule)
    series = Series.objects.get()
    assert (series.pattern, series.weekday) == ("weeks", 1)
    days = [meeting.starts_at.astimezone(week.school.tz).weekday() for meeting in series.meetings.all()]
    assert set(days) == {1}
    assert len(days) == 4


def test_once_in_two_weeks_is_a_choice(week):
    two_weeks(week)
    schedule = solved(week, teams=[week.team], every="cycle", days=list(range(10)))
    (placed,) = schedule_page(week.cora, schedule).placed
    assert (placed.day, placed.words) == ("Tue A", ["Everyone is free."])
    accept(week, schedule)
    assert (Series.objects.get().pattern, Series.objects.get().cycle_day) == ("cycle", 1)


def test_a_weekly_slot_on_turning_days_counts_every_day_of_the_cycle(week):
    """A and B days alternate: on any weekday, half of the meetings fall on B."""
    School.objects.filter(pk=week.school.pk).update(cycle="turning", cycle_days=2)
    week.school.refresh_from_db()
    schedule = solved(week, teams=[week.team], every="week")
    (placed,) = schedule_page(week.cora, schedule).placed
    assert placed.day == "Mon"
    assert placed.words == [
        "Ana R misses Reading 3 (A)",
        "Tom B misses Reading 3 (A)",
        "2 periods to cover",
    ]  # both are free on the B day, Tuesday of the fixture
    accept(week, schedule)
    assert Series.objects.get().pattern == "weeks"
