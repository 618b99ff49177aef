"""Undo a review: what it changed is as before, and it stays in the plan's history."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from datareview.plans.models import Plan
from datareview.progress.models import PhaseChange, Review
from datareview.progress.services.changes import change_plan, plan_version
from datareview.progress.services.reviews import reopen_plan, review_plan
from datareview.progress.services.undo import undo_review
from datareview.records.models import Student
from teams.audit.models import AuditEvent
from teams.lib.errors import DomainError
from tests.conftest import TODAY, make_plan
from tests.factories.groups import make_group

LATER = TODAY + dt.timedelta(weeks=6)


def review(cast, decision="continue", *, actor=None, **changes):
    cast.plan.refresh_from_db()
    values = {
        "reason": "Growing",
        "next_review_on": LATER,
        "due_on": cast.plan.review_on,
        "despite": True,
    }
    return review_plan(cast.plan, actor=actor or cast.cora, decision=decision, **{**values, **changes})


def figures(cast):
    plan = Plan.objects.get(pk=cast.plan.pk)
    return (
        plan.state,
        plan.outcome,
        plan.ended_on,
        plan.review_on,
        [str(one) for one in plan.phase_changes.all()],
    )


@pytest.mark.parametrize(
    ("decision", "what_changes"),
    [("continue", ""), ("change", "Smaller group"), ("intensify", "Daily"), ("end", ""), ("refer", "")],
)
def test_the_plan_is_as_it_was_and_the_review_stays(cast, decision, what_changes):
    before = figures(cast)
    done = review(cast, decision, what_changes=what_changes)
    assert figures(cast) != before
    assert undo_review(done, actor=cast.cora) == []
    assert figures(cast) == before
    kept = Review.objects.get()
    assert (kept.decision, kept.reason, kept.undone_by) == (decision, "Growing", cast.cora)
    assert AuditEvent.objects.filter(verb="plan-review-undone").count() == 1
    undo_review(done, actor=cast.cora)  # a second click
    assert AuditEvent.objects.filter(verb="plan-review-undone").count() == 1
    review(cast, "fade")  # the same date can be decided again
    assert [one.decision for one in Review.objects.standing()] == ["fade"]


def test_words_of_a_phase_line_come_back_with_who_wrote_them(cast):
    PhaseChange.objects.create(
        plan=cast.plan, changed_on=TODAY, what="Mon → Tue", changed_by=cast.sol, weekdays_before=[0]
    )
    undo_review(review(cast, "change", what_changes="Smaller group"), actor=cast.cora)
    line = PhaseChange.objects.get()
    assert (line.what, line.changed_by, line.weekdays_before) == ("Mon → Tue", cast.sol, [0])


def test_two_reviews_of_a_day_are_undone_one_after_the_other(cast):
    before = figures(cast)
    first = review(cast, "change", what_changes="Smaller group")
    second = review(cast, "change", what_changes="Daily", next_review_on=LATER + dt.timedelta(weeks=1))
    with pytest.raises(DomainError, match="Only the newest"):
        undo_review(first, actor=cast.cora)
    undo_review(second, actor=cast.cora)
    assert figures(cast)[3:] == (LATER, ["Smaller group"])
    undo_review(first, actor=cast.cora)
    assert figures(cast) == before


def test_a_seat_in_a_running_group_comes_back_unless_it_is_taken(cast):
    group = make_group(cast, seats=1)
    done = review(cast, "end")
    assert group.members.filter(left_on=None).count() == 0
    assert undo_review(done, actor=cast.cora) == []
    assert [one.plan for one in group.members.filter(left_on=None)] == [cast.plan]
    done = review(cast, "end")
    other = make_plan(cast.jonas, cast.fluency, cast.strategy, cast.staff.sol, cast.team)
    group.members.create(plan=other, joined_on=TODAY)
    assert undo_review(done, actor=cast.cora) == [group]
    assert [one.plan for one in group.members.filter(left_on=None)] == [other]
    assert figures(cast)[0] == "active"


def test_a_group_that_ended_meanwhile_is_not_entered_again(cast):
    group = make_group(cast)
    done = review(cast, "end")
    group.ended_on = TODAY
    group.save()
    assert undo_review(done, actor=cast.cora) == []
    assert group.members.filter(left_on=None).count() == 0


def changed_again(cast):
    cast.plan.refresh_from_db()
    change_plan(cast.plan, actor=cast.sol, why="Room", seen=plan_version(cast.plan), values={"minutes": 30})


def reopened(cast):
    reopen_plan(cast.plan, actor=cast.cora, reason="Too early", next_review_on=LATER)


def same_again(cast):
    make_plan(cast.maya, cast.fluency, cast.strategy, cast.staff.sol, cast.team)


def left(cast):
    Student.objects.filter(pk=cast.maya.pk).update(status="left", left_on=TODAY)


def older(cast):
    Review.objects.update(changed=None)


@pytest.mark.parametrize(
    ("decision", "since", "words"),
    [
        ("change", changed_again, "changed since"),
        ("end", reopened, "changed since"),
        ("end", same_again, "same plan again"),
        ("end", left, "has left"),
        ("continue", older, "without what it changed"),
    ],
)
def test_what_happened_since_is_not_overwritten(cast, decision, since, words):
    done = review(cast, decision, what_changes="Smaller group")
    since(cast)
    before = figures(cast)
    with pytest.raises(DomainError, match=words):
        undo_review(done, actor=cast.cora)
    assert figures(cast) == before
    assert Review.objects.get().undone_at is None


@pytest.mark.parametrize("person", ["ana", "tom", "pia", "ada", "zed"])
def test_who_may_not_undo(cast, person):
    done = review(cast)
    with pytest.raises(PermissionDenied):
        undo_review(done, actor=getattr(cast, person))


def test_a_provider_who_ended_a_plan_can_undo_it_although_the_student_is_out_of_sight(cast, as_user):
    client = as_user(cast.sol)
    data = {"decision": "end", "reason": "Reached", "due_on": cast.plan.review_on, "despite": "on"}
    answer = client.post(f"/plans/{cast.plan.uuid}/review/", data)
    assert answer.url == "/plans/"
    done = Review.objects.get()
    undo = f"/plans/reviews/{done.uuid}/undo/"
    assert undo in client.get("/plans/").content.decode()
    assert client.post(undo).url == cast.plan.get_absolute_url()
    assert figures(cast)[0] == "active"
    assert undo not in client.get("/plans/").content.decode()


def test_the_desk_and_the_plan_offer_to_undo_and_the_history_says_who_did(cast, as_user):
    client = as_user(cast.cora)
    page = cast.plan.get_absolute_url()
    data = {
        "decision": "continue",
        "reason": "Growing",
        "due_on": cast.plan.review_on,
        "next_review_on": LATER,
    }
    client.post(f"/plans/{cast.plan.uuid}/review/", data)
    undo = f"/plans/reviews/{Review.objects.get().uuid}/undo/"
    for address in (page, "/desk/"):
        assert undo in client.get(address).content.decode()
    assert undo not in as_user(cast.ana).get(page).content.decode()
    client = as_user(cast.cora)
    client.post(undo)
    shown = " ".join(client.get(page).content.decode().split())
    assert undo not in shown
    assert f"undone by {cast.cora.short_name}" in shown
    assert "Growing" not in client.get(cast.maya.get_absolute_url()).content.decode()
