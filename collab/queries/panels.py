"""What meetings know about a student, a candidate or a plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from collab.models.actions import Action
from collab.models.agendas import AgendaItem
from collab.models.decisions import Decision
from collab.permissions import actions_visible_to, items_visible_to, may_take_part
from collab.queries.meetings import next_meeting_of
from datareview.records.permissions import teams_of_student
from teams.access.permissions import can

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from collab.models.meetings import Meeting
    from datareview.flags.models import Candidate
    from datareview.plans.models import Plan
    from datareview.records.models import Student
    from teams.directory.models import Team, User


@dataclass(frozen=True, slots=True)
class Threads:
    """Where a subject was, is and will be talked about; what was decided and promised."""

    visits: list[AgendaItem]
    decisions: list[Decision]
    actions: list[Action]


@dataclass(frozen=True, slots=True)
class SendChoices:
    """Where a candidate is on an agenda, or the teams it may be sent to with their next meeting."""

    visit: AgendaItem | None
    teams: list[tuple[Team, Meeting | None]]


def student_threads(user: User, student: Student) -> Threads:
    """What the meetings the user may see say of ``student``."""
    visits = AgendaItem.objects.filter(topic__candidate__student=student) | AgendaItem.objects.filter(
        topic__plan__student=student
    )
    return _threads(user, visits, Action.objects.filter(student=student))


def plan_threads(user: User, plan: Plan) -> Threads:
    """What the meetings the user may see say of ``plan``."""
    visits = AgendaItem.objects.filter(topic__plan=plan)
    if plan.candidate_id:
        visits = visits | AgendaItem.objects.filter(topic__candidate=plan.candidate_id)
    return _threads(user, visits, Action.objects.filter(plan=plan))


def _threads(user: User, visits: QuerySet[AgendaItem], actions: QuerySet[Action]) -> Threads:
    visits = (
        visits.filter(pk__in=items_visible_to(user).exclude(meeting=None).values("pk"))
        .exclude(state="moved")
        .select_related("meeting__team", "topic")
    )
    rows = list(visits.distinct().order_by("-meeting__starts_at")[:8])
    return Threads(
        visits=rows,
        decisions=list(
            Decision.objects.filter(item__in=rows).select_related("item__meeting").order_by("-pk")
        ),
        actions=list(
            actions.filter(pk__in=actions_visible_to(user).values("pk"))
            .select_related("owner__user", "team")
            .order_by("-pk")[:8]
        ),
    )


def send_choices(user: User, candidate: Candidate) -> SendChoices:
    """Where ``candidate`` may go; empty where the user may not send it."""
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


def teams_to_tell(user: User, student: Student) -> list[Team]:
    """Teams that work with ``student`` and that the user takes part in."""
    return [team for team in teams_of_student(student) if may_take_part(user, team)]


def dashboard_teams(user: User, team: Team) -> bool:
    """Whether the user may put something on the agenda of ``team``."""
    return may_take_part(user, team)
