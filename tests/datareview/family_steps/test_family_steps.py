"""No tier changes without a contact with the family, or the reason why there was none."""

from __future__ import annotations

import datetime as dt

import pytest

from datareview.case_rules.models import CaseRules
from datareview.family_steps.models import FamilyStep
from datareview.family_steps.services import NewStep, add_family_step, remove_family_step
from datareview.plans.models import Plan
from datareview.plans.services.plans import start_plan
from datareview.progress.services.changes import change_plan, plan_version
from datareview.progress.services.reviews import review_plan
from teams.lib.errors import DomainError

CALL = NewStep("call", "They agree")
NEEDED = "Before a tier changes, the family is contacted, or there is a reason why not: "


@pytest.fixture(autouse=True)
def _asked(cast):
    CaseRules.objects.create(school=cast.school, asks_family=True)


def start(cast, family=None):
    today = cast.school.today()
    return start_plan(
        cast.jonas,
        actor=cast.cora,
        strategy=cast.strategy,
        provider=cast.staff.sol,
        measure=cast.fluency,
        baseline=90,
        goal=110,
        goal_on=today + dt.timedelta(days=84),
        review_on=today + dt.timedelta(days=42),
        weekdays=[1],
        minutes=20,
        tier=2,
        concern="Reads slowly",
        family=family,
    )


def review(cast, decision, family=None):
    return review_plan(
        cast.plan,
        actor=cast.cora,
        decision=decision,
        reason="See the chart",
        next_review_on=cast.plan.review_on + dt.timedelta(days=28),
        what_changes="Daily",
        despite=True,
        family=family,
    )


def kept():
    return list(FamilyStep.objects.order_by("pk").values_list("plan__student__first_name", "occasion", "how"))


def test_a_plan_starts_with_a_family_step_only(cast):
    with pytest.raises(DomainError, match=f"^{NEEDED}{cast.jonas}.$"):
        start(cast)
    assert Plan.objects.filter(student=cast.jonas).count() == 0
    start(cast, NewStep("none", "The number is out of service; a letter is on its way"))
    assert kept() == [("Jonas", "start", "none")]


@pytest.mark.parametrize(
    ("decision", "occasion"),
    [("intensify", "intensify"), ("end", "exit"), ("fade", "exit"), ("refer", "exit")],
)
def test_a_plan_is_intensified_and_ends_with_a_family_step_only(cast, decision, occasion):
    with pytest.raises(DomainError, match=NEEDED):
        review(cast, decision)
    review(cast, decision, CALL)
    assert kept() == [("Maya", occasion, "call")]


def test_to_continue_needs_none(cast):
    review(cast, "continue")
    assert kept() == []


def test_a_contact_of_the_last_month_counts_and_a_reason_does_not(cast):
    for how, days, does in (("none", 1, False), ("call", 31, False), ("call", 30, True)):
        step = NewStep(how, "Said", cast.school.today() - dt.timedelta(days=days))
        add_family_step(cast.maya, cast.plan.pk, actor=cast.sol, step=step)
        if does:
            review(cast, "intensify")
        else:
            with pytest.raises(DomainError, match=NEEDED):
                review(cast, "intensify")


def test_a_removed_contact_does_not_count_until_it_is_restored(cast):
    step = add_family_step(cast.maya, cast.plan.pk, actor=cast.sol, step=CALL)
    remove_family_step(step, actor=cast.sol)
    with pytest.raises(DomainError, match=NEEDED):
        review(cast, "intensify")
    remove_family_step(step, actor=cast.sol, back=True)
    review(cast, "intensify")


def test_another_tier_needs_one_and_another_time_does_not(cast):
    def change(family=None, **values):
        plan = Plan.objects.get(pk=cast.plan.pk)
        seen = plan_version(plan)
        change_plan(plan, actor=cast.cora, why="Slow", seen=seen, values=values, family=family)

    change(minutes=30)
    with pytest.raises(DomainError, match=NEEDED):
        change(tier=3)
    change(CALL, tier=3)
    assert kept() == [("Maya", "tier", "call")]


def test_the_page_keeps_what_was_typed_and_shows_the_step_on_the_plan(cast, as_user):
    client = as_user(cast.cora)
    at = f"/plans/{cast.plan.uuid}/review/"
    sent = {
        "decision": "intensify",
        "reason": "See the chart",
        "what_changes": "Daily",
        "next_review_on": (cast.plan.review_on + dt.timedelta(days=28)).isoformat(),
        "due_on": cast.plan.review_on.isoformat(),
    }
    refused = client.post(at, sent)
    assert refused.status_code == 422
    assert "See the chart" in refused.content.decode()
    client.post(at, {**sent, "family_how": "call", "family_said": "They agree to mornings"})
    page = client.get(f"/plans/{cast.plan.uuid}/").content.decode()
    assert "They agree to mornings" in page
    assert kept() == [("Maya", "intensify", "call")]


def test_words_without_a_way_are_asked_about(cast, as_user):
    answer = as_user(cast.cora).post(
        f"/students/{cast.maya.uuid}/family-steps/", {"family_said": "They agree", "plan": cast.plan.uuid}
    )
    assert "They agree" in answer.content.decode()
    assert kept() == []
