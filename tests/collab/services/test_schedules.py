"""One slot a team for a school: searched once, written once, accepted once, with reasons that can be read."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from collab.models import Meeting, Placement, Schedule, Series
from collab.queries.schedules import schedule_page
from collab.services import schedules
from collab.services.series import make_series
from teams.lib.errors import DomainError
from teams.models import Duty, Job, Period
from teams.services.jobs import Progress, run_job
from tests.collab.queries.test_finder import make_periods, teach
from tests.conftest import make_team


@pytest.fixture
def week(cast):
    """Four periods a day; Ana and Tom are both free on Tuesday at ten; Ana is in a second team, with Sol."""
    cast.periods = make_periods(cast.school)
    teach(cast, cast.staff.ana, free=[(1, 3)])
    teach(cast, cast.staff.tom, free=[(1, 3), (2, 1)])
    cast.second = make_team(cast.school, "Intervention", 5, [cast.staff.sol, cast.staff.ana])
    return cast


def start(cast, **changes):
    fields = {
        "actor": cast.cora,
        "teams": list(cast.school.teams.all()),
        "days": [0, 1, 2, 3, 4],
        "minutes": 45,
    } | changes
    return schedules.start_schedule(cast.school, **fields)


def solved(cast, **changes):
    """Started, and done as a worker does it."""
    schedule = start(cast, **changes)
    run_job(schedule.job_id, schedules.solve_job)
    schedule.refresh_from_db()
    assert schedule.job.error == ""
    return schedule


def times(schedule):
    return {
        row.team.name: (row.cost["slot"]["day"], row.cost["slot"]["starts"]) if row.period else None
        for row in schedule.placements.all()
    }


def test_each_team_gets_the_time_that_costs_least(week):
    schedule = solved(week)
    found = times(schedule)
    assert found["Grade 4"] == (1, "10:00")
    assert found["Intervention"] != (1, "10:00")
    assert schedule.result["covers"] == 1  # Ana gives one lesson, for one of the two teams
    assert schedule.result["is_proven"]
    assert schedule.result["unknown"] == ["Sol Vega"]


def test_the_reason_says_who_is_in_the_way(week):
    schedule = solved(week, most_covers=0)
    (row,) = schedule.placements.filter(period=None)
    assert row.reason == "Ana R is in %s and %s, which both have only Tue 10:00." % (
        ("Grade 4", "Intervention") if row.team.name == "Grade 4" else ("Intervention", "Grade 4")
    )
    assert (schedule.result["placed"], schedule.result["unplaced"]) == (1, 1)


def test_the_reason_says_the_team_could_meet_only_then(week):
    Duty.objects.filter(staff=week.staff.tom).delete()
    make_team(week.school, "Third", 5, [week.staff.ana])
    schedule = solved(week, most_covers=0, days=[1])
    assert schedule.placements.filter(period=None).count() == 2
    for row in schedule.placements.filter(period=None):
        assert "Ana R is in" in row.reason


def test_several_times_are_each_explained(week):
    Duty.objects.filter(staff=week.staff.ana, period=week.periods[2, 1]).update(kind="free")
    make_team(week.school, "Third", 5, [week.staff.ana])
    schedule = solved(week, most_covers=0)
    (row,) = schedule.placements.filter(period=None)
    assert row.reason.startswith("Each of its 2 times is taken. ")
    assert "Tue 10:00: Ana R with" in row.reason
    assert "Wed 08:00: Ana R with" in row.reason


def test_a_team_without_people_is_said_to_be_empty(week):
    make_team(week.school, "Empty", 5, [])
    schedule = solved(week)
    assert schedule.placements.get(team__name="Empty").reason == "Nobody is in this team."
    assert schedule.result["teams"] == 3


def test_too_long_and_too_costly_are_reasons(week):
    assert "long enough" in solved(week, minutes=240).placements.first().reason
    Job.objects.all().delete()
    Duty.objects.filter(kind="free").update(kind="teaching")
    assert "1 cover or more" in solved(week, most_covers=0).placements.get(team=week.second).reason


def test_whole_periods_last_from_bell_to_bell(week):
    Period.objects.filter(name="2").update(starts_at=dt.time(8, 55))
    schedule = solved(week, periods=2, days=[0])
    slots = [row.cost["slot"] for row in schedule.placements.all() if row.period]
    assert {(slot["starts"], slot["ends"], slot["minutes"]) for slot in slots} <= {
        ("08:00", "09:50", 110),
        ("08:55", "10:50", 115),
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
    assert schedule.placements.get().reason == "Ana R meets other teams at each of its times."


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
    assert (row.present, row.present_words) == ("Every week on Monday at 09:00", "2 covers needed")


def test_a_search_twice_and_a_doubled_task_leave_the_same_rows(week):
    schedule = solved(week)
    before = list(Placement.objects.values())
    run_job(schedule.job_id, schedules.solve_job)
    Job.objects.update(state="queued", heartbeat_at=None)  # a worker that was taken for dead comes back
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
def test_who_does_not_schedule_teams_starts_nothing(week, person):
    with pytest.raises(PermissionDenied):
        start(week, actor=getattr(week, person))


def test_teams_of_another_school_are_refused(week):
    with pytest.raises(DomainError, match="Choose the teams"):
        start(week, teams=[week.other_team])


def test_without_periods_and_without_a_solver_it_says_so(week, monkeypatch):
    with pytest.raises(DomainError, match="no period on these days"):
        start(week, days=[])
    monkeypatch.setattr(schedules, "is_available", lambda: False)
    with pytest.raises(DomainError, match="no solver"):
        start(week)


def test_a_solver_that_is_gone_in_the_worker_fails_the_job_with_a_sentence(week, monkeypatch):
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


def test_accepting_makes_a_series_once(week):
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


def test_one_teams_refusal_does_not_keep_the_others(week):
    schedule = solved(week)
    day = week.school.today() + dt.timedelta(days=1)
    slot = schedule.placements.get(team=week.team).cost["slot"]
    make_series(
        week.team,
        actor=week.cora,
        title="Ours",
        pattern="weeks",
        weekday=slot["day"],
        starts_at=dt.time.fromisoformat(slot["starts"]),
        minutes=45,
        starts_on=day,
        ends_on=day + dt.timedelta(days=40),
    )
    accepted = accept(week, schedule)
    assert [row.team for row in accepted.made] == [week.second]
    assert accepted.refused == [
        (week.team, "The team meets already at all of these times. Choose another time.")
    ]
    accepted = accept(week, schedule, replace=True)
    assert [row.team for row in accepted.made] == [week.team]
    new = schedule.placements.get(team=week.team).series
    assert (new.title, Meeting.objects.filter(series=new, state="planned").exists()) == ("Ours", True)
    old = Series.objects.get(team=week.team, pk__lt=new.pk)
    assert not old.meetings.filter(state="planned").exists()


def test_a_principal_looks_and_leads_accept(week):
    schedule = solved(week)
    accepted = accept(week, schedule, user=week.pia)
    assert accepted.made == []
    assert {sentence for _team, sentence in accepted.refused} == {
        "A lead of this team, or who leads all teams, plans its meetings."
    }
    assert not schedule_page(week.pia, schedule).may_accept


def test_a_period_that_is_gone_is_not_accepted(week):
    schedule = solved(week)
    Period.objects.all().delete()
    assert {sentence for _team, sentence in accept(week, schedule).refused} == {
        "There is no such period any more. Search again."
    }


def test_ticking_nothing_is_said(week):
    with pytest.raises(DomainError, match="Tick the teams"):
        accept(week, solved(week), [])


def test_a_placement_of_another_schedule_is_not_accepted_here(week):
    first, second = solved(week), solved(week)
    with pytest.raises(DomainError, match="Tick the teams"):
        accept(week, first, second.placements.all())


def test_a_turning_cycle_makes_series_by_day_of_the_cycle(week):
    week.school.cycle, week.school.cycle_days = "turning", 6
    week.school.save()
    accept(week, solved(week))
    assert set(Series.objects.values_list("pattern", flat=True)) == {"cycle"}
    assert Series.objects.get(team=week.team).cycle_day == 1
