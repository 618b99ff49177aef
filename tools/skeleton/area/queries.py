"""The page of things."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from areaapp.things.permissions import things_visible_to
from teams.access.permissions import may_take_part, teams_visible_to

if TYPE_CHECKING:
    from areaapp.things.models import Thing
    from teams.directory.models import School, Team, User


@dataclass(frozen=True, slots=True)
class ThingList:
    """Things, newest first, and the teams to which the user may add things."""

    things: list[Thing]
    teams: list[Team]


def things_of(user: User, school: School) -> ThingList:
    """Things of the teams of ``school`` that the user may see."""
    things = things_visible_to(user).filter(team__school=school).select_related("team")
    teams = teams_visible_to(user).filter(school=school).select_related("school")
    return ThingList(things=list(things), teams=[team for team in teams if may_take_part(user, team)])
