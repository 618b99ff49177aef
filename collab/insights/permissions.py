"""Who may see a team's meeting effectiveness."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from teams.access.permissions import teams_visible_to
from teams.access.scope import scope_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import Team, User


def effectiveness_visible_to(user: User) -> QuerySet[Team]:
    """Teams whose meeting effectiveness the user may see: own ones, and those shared with leaders."""
    return teams_visible_to(user).filter(Q(pk__in=scope_of(user).team_ids) | Q(shares_value=True))
