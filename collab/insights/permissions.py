"""Who may see a team's meeting effectiveness."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from teams.access.permissions import teams_visible_to, visible_team_ids
from teams.access.scope import scope_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import Team, User


def effectiveness_visible_to(user: User) -> QuerySet[Team]:
    """Teams whose meeting effectiveness the user may see: own ones, and those shared with leaders."""
    return teams_visible_to(user).filter(Q(pk__in=scope_of(user).team_ids) | Q(shares_value=True))


def may_see_effectiveness(user: User, team: Team) -> bool:
    """`effectiveness_visible_to` for a team that is loaded."""
    return team.pk in visible_team_ids(user) and (team.shares_value or team.pk in scope_of(user).team_ids)
