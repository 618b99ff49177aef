"""Who may see, lead and arrange groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from datareview.plans.models import GroupMember, PlanGroup
from datareview.plans.permissions import provider_ids
from datareview.records.permissions import students_visible_to
from teams.access.conditions import one_of
from teams.access.permissions import can, schools_where

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import User


def groups_visible_to(user: User) -> QuerySet[PlanGroup]:
    """Groups of the schools where the user arranges plans, those they lead, and those of students they may see."""
    theirs = GroupMember.objects.filter(one_of(students_visible_to(user), "plan__student"))
    return PlanGroup.objects.filter(
        Q(school__in={*schools_where(user, "start_plan"), *schools_where(user, "triage")})
        | Q(provider__in=provider_ids(user))
        | Q(pk__in=theirs.values("group"))
    )


def may_lead(user: User, group: PlanGroup) -> bool:
    """Whether the user may log the group's sessions and scores: who leads it or their substitute, and who may triage."""
    theirs = group.provider_id in provider_ids(user) or can(user, "triage", group.school)
    return theirs and can(user, "deliver_plan", group.school)


def may_arrange(user: User, group: PlanGroup) -> bool:
    """Whether the user may change the group's schedule and members, and end it."""
    return can(user, "start_plan", group.school)
