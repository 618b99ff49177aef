"""What meetings recorded about a student or a plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from collab.agendas.models import AgendaItem
from collab.agendas.permissions import items_visible_to
from collab.followup.models import Action, Decision
from collab.followup.permissions import actions_visible_to
from teams.access.permissions import may_take_part

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from datareview.plans.models import Plan
    from datareview.records.models import Student
    from teams.directory.models import Team, User


@dataclass(frozen=True, slots=True)
class Threads:
    """Agenda items, decisions and action items about a subject."""

    visits: list[AgendaItem]
    decisions: list[Decision]
    actions: list[Action]


def student_threads(user: User, student: Student) -> Threads:
    """Threads about ``student`` from meetings that the user may see."""
    visits = AgendaItem.objects.filter(topic__candidate__student=student) | AgendaItem.objects.filter(
        topic__plan__student=student
    )
    return _threads(user, visits, Action.objects.filter(student=student))


def plan_threads(user: User, plan: Plan) -> Threads:
    """Threads about ``plan`` from meetings that the user may see."""
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


def dashboard_teams(user: User, team: Team) -> bool:
    """Whether the user may add to the agenda of ``team``."""
    return may_take_part(user, team)
