"""What meetings recorded about a student or a plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from collab.actions.models import Action
from collab.actions.permissions import actions_visible_to
from collab.agendas.models import AgendaItem
from collab.agendas.permissions import items_visible_to
from collab.decisions.models import Decision
from teams.access.permissions import may_take_part
from teams.access.prepared import prepared_rows
from teams.access.readers import reader_of

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
    return _threads(user, student.pk, None, None)


def plan_threads(user: User, plan: Plan) -> Threads:
    """Threads about ``plan`` from meetings that the user may see."""
    return _threads(user, None, plan.pk, plan.candidate_id)


def _threads(user: User, student: int | None, plan: int | None, candidate: int | None) -> Threads:
    reader = reader_of(user)
    rows = prepared_rows(_visits, reader, student, plan, candidate)
    return Threads(
        visits=rows,
        decisions=prepared_rows(_decisions_on, [row.pk for row in rows]),
        actions=prepared_rows(_actions_about, reader, student, plan),
    )


def _visits(user: User, student: int | None, plan: int | None, candidate: int | None) -> QuerySet[AgendaItem]:
    if student:
        about = Q(topic__candidate__student=student) | Q(topic__plan__student=student)
    else:
        about = Q(topic__plan=plan) | (Q(topic__candidate=candidate) if candidate else Q(pk__in=[]))
    visits = AgendaItem.objects.filter(
        about, pk__in=items_visible_to(user).exclude(meeting=None).values("pk")
    ).exclude(state="moved")
    return visits.select_related("meeting__team", "topic").distinct().order_by("-meeting__starts_at")[:8]


def _decisions_on(items: list[int]) -> QuerySet[Decision]:
    return Decision.objects.filter(item__in=items).select_related("item__meeting").order_by("-pk")


def _actions_about(user: User, student: int | None, plan: int | None) -> QuerySet[Action]:
    about = {"student": student} if student else {"plan": plan}
    actions = Action.objects.filter(**about, pk__in=actions_visible_to(user).values("pk"))
    return actions.select_related("owner__user", "team").order_by("-pk")[:8]


def dashboard_teams(user: User, team: Team) -> bool:
    """Whether the user may add to the agenda of ``team``."""
    return may_take_part(user, team)
