"""Teams to which a candidate or a chart can be sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from collab.agendas.models import AgendaItem
from collab.meetings.queries.meetings import next_meeting_of
from datareview.records.permissions import teams_of_student
from teams.access.permissions import can, may_take_part

if TYPE_CHECKING:
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
    visit = (
        AgendaItem.objects.filter(topic__candidate=candidate, state__in=["waiting", "current"])
        .select_related("meeting", "topic__team")
        .first()
    )
    teams = teams_of_student(candidate.student) if visit is None else []
    may_send = can(user, "triage", candidate.student.school)
    return SendChoices(
        visit=visit,
        teams=[(team, next_meeting_of(team)) for team in teams if may_send or may_take_part(user, team)],
    )


def recipient_teams(user: User, student: Student) -> list[Team]:
    """Teams of the user that work with ``student``."""
    return [team for team in teams_of_student(student) if may_take_part(user, team)]
