"""The protocols a person may use."""

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
    """Built-in protocols, own ones in use, and own ones that were taken out."""

    built_in: list[Protocol]
    own: list[Protocol]
    retired: list[Protocol]


def protocols_visible_to(user: User) -> QuerySet[Protocol]:
    """Built-in protocols, and those of the teams the user may see."""
    return Protocol.objects.filter(Q(team=None) | Q(team__in=teams_visible_to(user))).select_related(
        "team__school"
    )


def library_of(user: User, school: School) -> Library:
    """The library with the length of each protocol in minutes (``length``) and its number of steps."""
    rows = protocols_visible_to(user).filter(Q(team=None) | Q(team__school=school))
    rows = rows.annotate(length=Sum("steps__minutes"), many=Count("steps")).order_by("name")
    found = list(rows)
    return Library(
        built_in=[row for row in found if row.team_id is None],
        own=[row for row in found if row.team_id and not row.is_retired],
        retired=[row for row in found if row.is_retired],
    )


def protocols_for(user: User, school: School) -> QuerySet[Protocol]:
    """Built-in protocols, and those of own teams, with their length in minutes."""
    rows = Protocol.objects.filter(Q(team=None) | Q(team__in=plannable_teams(user, school)))
    return rows.filter(is_retired=False).order_by("name")
