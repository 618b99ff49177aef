from datareview.plans.models.groups import GroupMember, PlanGroup
from datareview.plans.models.plans import Plan, PlanQuerySet
from datareview.plans.models.worked import WorkedRelease

__all__ = ["GroupMember", "Plan", "PlanGroup", "PlanQuerySet", "WorkedRelease"]
