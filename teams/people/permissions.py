"""Whose rows an administrator may see and change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from teams.access.permissions import schools_where
from teams.directory.models import Staff

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import User


def people_visible_to(user: User) -> QuerySet[Staff]:
    """Staff, with those who left, of the schools whose people the user may edit."""
    return Staff.objects.filter(school__in=schools_where(user, "edit_people")).select_related(
        "user", "school"
    )
