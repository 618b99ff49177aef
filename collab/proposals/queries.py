"""Teams to which a candidate or a chart can be sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from collab.agendas.models import AgendaItem
from collab.meetings.queries.meetings import next_meetings_of
from datareview.records.queries.teams import responsible_teams
from teams.access.permissions import can, may_take_part
from teams.access.prepared import prepared_rows

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from collab.meetings.models import Meeting
    from datareview.flags.models import Candidate
    from datareview.records.models import Student
    from teams.directory.models import Team, User


@dataclass(frozen=True, slots=True)
class SendChoices:
    """Where a candidate already is on an agenda, or the teams it may be sent to with their next meetings."""

    visit: AgendaItem | None
    teams: list[tuple[Team, Meeting | None]]


def send_choices(user: User, candidate: Candidate) -> SendChoices:
    """Teams that ``candidate`` may be sent to; empty if the user may not send it."""
    visit = next(iter(prepared_rows(_visit, candidate.pk)), None)
    may_send = can(user, "triage", candidate.student.school)
    teams = [
        team
        for team in (responsible_teams(candidate.student) if visit is None else [])
        if may_send or may_take_part(user, team)
    ]
    meetings = next_meetings_of(teams)
    return SendChoices(visit=visit, teams=[(team, meetings.get(team.pk)) for team in teams])


def recipient_teams(user: User, student: Student) -> list[Team]:
    """Teams of the user that work with ``student``."""
    return [team for team in responsible_teams(student) if may_take_part(user, team)]


def _visit(candidate_id: int) -> QuerySet[AgendaItem]:
    about = Q(topic__candidate=candidate_id) | Q(topic__joined=candidate_id)
    rows = AgendaItem.objects.filter(about, state__in=["waiting", "current"]).distinct()
    return rows.select_related("meeting", "topic__team").order_by("position", "pk")[:1]
