"""What the views of groups share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404

from datareview.delivery.permissions import groups_visible_to
from datareview.plans.permissions import plans_visible_to
from teams.access.conditions import one_of

if TYPE_CHECKING:
    from uuid import UUID

    from datareview.plans.models import GroupMember, PlanGroup
    from teams.lib.requests import SchoolRequest


def visible_group(request: SchoolRequest, uuid: UUID) -> PlanGroup:
    """The group if the user may see it, otherwise 404."""
    rows = groups_visible_to(request.user)
    return get_object_or_404(
        rows.select_related("school", "strategy", "provider__user", "measure"), uuid=uuid
    )


def visible_member(request: SchoolRequest, group: PlanGroup, pk: int) -> GroupMember:
    """The member of ``group`` if the user may see the student, otherwise 404."""
    rows = group.members.filter(one_of(plans_visible_to(request.user), "plan"))
    return get_object_or_404(rows.select_related("plan__student__school", "group__school"), pk=pk)
