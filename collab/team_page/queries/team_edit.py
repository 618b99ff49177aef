"""The page that edits a team: its members, now and before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from collab.meetings.models import Meeting
from collab.protocols.models import Protocol
from teams.names.columns import people_order
from teams.team_admin.permissions import may_edit_members, may_edit_team
from teams.team_admin.queries import former_lead_of, last_day_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import School, Team, TeamMember, User


@dataclass(frozen=True, slots=True)
class TeamEdit:
    """A team with its members now and to come, those who left, and what the reader may change."""

    team: Team
    members: list[TeamMember]
    former: list[TeamMember]
    former_lead: TeamMember | None
    planned: int
    may_edit: bool
    may_edit_members: bool


def edited_team(user: User, team: Team) -> TeamEdit:
    """Everything on the page, in a constant number of queries."""
    today = team.school.today()
    rows = team.members.select_related("staff__user", "team__school")
    members: list[TeamMember] = []
    former: list[TeamMember] = []
    for member in rows.order_by("-is_lead", *people_order("staff__user__"), "pk"):
        last = last_day_of(member)
        (former if last is not None and last < today else members).append(member)
    return TeamEdit(
        team=team,
        members=members,
        former=former,
        former_lead=former_lead_of(team),
        planned=Meeting.objects.filter(team=team, state=Meeting.State.PLANNED).count(),
        may_edit=may_edit_team(user, team),
        may_edit_members=may_edit_members(user, team),
    )


def usual_protocols(school: School) -> QuerySet[Protocol]:
    """Protocols that a team of ``school`` may be expected to follow: built-in ones and those of its teams."""
    rows = Protocol.objects.filter(team=None) | Protocol.objects.filter(team__school=school)
    return rows.filter(is_retired=False).order_by("name", "pk")
