"""Four and eight weeks after a plan ended well: is the level kept?"""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from datareview.desk.queries.desk import desk_of
from datareview.exits.models import ExitDecision
from datareview.exits.queries import checks_that_ask, exit_checks
from datareview.exits.services import leave_ended
from datareview.plans.models import Plan
from datareview.progress.services.reviews import reopen_plan
from datareview.records.models import Score
from teams.lib import formats
from teams.lib.errors import DomainError
from tests.conftest import make_plan


@pytest.fixture
def plan(cast):
    """Maya's plan from 63 to 90, ended with its goal met 30 days ago at 92."""
    Score.objects.all().delete()
    end(cast.plan, 30)
    for days, value in ((37, 91), (34, 92), (31, 93)):
        score(cast, days, value)
    return cast.plan


def end(plan, days, outcome="met"):
    plan.state, plan.outcome = "ended", outcome
    plan.ended_on = plan.student.school.today() - dt.timedelta(days=days)
    plan.starts_on = plan.ended_on - dt.timedelta(weeks=8)
    plan.save()


def score(cast, days, value, student=None):
    """A score of ``days`` days ago."""
    day = cast.school.today() - dt.timedelta(days=days)
    return Score.objects.create(
        student=student or cast.maya, measure=cast.fluency, taken_on=day, value=value, source=f"s{days}"
    )


def states(plan):
    today = plan.student.school.today()
    return [(one.weeks, one.state, one.value) for one in exit_checks([plan], today)[plan.pk]]


def asks(cast, user=None, school=None):
    return [
        (one.plan.student.first_name, one.state)
        for one in checks_that_ask(user or cast.cora, school or cast.school)
    ]


def test_without_a_value_since_the_end_the_check_asks_for_a_score(cast, plan):
    assert states(plan) == [(4, "score", None), (8, "waiting", None)]
    assert asks(cast) == [("Maya", "score")]


@pytest.mark.parametrize(("value", "state"), [(90, "kept"), (83.25, "kept"), (83, "back")])
def test_a_quarter_of_the_gain_may_be_lost(cast, plan, value, state):
    cast.fluency.sem = None
    cast.fluency.save()
    plan.measure.refresh_from_db()
    score(cast, 3, value)
    assert states(plan)[0] == (4, state, value)  # 90 - (90 - 63) / 4 is 83.25


def test_the_error_of_a_score_may_be_more_than_that(cast, plan):
    plan.measure.sem = 10
    plan.measure.save()
    score(cast, 3, 80)
    assert states(plan)[0][1] == "kept"


def test_less_is_better_where_the_measure_says_so(cast, plan):
    plan.measure.higher_is_better, plan.measure.sem = False, None
    plan.measure.save()
    plan.baseline, plan.goal = 100, 92
    plan.save()
    score(cast, 3, 96)
    assert states(plan)[0] == (4, "back", 96)


def test_what_was_reached_counts_if_the_plan_was_faded_below_its_goal(cast, plan):
    Score.objects.update(value=80)
    end(plan, 30, "faded")
    score(cast, 3, 79)
    assert next((one.level, one.state) for one in exit_checks([plan], cast.school.today())[plan.pk]) == (
        80,
        "kept",
    )


def test_each_check_has_its_own_values_and_lapses_after_four_weeks(cast, plan):
    end(plan, 60)
    Score.objects.all().delete()
    score(cast, 40, 60)
    assert states(plan) == [(4, "back", 60), (8, "score", None)]
    second = exit_checks([plan], cast.school.today())[plan.pk][1]
    day = formats.short_day(cast.school.today() - dt.timedelta(days=60 - 28))
    assert second.sentence == f"After 8 weeks: no value since {day}. Take a score."
    score(cast, 2, 91)
    assert states(plan) == [(4, "back", 60), (8, "kept", 91)]
    assert asks(cast) == []
    end(plan, 85)
    assert asks(cast) == []


@pytest.mark.parametrize("outcome", ["not_met", "referred", "moved"])
def test_other_ends_are_not_checked(cast, plan, outcome):
    end(plan, 30, outcome)
    assert asks(cast) == []


def test_who_left_or_has_a_new_plan_on_the_measure_is_not_asked_about(cast, plan):
    again = make_plan(cast.maya, cast.fluency, cast.strategy, cast.staff.sol, cast.team)
    assert asks(cast) == []
    again.delete()
    assert asks(cast) == [("Maya", "score")]
    type(cast.maya).objects.filter(pk=cast.maya.pk).update(status="left")
    assert asks(cast) == []


def test_the_line_leaves_the_desk_when_someone_decides(cast, plan):
    score(cast, 3, 60)

    def lines():
        return {
            one.key: [line.side for line in one.lines] for one in desk_of(cast.cora, cast.school, {}).sections
        }

    assert len(lines()["exit"]) == 1
    first = leave_ended(plan, actor=cast.cora, reason="She was ill")
    assert leave_ended(plan, actor=cast.cora, reason="Again") == first
    assert "exit" not in lines()
    assert asks(cast, cast.zed, cast.other_school) == []


def test_a_plan_that_is_reopened_keeps_its_history(cast, plan):
    score(cast, 3, 60)
    next_review = cast.school.today() + dt.timedelta(days=60)
    reopen_plan(plan, actor=cast.cora, reason="Gone back", next_review_on=next_review)
    assert asks(cast) == []
    one = Plan.objects.get(pk=plan.pk)
    assert (one.state, one.phase_changes.get().what) == ("active", "Reopened: Gone back")


def test_a_decision_needs_a_reason_and_a_check_that_asks(cast, plan):
    with pytest.raises(DomainError, match="Say why"):
        leave_ended(plan, actor=cast.cora, reason=" ")
    score(cast, 3, 91)
    with pytest.raises(DomainError, match="level is kept"):
        leave_ended(plan, actor=cast.cora, reason="Fine")
    end(plan, 5)
    with pytest.raises(DomainError, match="No check"):
        leave_ended(plan, actor=cast.cora, reason="Fine")


@pytest.mark.parametrize("person", ["ana", "pia", "zed"])
def test_who_may_not_review_does_not_decide(cast, plan, person):
    with pytest.raises(PermissionDenied):
        leave_ended(plan, actor=getattr(cast, person), reason="Fine")
    assert ExitDecision.objects.count() == 0


def test_the_page_shows_the_checks_and_takes_a_score_and_asks_which_counts(cast, plan, as_user):
    address, client = f"/plans/{plan.uuid}/exit/", as_user(cast.cora)
    assert f"no value since {formats.short_day(plan.ended_on)}" in client.get(address).content.decode()
    today = cast.school.today()
    answer = client.post(f"{address}score/", {"value": 91, "taken_on": today})
    assert answer["Location"] == address
    assert "91, kept. The level to keep is 90." in client.get(address).content.decode()
    asked = client.post(f"{address}score/", {"value": 61, "taken_on": today})
    assert (asked.status_code, 'name="counts"' in asked.content.decode()) == (422, True)


def test_a_plan_that_did_not_end_well_has_no_such_page(cast, as_user):
    assert as_user(cast.cora).get(f"/plans/{cast.plan.uuid}/exit/").status_code == 404
