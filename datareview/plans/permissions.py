"""Who may see, deliver and review plans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datareview.plans.models import Plan
from datareview.records.permissions import students_visible_to
from teams.access.conditions import one_of
from teams.access.permissions import can
from teams.access.scope import scope_of

if TYPE_CHECKING:
    from datareview.plans.models import PlanQuerySet
    from teams.directory.models import User


def plans_visible_to(user: User) -> PlanQuerySet:
    """Plans of the students the user may see."""
    return Plan.objects.filter(one_of(students_visible_to(user), "student"))


def may_deliver(user: User, plan: Plan) -> bool:
    """Whether the user may log sessions and scores of ``plan``: its provider or their substitute, or who may triage."""
    theirs = provides(user, plan) or can(user, "triage", plan.student.school)
    return theirs and can(user, "deliver_plan", plan.student.school)


def may_review(user: User, plan: Plan) -> bool:
    """Whether the user may review ``plan``: its provider or their substitute, and for all plans who may triage."""
    theirs = provides(user, plan) or can(user, "triage", plan.student.school)
    return theirs and can(user, "review_plan", plan.student.school)


def provides(user: User, plan: Plan) -> bool:
    """Whether the user is the provider of ``plan``, or their substitute today."""
    return plan.provider_id in provider_ids(user)


def provider_ids(user: User) -> set[int]:
    """Ids of the staff rows whose plans the user provides today: their own, and of those whose substitute they are."""
    scope = scope_of(user)
    return {*scope.employed_ids, *scope.replaced_ids}
