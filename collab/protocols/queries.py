"""Protocols that a user can see and choose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q, Sum

from collab.protocols.models import Protocol
from teams.access.permissions import plannable_teams, teams_visible_to

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import School, User


@dataclass(frozen=True, slots=True)
class Library:
    """Built-in protocols, teams' own active ones, and retired ones."""

    built_in: list[Protocol]
    own: list[Protocol]
    retired: list[Protocol]


def protocols_visible_to(user: User) -> QuerySet[Protocol]:
    """Built-in protocols, and those of the teams the user may see."""
    return Protocol.objects.filter(Q(team=None) | Q(team__in=teams_visible_to(user))).select_related(
        "team__school"
    )


def library_of(user: User, school: School) -> Library:
    """The school's library, each protocol with its length in minutes (``length``) and step count (``many``)."""
    rows = protocols_visible_to(user).filter(Q(team=None) | Q(team__school=school))
    rows = rows.annotate(length=Sum("steps__minutes"), many=Count("steps")).order_by("name")
    found = list(rows)
    return Library(
        built_in=[row for row in found if row.team_id is None],
        own=[row for row in found if row.team_id and not row.is_retired],
        retired=[row for row in found if row.is_retired],
    )


def protocols_for(user: User, school: School) -> QuerySet[Protocol]:
    """Active protocols to choose from: built-in ones and those of teams the user plans for."""
    rows = Protocol.objects.filter(Q(team=None) | Q(team__in=plannable_teams(user, school)))
    return rows.filter(is_retired=False).order_by("name")
