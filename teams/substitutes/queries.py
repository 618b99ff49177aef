"""Who can be a substitute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from teams.access.permissions import TEAM_ROLES
from teams.directory.models import Staff

if TYPE_CHECKING:
    from django.db.models import QuerySet


def colleagues_of(staff: Staff) -> QuerySet[Staff]:
    """Who can be chosen as a substitute for ``staff``: who works in teams only, and has not left."""
    rows = Staff.objects.filter(school=staff.school, role__in=TEAM_ROLES).exclude(pk=staff.pk)
    return rows.exclude(ends_on__lt=staff.school.today()).select_related("user")
