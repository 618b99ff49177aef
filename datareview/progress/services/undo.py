"""Undo a review of a plan: the plan is as it was before, and the review stays in its history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from datareview.plans.models import GroupMember, Plan, PlanGroup
from datareview.plans.permissions import may_review
from datareview.progress.models import PhaseChange, Review
from datareview.progress.queries.undoing import obstacle_to_undo
from datareview.records.models import Student
from teams.audit.services import record_event
from teams.lib import clock
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from teams.directory.models import User


@transaction.atomic
def undo_review(review: Review, *, actor: User) -> list[PlanGroup]:
    """Undo the newest review of a plan: dates, state, phase line and seats are as before. A second click changes nothing.

    Returns the groups whose seat is taken by now, so that the student is not in them again. Raises DomainError if
    something that the review changed was changed again.
    """
    rows = Plan.objects.select_for_update(of=("self",), no_key=True)
    plan = rows.select_related("student__school", "provider__user").get(pk=review.plan_id)
    review = Review.objects.get(pk=review.pk)
    if not may_review(actor, plan):
        raise PermissionDenied
    if review.undone_at:
        return []
    newest = plan.reviews.standing().order_by("-pk").first()
    if problem := obstacle_to_undo(review, plan, newest):
        raise DomainError(problem)
    if plan.state == Plan.State.ENDED and plan.student.status != Student.Status.ACTIVE:
        raise DomainError(_("The student has left the school."))
    plan.state, plan.outcome, plan.ended_on = Plan.State.ACTIVE, "", None
    plan.review_on = review.due_on
    try:
        with transaction.atomic():
            plan.save(update_fields=["state", "outcome", "ended_on", "review_on"])
    except IntegrityError:
        raise DomainError(_("The student has the same plan again. Review that one.")) from None
    _restore_line(review)
    full = _restore_seats(review)
    review.undone_at, review.undone_by = clock.now(), actor
    review.save(update_fields=["undone_at", "undone_by"])
    record_event(actor, "plan-review-undone", plan, school=plan.student.school, review=str(review.uuid))
    return full


def _restore_line(review: Review) -> None:
    changed = review.changed or {}
    if "line" not in changed:
        return
    line = PhaseChange.objects.get(plan=review.plan_id, changed_on=changed["line_on"])
    if changed["line_before"] is None:
        line.delete()
        return
    line.what, line.changed_by_id = changed["line_before"], changed["line_before_by"]
    line.save(update_fields=["what", "changed_by"])


def _restore_seats(review: Review) -> list[PlanGroup]:
    """Let the plan be in its running groups again. Returns those that are full."""
    full = []
    for member in GroupMember.objects.filter(pk__in=(review.changed or {}).get("seats", [])):
        group = PlanGroup.objects.select_for_update(no_key=True).get(pk=member.group_id)
        if group.ended_on:
            continue
        if group.seats is not None and group.members.filter(left_on=None).count() >= group.seats:
            full.append(group)
            continue
        member.left_on = None
        member.save(update_fields=["left_on"])
    return full
