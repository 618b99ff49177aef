"""Planned meetings that can take over a protocol."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from collab.meetings.models import Meeting
from teams.access.permissions import plannable_teams
from teams.lib import clock

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from collab.protocols.models import Protocol
    from teams.directory.models import School, User

MOST = 60  # meetings to choose from


@dataclass(frozen=True, slots=True)
class Adoptable:
    """A planned meeting, and whether it follows the protocol or the one of which that is a copy."""

    meeting: Meeting
    follows: bool

    @property
    def key(self) -> str:
        """Its public id."""
        return str(self.meeting.uuid)


def meetings_to_adopt(user: User, school: School, protocol: Protocol) -> QuerySet[Meeting]:
    """Planned meetings to come of the teams for which ``user`` plans; of the protocol's team only, if it has one."""
    teams = plannable_teams(user, school)
    if protocol.team_id:
        teams = teams.filter(pk=protocol.team_id)
    rows = Meeting.objects.filter(team__in=teams, state=Meeting.State.PLANNED, starts_at__gt=clock.now())
    return rows.select_related("team__school", "protocol").order_by("starts_at", "pk")


def adoptable_meetings(user: User, school: School, protocol: Protocol) -> list[Adoptable]:
    """The next meetings that can take over ``protocol``. Those that follow it, or its original, are the likely choice."""
    known = {protocol.pk, protocol.copied_from_id}
    rows = meetings_to_adopt(user, school, protocol)
    if protocol.team_id is None:  # of all teams, those that follow another protocol are not asked about
        rows = rows.filter(Q(protocol=None) | Q(protocol=protocol))
    return [Adoptable(meeting, meeting.protocol_id in known) for meeting in rows[:MOST]]
