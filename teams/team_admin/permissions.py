"""Who may edit teams and their members."""

from __future__ import annotations

from typing import TYPE_CHECKING

from teams.access.permissions import can, is_in

if TYPE_CHECKING:
    from teams.directory.models import Team, User


def may_edit_team(user: User, team: Team) -> bool:
    """Whether the user may rename, change and archive ``team``."""
    return can(user, "edit_teams", team.school)


def may_edit_members(user: User, team: Team) -> bool:
    """Whether the user may change who is in ``team``: who edits teams, and its leads if the school allows it."""
    return may_edit_team(user, team) or (team.school.leads_edit_members and is_in(user, team, lead=True))
