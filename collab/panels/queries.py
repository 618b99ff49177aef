"""What meetings recorded about a student or a plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from collab.actions.models import Action
from collab.actions.permissions import actions_visible_to
from collab.agendas.models import AgendaItem, ItemReader, Topic
from collab.agendas.permissions import items_visible_to
from collab.decisions.models import Decision
from collab.meetings.models import Guest, Meeting
from datareview.flags.models import Candidate
from datareview.plans.models import Plan
from teams.access.conditions import one_of
from teams.access.permissions import may_take_part
from teams.access.prepared import prepared_rows
from teams.access.readers import reader_of
from teams.directory.models import Staff, Team, TeamMember
from teams.lib.request_cache import read_once

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from datareview.records.models import Student
    from teams.directory.models import School, User


@dataclass(frozen=True, slots=True)
class Threads:
    """Agenda items, decisions and action items about a subject."""

    school: School
    visits: list[AgendaItem]
    decisions: list[Decision]
    actions: list[Action]

    @property
    def next_visit(self) -> AgendaItem | None:
        """The item of the next meeting that speaks about the subject, or of the one that is live."""
        going_on = (Meeting.State.LIVE, Meeting.State.PLANNED)
        ahead = [
            (one.meeting.starts_at, one.pk, one)
            for one in self.visits
            if one.meeting and one.meeting.state in going_on
        ]
        return min(ahead)[2] if ahead else None

    @property
    def outcomes(self) -> list[tuple[AgendaItem, list[Decision]]]:
        """Each item with what was decided on it."""
        return [(one, [row for row in self.decisions if row.item_id == one.pk]) for one in self.visits]

    @property
    def days_since(self) -> int | None:
        """Days since the last meeting that spoke about the subject, or None without one."""
        held = [
            one.meeting for one in self.visits if one.meeting and one.meeting.state == Meeting.State.CLOSED
        ]
        if not held:
            return None
        last = max(meeting.starts_at for meeting in held)
        return (self.school.today() - last.astimezone(self.school.tz).date()).days


@read_once(
    Action, AgendaItem, Candidate, Decision, Guest, ItemReader, Meeting, Plan, Staff, Team, TeamMember, Topic
)
def student_threads(user: User, student: Student) -> Threads:
    """Threads about ``student`` from meetings that the user may see."""
    return _threads(user, student.school, student.pk, None, None)


def plan_threads(user: User, plan: Plan) -> Threads:
    """Threads about ``plan`` from meetings that the user may see."""
    return _threads(user, plan.student.school, None, plan.pk, plan.candidate_id)


def _threads(
    user: User, school: School, student: int | None, plan: int | None, candidate: int | None
) -> Threads:
    reader = reader_of(user)
    rows = prepared_rows(_visits, reader, student, plan, candidate)
    return Threads(
        school=school,
        visits=rows,
        decisions=prepared_rows(_decisions_on, [row.pk for row in rows]),
        actions=prepared_rows(_actions_about, reader, student, plan),
    )


def _visits(user: User, student: int | None, plan: int | None, candidate: int | None) -> QuerySet[AgendaItem]:
    if student:
        topics = Topic.objects.filter(candidate__student=student), Topic.objects.filter(plan__student=student)
        about = Q(topic__in=topics[0]) | Q(topic__in=topics[1])
    else:
        about = Q(topic__plan=plan) | (
            Q(topic__candidate=candidate) | Q(topic__joined=candidate) if candidate else Q(pk__in=[])
        )
    visits = AgendaItem.objects.filter(about, one_of(items_visible_to(user)), meeting__isnull=False).exclude(
        state="moved"
    )
    return visits.select_related("meeting__team", "topic").distinct().order_by("-meeting__starts_at")[:8]


def _decisions_on(items: list[int]) -> QuerySet[Decision]:
    return Decision.objects.filter(item__in=items).select_related("item__meeting").order_by("-pk")


def _actions_about(user: User, student: int | None, plan: int | None) -> QuerySet[Action]:
    about = {"student": student} if student else {"plan": plan}
    actions = Action.objects.filter(one_of(actions_visible_to(user)), **about)
    return actions.select_related("owner__user", "team").order_by("-pk")[:8]


def dashboard_teams(user: User, team: Team) -> bool:
    """Whether the user may add to the agenda of ``team``."""
    return may_take_part(user, team)
