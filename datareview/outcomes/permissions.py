"""Who may ask which question, and which plans the answer counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datareview.plans.models import Plan
from datareview.plans.permissions import plans_visible_to, provider_ids
from teams.access.permissions import can

if TYPE_CHECKING:
    from datareview.plans.models import PlanQuerySet
    from teams.directory.models import School, User

# Question → the abilities of which one suffices.
ASKED_WITH = {
    "caseload": ("see_school", "start_plan"),
    "minutes": ("see_school", "join_teams"),
    "strategies": ("see_school", "start_plan"),
    "tiers": ("see_school", "join_teams"),
    "flags": ("see_school",),
    "requests": ("see_school",),
    "seats": ("see_school",),
}


def may_ask(user: User, school: School, key: str) -> bool:
    """Whether the user may open the page of a question."""
    return any(can(user, ability, school) for ability in ASKED_WITH.get(key, ()))


def plans_counted_for(user: User, school: School) -> PlanQuerySet:
    """Plans that answers count: all of the school, those that a specialist provides, or those of students one sees.

    Answers name no student, so that a provider's own plans count when they have ended, too.
    """
    plans = Plan.objects.filter(student__school=school).exclude(state=Plan.State.DRAFT)
    if can(user, "see_school", school):
        return plans
    if can(user, "start_plan", school):
        return plans.filter(provider__in=provider_ids(user))
    return plans_visible_to(user).filter(student__school=school).exclude(state=Plan.State.DRAFT)
