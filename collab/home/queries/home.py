"""The home page: an immutable summary of what the user may see and do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, Min, OuterRef, Q, Window

from collab.actions.models import Action
from collab.actions.queries.actions import lines_of
from collab.agendas.models import AgendaItem
from collab.agendas.permissions import items_visible_to
from collab.followup.queries.causes import own_changes
from collab.followup.queries.questions import questions_to_answer
from collab.home.charts import minutes_line
from collab.home.queries.next_meeting import ItemRow, ToPrepare, item_rows, to_prepare, what_is_left
from collab.meetings.models import Guest, Meeting
from collab.meetings.permissions import meetings_visible_to
from datareview.answers.queries.to_enter import checks_to_enter
from datareview.disputes.queries.disputes import disputes_waiting
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
from datareview.regrouping.queries.own import checks_to_repeat, groups_to_teach
from datareview.survey_answers.queries.surveys import SurveysWaiting, surveys_waiting
from teams.access.permissions import can, own_teams
from teams.access.prepared import prepared_rows
from teams.access.readers import reader_of
from teams.directory.queries.days import closed_days
from teams.lib import clock

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from django.db.models import QuerySet
    from django.utils.safestring import SafeString

    from collab.followup.models import Question, TeachingChange
    from datareview.disputes.models import Dispute
    from datareview.flags.queries.changes import ChangesInShort
    from datareview.records.models import Assessment
    from datareview.regrouping.models import Regrouping
    from datareview.regrouping.queries.own import GroupToTeach
    from teams.directory.models import School, User


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
    """Content of the page; empty parts are not shown.

    ``finding`` is what it says first, and ``items`` are those of the next meeting that the user may see.
    """

    today: dt.date
    finding: str
    next_meeting: Meeting | None
    items: list[ItemRow]
    meetings: list[Meeting]
    actions: list[Action]
    changes: ChangesInShort | None
    sessions: list[SessionToday] = field(default_factory=list)
    triage: Triage | None = None
    last_import: Import | None = None
    to_try: list[TeachingChange] = field(default_factory=list)
    to_prepare: ToPrepare | None = None
    questions: list[Question] = field(default_factory=list)
    groups_today: list[GroupToTeach] = field(default_factory=list)
    to_enter: list[Assessment] = field(default_factory=list)
    to_repeat: list[Regrouping] = field(default_factory=list)
    disputes: list[Dispute] = field(default_factory=list)
    surveys: SurveysWaiting | None = None

    @property
    def minutes_line(self) -> SafeString:
        """The minutes of the next meeting as a line."""
        return minutes_line(self.items)

    @property
    def short_items(self) -> int:
        """Number of items of the next meeting that the page does not list."""
        return sum(row.is_routine for row in self.items)

    @property
    def overdue(self) -> int:
        """Number of overdue action items."""
        return sum(action.due_on < self.today for action in self.actions)


def home_of(user: User, school: School) -> Home:
    """The home page of ``user`` at ``school``, in a constant number of queries."""
    today = school.today()
    meetings = prepared_rows(_coming_meetings, reader_of(user), user.pk, school.pk)
    next_meeting = meetings[0] if meetings else None
    items = prepared_rows(_items_of_next, reader_of(user), next_meeting.pk) if next_meeting else []
    actions = prepared_rows(_own_actions, user.pk, school.pk)
    closed = closed_days([school.pk])
    sessions = _sessions_today(user, school, today, closed)
    to_enter, to_repeat = checks_to_enter(user, school, today), checks_to_repeat(user, school, today)
    until = max(today, next_meeting.starts_at.astimezone(school.tz).date()) if next_meeting else today
    before = to_prepare(user, next_meeting, items)
    to_do = sum(action.due_on <= until for action in actions) + sum(not one.logged for one in sessions)
    surveys = surveys_waiting(user, school)
    to_do += len(surveys)
    to_do += len(before.unanswered) + len(to_enter) + len(to_repeat)
    return Home(
        today=today,
        finding=what_is_left(next_meeting, to_do, user.first_name, today),
        next_meeting=next_meeting,
        meetings=meetings[1:4],
        actions=actions,
        items=item_rows(next_meeting, items) if next_meeting else [],
        changes=_changes(user, school),
        sessions=sessions,
        triage=_triage(user, school, today) if can(user, "triage", school) else None,
        last_import=_last_import(user, school),
        to_prepare=before,
        to_try=prepared_rows(_to_try, reader_of(user), school.pk),
        questions=_questions(user, school),
        groups_today=groups_to_teach(user, school, today, closed),
        to_enter=to_enter,
        to_repeat=to_repeat,
        disputes=disputes_waiting(user, school),
        surveys=surveys,
    )


def _to_try(user: User, school_id: int) -> QuerySet[TeachingChange]:
    return own_changes(user).filter(teacher__school=school_id)[:5]


def _coming_meetings(user: User, user_id: int, school_id: int) -> QuerySet[Meeting]:
    teams = own_teams(user).filter(school=school_id)
    as_guest = Guest.objects.filter(staff__user=user_id).values("meeting")
    return (
        meetings_visible_to(user)
        .filter(Q(team__in=teams) | Q(pk__in=as_guest), state__in=[Meeting.State.LIVE, Meeting.State.PLANNED])
        .filter(Q(state=Meeting.State.LIVE) | Q(ends_at__gte=clock.now()))
        .select_related("team__school")
        .order_by("starts_at")[:4]
    )


def _items_of_next(user: User, meeting_id: int) -> QuerySet[AgendaItem]:
    """All items of a meeting, as the others begin later for those that the user may not read; see `item_rows`."""
    is_readable = Exists(items_visible_to(user).filter(pk=OuterRef("pk")))
    items = AgendaItem.objects.filter(meeting=meeting_id).annotate(is_readable=is_readable)
    rows = items.select_related("topic__candidate__student").prefetch_related("topic__joined")
    return rows.order_by("position", "pk")


def _questions(user: User, school: School) -> list[Question]:
    """The five questions that have waited longest for the user's answer."""
    if not can(user, "answer_questions", school):
        return []
    return list(questions_to_answer(user, school).filter(answered_at=None).order_by("created_at")[:5])


def _own_actions(user_id: int, school_id: int) -> QuerySet[Action]:
    rows = Action.objects.open().filter(owner__user=user_id, owner__school=school_id)
    return lines_of(rows).order_by("due_on", "pk")


def _changes(user: User, school: School) -> ChangesInShort | None:
    """Changes since the last closed meeting of the user's teams."""
    last = prepared_rows(_last_closed, reader_of(user), school.pk)
    return changes_in_short(students_visible_to(user).filter(school=school), last[0]) if last else None


def _last_closed(user: User, school_id: int) -> QuerySet[Meeting, dt.datetime]:
    teams = own_teams(user).filter(school=school_id)
    closed = Meeting.objects.filter(team__in=teams, state=Meeting.State.CLOSED).order_by("-starts_at", "pk")
    return closed.values_list("starts_at", flat=True)[:1]


def _sessions_today(user: User, school: School, today: dt.date, closed: set[dt.date]) -> list[SessionToday]:
    """Plans that the user delivers today, also as a substitute."""
    plans = prepared_rows(_delivered_plans, reader_of(user), school.pk)
    held = {one.plan_id: one for one in Session.objects.filter(plan__in=plans, held_on=today)}
    return [
        SessionToday(plan=plan, logged=held.get(plan.pk))
        for plan in plans
        if is_planned_on(plan, today, closed)
    ]


def _delivered_plans(user: User, school_id: int) -> QuerySet[Plan]:
    plans = Plan.objects.running().filter(provider__in=provider_ids(user), provider__school=school_id)
    return plans.select_related("student", "strategy", "measure").order_by(*by_name("student__"), "pk")


def _waiting(user: User, school_id: int) -> QuerySet[Candidate]:
    """The most urgent candidates, each with the figures of all."""
    waiting = candidates_visible_to(user).filter(student__school=school_id, state=Candidate.State.NEW)
    counted = waiting.annotate(
        all=Window(Count("pk")),
        urgent=Window(Count("pk", filter=Q(severity=3))),
        oldest=Window(Min("raised_on")),
    )
    return counted.select_related("student").order_by("-severity", "raised_on", "pk")[:5]


def _reviews_due(school_id: int, today: dt.date) -> QuerySet[Plan]:
    reviews = Plan.objects.running().filter(student__school=school_id, review_on__lte=today)
    return reviews.select_related("student", "strategy", "provider__user").order_by("review_on", "pk")[:6]


def _triage(user: User, school: School, today: dt.date) -> Triage:
    first: list[Any] = prepared_rows(_waiting, reader_of(user), school.pk)
    return Triage(
        waiting=first[0].all if first else 0,
        urgent=first[0].urgent if first else 0,
        oldest_days=(today - first[0].oldest).days if first else 0,
        first=first,
        reviews_due=prepared_rows(_reviews_due, school.pk, today),
    )


def _last_import(user: User, school: School) -> Import | None:
    if not can(user, "import_data", school):
        return None
    return Import.objects.filter(school=school).select_related("uploaded_by").order_by("-created_at").first()
