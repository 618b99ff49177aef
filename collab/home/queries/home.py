"""The home page: an immutable summary of what the user may see and do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Count, Min, Prefetch, Q, Window, prefetch_related_objects

from collab.agendas.permissions import items_visible_to
from collab.followup.models import Action
from collab.followup.queries.actions import lines_of
from collab.followup.queries.causes import own_changes
from collab.followup.queries.questions import questions_to_answer
from collab.meetings.models import Guest, Meeting
from collab.meetings.permissions import meetings_visible_to
from datareview.flags.models import Candidate
from datareview.flags.permissions import candidates_visible_to
from datareview.flags.queries.changes import changes_in_short
from datareview.imports.models import Import
from datareview.plans.models import Plan
from datareview.plans.permissions import provider_ids
from datareview.progress.models import Session
from datareview.progress.queries.progress import is_planned_on
from datareview.records.permissions import students_visible_to
from datareview.records.queries.order import by_name
from teams.access.permissions import can, own_teams
from teams.directory.queries.days import closed_days
from teams.lib import clock

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from collab.agendas.models import AgendaItem
    from collab.followup.models import Question, TeachingChange
    from datareview.flags.queries.changes import ChangesInShort
    from teams.directory.models import School, Team, User


@dataclass(frozen=True, slots=True)
class Triage:
    """Candidates that await a coordinator, and plans that await a decision."""

    waiting: int
    urgent: int
    oldest_days: int
    first: Sequence[Candidate]
    reviews_due: list[Plan]


@dataclass(frozen=True, slots=True)
class SessionToday:
    """A plan to deliver today, and the session already logged for it."""

    plan: Plan
    logged: Session | None


@dataclass(frozen=True, slots=True)
class Home:
    """Content of the page; empty parts are not shown."""

    today: dt.date
    next_meeting: Meeting | None
    meetings: list[Meeting]
    actions: list[Action]
    talk_about: list[AgendaItem]
    changes: ChangesInShort | None
    sessions: list[SessionToday] = field(default_factory=list)
    triage: Triage | None = None
    last_import: Import | None = None
    to_try: list[TeachingChange] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

    @property
    def overdue(self) -> int:
        """Number of overdue action items."""
        return sum(action.due_on < self.today for action in self.actions)


def home_of(user: User, school: School) -> Home:
    """The home page of ``user`` at ``school``, in a constant number of queries."""
    today = school.today()
    teams = own_teams(user).filter(school=school)
    meetings = list(_coming_meetings(user, teams))
    next_meeting = meetings[0] if meetings else None
    if next_meeting:
        _read_items(user, next_meeting)
    return Home(
        today=today,
        next_meeting=next_meeting,
        meetings=meetings[1:4],
        actions=list(_own_actions(user, school)),
        talk_about=[item for item in next_meeting.items.all() if item.topic.candidate_id]
        if next_meeting
        else [],
        changes=_changes(user, teams, school),
        sessions=_sessions_today(user, school, today),
        triage=_triage(user, school, today) if can(user, "triage", school) else None,
        last_import=_last_import(user, school),
        to_try=list(own_changes(user).filter(teacher__school=school)[:5]),
        questions=_questions(user, school),
    )


def _coming_meetings(user: User, teams: QuerySet[Team]) -> QuerySet[Meeting]:
    as_guest = Guest.objects.filter(staff__user=user).values("meeting")
    return (
        meetings_visible_to(user)
        .filter(Q(team__in=teams) | Q(pk__in=as_guest), state__in=[Meeting.State.LIVE, Meeting.State.PLANNED])
        .filter(Q(state=Meeting.State.LIVE) | Q(ends_at__gte=clock.now()))
        .select_related("team__school")
        .order_by("starts_at")[:4]
    )


def _read_items(user: User, meeting: Meeting) -> None:
    """Read the items of ``meeting`` that ``user`` may see into ``meeting.items``."""
    items = items_visible_to(user).select_related("topic__candidate__student").order_by("position", "pk")
    prefetch_related_objects([meeting], Prefetch("items", queryset=items))


def _questions(user: User, school: School) -> list[Question]:
    """The five questions that have waited longest for the user's answer."""
    if not can(user, "answer_questions", school):
        return []
    return list(questions_to_answer(user, school).filter(answered_at=None).order_by("created_at")[:5])


def _own_actions(user: User, school: School) -> QuerySet[Action]:
    rows = Action.objects.open().filter(owner__user=user, owner__school=school)
    return lines_of(rows).order_by("due_on", "pk")


def _changes(user: User, teams: QuerySet[Team], school: School) -> ChangesInShort | None:
    """Changes since the last closed meeting of the user's teams."""
    closed = Meeting.objects.filter(team__in=teams, state=Meeting.State.CLOSED).order_by("-starts_at")
    last = closed.values_list("starts_at", flat=True).first()
    return changes_in_short(students_visible_to(user).filter(school=school), last) if last else None


def _sessions_today(user: User, school: School, today: dt.date) -> list[SessionToday]:
    """Plans that the user delivers today, also as a substitute."""
    logged = Session.objects.filter(held_on=today)
    plans = (
        Plan.objects.running()
        .filter(provider__in=provider_ids(user), provider__school=school)
        .select_related("student", "strategy", "measure")
        .prefetch_related(Prefetch("sessions", queryset=logged, to_attr="today_sessions"))
        .order_by(*by_name("student__"), "pk")
    )
    closed = closed_days([school.pk])
    return [
        SessionToday(plan=plan, logged=plan.today_sessions[0] if plan.today_sessions else None)
        for plan in plans
        if is_planned_on(plan, today, closed)
    ]


def _triage(user: User, school: School, today: dt.date) -> Triage:
    waiting = candidates_visible_to(user).filter(student__school=school, state=Candidate.State.NEW)
    counted = waiting.annotate(
        all=Window(Count("pk")),
        urgent=Window(Count("pk", filter=Q(severity=3))),
        oldest=Window(Min("raised_on")),
    )
    first = list(counted.select_related("student").order_by("-severity", "raised_on", "pk")[:5])
    reviews = Plan.objects.running().filter(student__school=school, review_on__lte=today)
    return Triage(
        waiting=first[0].all if first else 0,
        urgent=first[0].urgent if first else 0,
        oldest_days=(today - first[0].oldest).days if first else 0,
        first=first,
        reviews_due=list(
            reviews.select_related("student", "strategy", "provider__user").order_by("review_on")[:6]
        ),
    )


def _last_import(user: User, school: School) -> Import | None:
    if not can(user, "import_data", school):
        return None
    return Import.objects.filter(school=school).select_related("uploaded_by").order_by("-created_at").first()
