"""Which substitutions an administrator may end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from teams.access.permissions import schools_where
from teams.directory.models import Substitution

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import User


def substitutions_visible_to(user: User) -> QuerySet[Substitution]:
    """Substitutions at the schools whose people the user may edit."""
    rows = Substitution.objects.filter(replaced__school__in=schools_where(user, "edit_people"))
    return rows.select_related("replaced__school", "replaced__user", "substitute__user")
