"""Changes of running plans: a phase line, and the days as they were planned before."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from datareview.plans.models import Plan
from datareview.progress.models import PhaseChange
from datareview.progress.queries.progress import planned_days, weekdays_on
from datareview.progress.services.changes import change_plan, plan_version
from datareview.progress.services.reviews import review_plan
from teams.lib.errors import DomainError, StaleEdit


def change(cast, *, actor=None, why="Too slow", seen=None, **values):
    plan = Plan.objects.get(pk=cast.plan.pk)
    seen = plan_version(plan) if seen is None else seen
    return change_plan(plan, actor=actor or cast.cora, why=why, seen=seen, values=values)


def test_a_change_of_the_schedule_counts_from_today_and_draws_a_line(cast):
    today = cast.school.today()
    change(cast, weekdays=[0, 1, 2, 3], minutes=30)
    plan = Plan.objects.get(pk=cast.plan.pk)
    line = plan.phase_changes.get()
    assert (plan.weekdays, plan.minutes, line.changed_on, line.changed_by) == (
        [0, 1, 2, 3],
        30,
        today,
        cast.cora,
    )
    assert line.what == "Mon, Wed, Fri → Mon, Tue, Wed, Thu; 20 min → 30 min (Too slow)"
    assert weekdays_on(plan, today) == [0, 1, 2, 3]
    assert weekdays_on(plan, today - dt.timedelta(days=1)) == [0, 2, 4]
    before = planned_days(plan, today, set())
    assert before == planned_days(cast.plan, today, set())
    after = [day for day in planned_days(plan, today + dt.timedelta(days=14), set()) if day >= today]
    assert {day.weekday() for day in after} == {0, 1, 2, 3}


def test_two_changes_of_a_day_are_one_line_and_keep_the_first_days(cast):
    change(cast, weekdays=[1])
    change(cast, weekdays=[2], tier=3)
    line = PhaseChange.objects.get()
    assert line.weekdays_before == [0, 2, 4]
    assert line.what == "Mon, Wed, Fri → Tue (Too slow); Tue → Wed; tier 2 → tier 3 (Too slow)"


def test_a_long_reason_stays_whole_whatever_else_changes(cast):
    why = "Too slow, and the room is taken on Wednesdays until spring; her mother asked for the mornings instead of noon."
    changes = {
        "weekdays": [0, 1, 2, 3],
        "time": dt.time(10, 10),
        "minutes": 30,
        "provider": cast.staff.cora,
        "tier": 3,
        "goal": 95.0,
        "goal_on": cast.plan.goal_on + dt.timedelta(days=7),
    }
    change(cast, why=why, **changes)
    line = PhaseChange.objects.get()
    assert line.what.endswith(f" ({why})")
    assert (len(line.what), line.what[:18]) == (200, "Mon, Wed, Fri → Mo")


def test_what_is_equal_changes_nothing(cast):
    assert change(cast, minutes=20, goal=90) == []
    assert PhaseChange.objects.count() == 0


def test_a_change_meanwhile_is_shown(cast):
    seen = plan_version(cast.plan)
    change(cast, minutes=30)
    with pytest.raises(StaleEdit, match="30 min, Sol Vega"):
        change(cast, seen=seen, minutes=25)
    assert Plan.objects.get(pk=cast.plan.pk).minutes == 30


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"why": " ", "minutes": 30}, "why it changes"),
        ({"weekdays": []}, "days on which it is delivered"),
        ({"goal": 60}, "better than the baseline"),
        ({"goal_on": dt.date(2026, 12, 2)}, "before the next review"),
    ],
)
def test_a_change_that_cannot_be_is_refused(cast, values, message):
    if "goal_on" in values:
        values = {"goal_on": cast.plan.review_on - dt.timedelta(days=1)}
    with pytest.raises(DomainError, match=message):
        change(cast, **values)
    assert PhaseChange.objects.count() == 0


def test_a_plan_that_ended_is_not_changed_and_others_change_nothing(cast):
    for person in ("ana", "pia", "ada", "zed"):
        with pytest.raises(PermissionDenied):
            change(cast, actor=getattr(cast, person), minutes=30)
    review_plan(cast.plan, actor=cast.cora, decision="end", reason="Enough", despite=True)
    with pytest.raises(DomainError, match="already ended"):
        change(cast, minutes=30)


def test_the_page_changes_the_plan_and_keeps_what_was_typed(cast, as_user):
    address = f"{cast.plan.get_absolute_url()}change/"
    data = {
        "weekdays": [0, 1],
        "minutes": 25,
        "provider": cast.staff.sol.uuid,
        "tier": 2,
        "goal": 90,
        "goal_on": cast.plan.goal_on,
        "seen": plan_version(cast.plan),
    }
    refused = as_user(cast.sol).post(address, data)
    assert (refused.status_code, 'value="25"' in refused.content.decode()) == (422, True)
    assert as_user(cast.sol).post(address, {**data, "why": "New bus"})["Location"] == (
        cast.plan.get_absolute_url()
    )
    page = as_user(cast.sol).get(cast.plan.get_absolute_url()).content.decode()
    assert "Mon, Wed, Fri → Mon, Tue; 20 min → 25 min (New bus)" in page
