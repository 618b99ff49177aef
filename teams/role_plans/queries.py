"""The planned change of role of a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from teams.role_plans.models import RolePlan

if TYPE_CHECKING:
    from teams.directory.models import Staff


def role_plan_of(staff: Staff) -> RolePlan | None:
    """The change of role that is planned for ``staff``."""
    return RolePlan.objects.select_related("staff__school", "staff__user").filter(staff=staff).first()
