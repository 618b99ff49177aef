"""Starting plans."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from datareview.flags.models import Candidate
from datareview.plans.models import Plan
from datareview.plans.services import plans
from datareview.plans.services.plans import PlanRunning, start_plan
from teams.lib.errors import DomainError
from tests.conftest import TODAY


def start(cast, *, actor=None, student=None, **changes):
    today = cast.school.today()
    values = {
        "strategy": cast.strategy,
        "provider": cast.staff.sol,
        "measure": cast.fluency,
        "baseline": 92.0,
        "goal": 115.0,
        "goal_on": today + dt.timedelta(weeks=12),
        "review_on": today + dt.timedelta(weeks=6),
        "weekdays": [4, 0],
        "minutes": 20,
        "tier": 2,
        "concern": "Reads slowly",
    }
    return start_plan(student or cast.jonas, actor=actor or cast.cora, **{**values, **changes})


def test_a_plan_starts_today_and_answers_its_candidate(cast):
    Plan.objects.all().delete()
    plan = start(cast, student=cast.maya, candidate=cast.candidate)
    assert (plan.starts_on, plan.weekdays, plan.team) == (cast.school.today(), [0, 4], cast.team)
    assert Candidate.objects.get().state == "plan"


def test_a_plan_that_ran_before_it_was_entered_keeps_its_first_day(cast):
    day = cast.school.today() - dt.timedelta(weeks=5)
    plan = start(cast, starts_on=day)
    before = cast.jonas.scores.filter(taken_on__lte=day).order_by("taken_on").last()
    assert (plan.starts_on, plan.baseline_on) == (day, before.taken_on)
    assert start(cast, starts_on=day, measure=cast.fluency) == plan


@pytest.mark.parametrize(
    ("days", "refused"),
    [
        (-367, "within a year"),
        (-366, ""),
        (7, ""),
        (41, ""),
        (42, "after today and the first day"),
        (84, "after the first day"),
    ],
)
def test_the_first_day_is_within_a_year_and_before_review_and_goal(cast, days, refused):
    starts_on = cast.school.today() + dt.timedelta(days=days)
    if refused:
        with pytest.raises(DomainError, match=refused):
            start(cast, starts_on=starts_on)
    else:
        assert start(cast, starts_on=starts_on).starts_on == starts_on


def test_a_double_click_makes_one_plan(cast):
    assert start(cast) == start(cast)
    assert cast.jonas.plans.count() == 1


def test_somebody_elses_running_plan_is_named(cast):
    plan = start(cast)
    with pytest.raises(PlanRunning) as caught:
        start(cast, actor=cast.cora if plan.started_by != cast.cora else add_coordinator(cast))
    assert caught.value.plan == plan


def add_coordinator(cast):
    from teams.directory.models import Role
    from tests.conftest import make_staff

    return make_staff("Nia", "Fox", cast.school, Role.COORDINATOR).user


def test_the_database_holds_one_running_plan(cast):
    plan = start(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Plan.objects.create(
            student=plan.student,
            strategy=plan.strategy,
            measure=plan.measure,
            provider=plan.provider,
            concern="x",
            baseline=1,
            baseline_on=plan.starts_on,
            goal=2,
            goal_on=plan.goal_on,
            starts_on=plan.starts_on,
            review_on=plan.review_on,
            started_by=cast.cora,
        )


@pytest.mark.parametrize(
    "changes",
    [
        {"goal": 80.0},
        {"goal": 999.0},
        {"baseline": -4.0},
        {"weekdays": []},
        {"review_on": dt.date(2020, 1, 1)},
    ],
)
def test_a_goal_that_makes_no_sense_is_refused_in_a_sentence(cast, changes):
    with pytest.raises(DomainError):
        start(cast, **changes)
    assert not cast.jonas.plans.exists()


@pytest.mark.parametrize("person", ["ana", "pia", "ada", "zed", "sol"])
def test_who_may_not_start_a_plan(cast, person):
    """Sol may start plans, but does not see Jonas."""
    with pytest.raises(PermissionDenied):
        start(cast, actor=getattr(cast, person))


@pytest.mark.parametrize("theirs", ["strategy", "provider", "measure"])
def test_nothing_of_another_school_goes_into_a_plan(cast, theirs):
    from tests.conftest import make_measure, make_strategy

    other = {
        "strategy": make_strategy(cast.other_school),
        "provider": cast.staff.zed,
        "measure": make_measure(cast.other_school),
    }
    with pytest.raises(DomainError, match="must belong to the student’s school"):
        start(cast, **{theirs: other[theirs]})
    assert not cast.jonas.plans.exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"goal": 92.0}, "The goal must be better than the baseline."),
        ({"goal": 91.9}, "The goal must be better than the baseline."),
        ({"goal": 250.1}, "The goal must be on the scale of Oral reading fluency, 0 to 250."),
        ({"goal": float("nan")}, "The goal must be on the scale of Oral reading fluency, 0 to 250."),
        ({"baseline": float("nan")}, "The baseline must be on the scale of Oral reading fluency, 0 to 250."),
        ({"weekdays": []}, "Choose the days on which it is delivered."),
        (
            {"goal_on": TODAY + dt.timedelta(days=733)},
            "A plan can last up to two years. Choose an earlier goal date.",
        ),
    ],
)
def test_an_invalid_goal_gets_a_reason(cast, changes, words):
    with pytest.raises(DomainError) as caught:
        start(cast, **changes)
    assert str(caught.value) == words


def test_where_lower_is_better_a_goal_lies_under_the_baseline(cast):
    cast.fluency.higher_is_better = False
    cast.fluency.save()
    with pytest.raises(DomainError, match="better than the baseline"):
        start(cast)
    assert start(cast, baseline=92.0, goal=91.9).goal == 91.9


@pytest.mark.parametrize(("days", "is_fine"), [(0, False), (1, True), (84, True), (85, False)])
def test_the_review_lies_between_tomorrow_and_the_goals_day(cast, days, is_fine):
    review_on = cast.school.today() + dt.timedelta(days=days)
    if is_fine:
        assert start(cast, review_on=review_on).review_on == review_on
    else:
        with pytest.raises(DomainError, match="after today and the first day, and by the goal date"):
            start(cast, review_on=review_on)


def test_the_baseline_is_dated_on_the_last_score_it_can_come_from(cast):
    """Scores of six weeks; without one, the day of the start."""
    assert start(cast).baseline_on == cast.school.today() - dt.timedelta(days=2)
    cast.jonas.plans.all().delete()
    cast.jonas.scores.all().delete()
    assert start(cast).baseline_on == cast.school.today()


def test_two_who_start_the_same_plan_at_the_same_moment_make_one(cast, monkeypatch):
    """The other plan is inserted between the check and the insert."""
    first = start(cast)
    seen = iter([None, first])
    monkeypatch.setattr(plans, "_running", lambda *_args: next(seen))
    assert start(cast, despite=True) == first
    seen = iter([None, None])
    with pytest.raises(DomainError, match="at the same moment"):
        start(cast, despite=True)
    assert cast.jonas.plans.count() == 1
