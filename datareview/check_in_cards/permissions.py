"""Who may give points, and who may set up a card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datareview.plans.models import Plan
from datareview.plans.permissions import may_deliver, may_review, plans_visible_to

if TYPE_CHECKING:
    from teams.directory.models import User


def may_give_points(user: User, plan: Plan) -> bool:
    """Everyone who works with the student, while the plan runs: the card goes from class to class."""
    return plan.state == Plan.State.ACTIVE and plans_visible_to(user).filter(pk=plan.pk).exists()


def may_set_up(user: User, plan: Plan) -> bool:
    """Who may review the plan, while it runs."""
    return plan.state == Plan.State.ACTIVE and may_review(user, plan)


def may_check(user: User, plan: Plan) -> bool:
    """Who delivers the plan checks in and out: checking out enters a score."""
    return plan.state == Plan.State.ACTIVE and may_deliver(user, plan)
