"""Groups of plans."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from datareview.plans.models import GroupMember, PlanGroup

if TYPE_CHECKING:
    from types import SimpleNamespace


def make_group(
    side: SimpleNamespace, *, name: str = "Fluency", plans: Any = None, **fields: Any
) -> PlanGroup:
    """A group that Sol leads with the cast's plan, on its schedule at 10:10 in the library."""
    plan = side.plan
    values = {
        "strategy": plan.strategy,
        "measure": plan.measure,
        "provider": plan.provider,
        "weekdays": plan.weekdays,
        "time": dt.time(10, 10),
        "minutes": plan.minutes,
        "place": "Library",
        "seats": 5,
        "starts_on": plan.starts_on,
        "goal_on": plan.goal_on,
        "review_on": plan.review_on,
        "started_by": plan.started_by,
    }
    group = PlanGroup.objects.create(school=side.school, name=name, **{**values, **fields})
    for one in [plan] if plans is None else plans:
        GroupMember.objects.create(group=group, plan=one, joined_on=group.starts_on)
    return group
