"""Who may see a team's meeting effectiveness."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from teams.access.permissions import teams_visible_to
from teams.directory.models import Team

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import User


def effectiveness_visible_to(user: User) -> QuerySet[Team]:
    """Teams whose meeting effectiveness the user may see: own ones, and those shared with leaders."""
    own = Team.objects.of_user(user.pk).values("pk")
    return teams_visible_to(user).filter(Q(pk__in=own) | Q(shares_value=True))
