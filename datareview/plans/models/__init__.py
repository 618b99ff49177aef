from datareview.plans.models.groups import GroupMember, PlanGroup
from datareview.plans.models.plans import Plan, PlanQuerySet

__all__ = ["GroupMember", "Plan", "PlanGroup", "PlanQuerySet"]
