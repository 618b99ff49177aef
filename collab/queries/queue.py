"""What waits for a team's next meeting: one list, from everything that is due.

Nothing leaves it silently: an entry is on an agenda, deferred with a reason until a day, or here.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Exists, OuterRef
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collab.models import Action, AgendaItem, Decision, Deferral, Holds, Question, StepKind, Topic
from collab.permissions import items_visible_to
from datareview.models import Assessment, Candidate, Plan
from datareview.permissions import candidates_visible_to, plans_visible_to, students_of_team

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from collab.models import Meeting
    from teams.models import Team, User

T = TypeVar("T", Decision, Question)
NEW_RESULTS = dt.timedelta(days=30)
FOLLOW_UP = dt.timedelta(days=7)
# Minutes that an entry of each kind takes, as teams plan them; a lead changes them on the agenda.
MINUTES = {"answer": 2, "check": 3, "review": 5, "result": 10, "candidate": 4, "question": 1}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that waits. ``holds`` is what part of an agenda's minutes it belongs to."""

    kind: str
    subject: Any
    title: str
    why: str
    minutes: int
    holds: str
    due_on: dt.date | None = None
    is_urgent: bool = False
    deferral: Deferral | None = None

    @property
    def key(self) -> str:
        """What names it, also when it is deferred: its kind and id, and the day it was due."""
        day = f":{self.due_on.isoformat()}" if self.kind in ("review", "check") and self.due_on else ""
        return f"{self.kind}:{self.subject.pk}{day}"

    @property
    def url(self) -> str:
        """Where to read about it; empty where the entry says all."""
        if self.kind in ("candidate", "review"):
            return str(self.subject.get_absolute_url())
        if self.kind in ("check", "question", "answer") and self.subject.item.meeting_id:
            return str(self.subject.item.meeting.get_absolute_url())
        return ""

    @property
    def step(self) -> str:
        """What a group does with it."""
        kinds = {"answer": StepKind.INFORM, "question": StepKind.INFORM, "result": StepKind.EXPLORE}
        return str(kinds.get(self.kind, StepKind.DISCUSS if self.kind == "candidate" else StepKind.DECIDE))


@dataclass(frozen=True, slots=True)
class Queue:
    """A team's queue before a meeting."""

    entries: list[Entry]
    deferred: list[Entry]
    promises: int
    overdue: int

    @property
    def minutes(self) -> int:
        """Minutes that all of it would take."""
        return sum(entry.minutes for entry in self.entries)


def queue_of(team: Team, day: dt.date, *, user: User | None = None) -> Queue:
    """What waits for a meeting of ``team`` on ``day``, most pressing first; as ``user`` may see it (None: all)."""
    found = [entry for source in _SOURCES for entry in source(team, day, user)]
    deferrals = {row.key: row for row in team.deferrals.filter(until__gt=day).select_related("by")}
    marked = [Entry(**{**_fields(entry), "deferral": deferrals.get(entry.key)}) for entry in found]
    open_actions = Action.objects.open().filter(team=team)
    return Queue(
        entries=[entry for entry in marked if entry.deferral is None],
        deferred=[entry for entry in marked if entry.deferral],
        promises=open_actions.count(),
        overdue=open_actions.overdue(day).count(),
    )


def is_nothing_due(meeting: Meeting) -> bool:
    """Whether a planned meeting has nothing on it but its protocol, and nothing waits for it."""
    own = meeting.items.exclude(topic__kind=Topic.Kind.STEP)
    day = meeting.starts_at.astimezone(meeting.team.school.tz).date()
    if own.exists() or Action.objects.open().filter(team=meeting.team, due_on__lte=day).exists():
        return False
    return not queue_of(meeting.team, day).entries


def _fields(entry: Entry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in Entry.__slots__}


def _waiting(team: Team, day: dt.date, user: User | None) -> Iterator[Entry]:
    rows = AgendaItem.objects.filter(topic__team=team, meeting=None).select_related("topic", "owner__user")
    if user:
        rows = rows.filter(pk__in=items_visible_to(user).values("pk"))
    for item in rows.order_by("pk"):
        why = item.topic.why or _("Waits since %(day)s.") % {
            "day": date_format(item.created_at.astimezone(team.school.tz), "j M")
        }
        yield Entry("waiting", item, item.title, why, item.minutes, _holds_of(item.topic))


def _answers(team: Team, day: dt.date, user: User | None) -> Iterator[Entry]:
    about = Topic.objects.filter(question=OuterRef("pk"))
    told = about.filter(created_at__gte=OuterRef("answered_at"))
    rows = _readable(_questions(team), user).exclude(answered_at=None)
    for row in rows.filter(~Exists(told), ~Exists(about.filter(is_closed=False))):
        yield Entry("answer", row, answer_title(row), row.answer[:400], MINUTES["answer"], Holds.CHECKS)


def answer_title(question: Question) -> str:
    """What an answered question is called on an agenda."""
    return (_("Answer: %(question)s") % {"question": question.text})[:200]


def _checks(team: Team, day: dt.date, user: User | None) -> Iterator[Entry]:
    rows = Decision.objects.filter(item__topic__team=team, check_on__lte=day)
    rows = rows.filter(~_has_topic("decision")).select_related("item__meeting", "measure")
    for row in _readable(rows, user).order_by("check_on", "pk"):
        if row.check_on is None:
            continue
        why = _("Decided on %(day)s, to be looked at on %(check)s.") % {
            "day": date_format(row.created_at.astimezone(team.school.tz), "j M"),
            "check": date_format(row.check_on, "j M"),
        }
        title = _("Did it work: %(decision)s") % {"decision": row.text}
        yield Entry(
            "check", row, title[:200], why, MINUTES["check"], Holds.CHECKS, row.check_on, row.check_on < day
        )


def _reviews(team: Team, day: dt.date, user: User | None) -> Iterator[Entry]:
    rows = Plan.objects.running().filter(review_on__lte=day)
    rows = rows.filter(team=team) | rows.filter(team=None, student__in=students_of_team(team))
    if user:
        rows = rows.filter(pk__in=plans_visible_to(user).values("pk"))
    spoken = Topic.objects.filter(
        team=team, plan=OuterRef("pk"), due_on=OuterRef("review_on"), is_closed=False
    )
    rows = rows.filter(~Exists(spoken)).select_related("student", "strategy", "started_by").distinct()
    for plan in rows.order_by("review_on", "pk"):
        why = _("The review was set for %(day)s.") % {"day": date_format(plan.review_on, "D j M")}
        yield Entry(
            "review",
            plan,
            str(plan),
            why,
            MINUTES["review"],
            Holds.REVIEWS,
            plan.review_on,
            plan.review_on < day,
        )


def _results(team: Team, day: dt.date, user: User | None) -> Iterator[Entry]:
    rows = Assessment.objects.filter(team=team, given_on__range=(day - NEW_RESULTS, day))
    answered = rows.filter(items__responses__isnull=False).distinct()
    for row in answered.filter(~_has_topic("assessment")).order_by("given_on"):
        why = _("Given on %(day)s; the team has not looked at it yet.") % {
            "day": date_format(row.given_on, "j M")
        }
        title = _("Results: %(title)s") % {"title": row.title}
        yield Entry("result", row, title, why, MINUTES["result"], Holds.RESULTS, row.given_on)


def _candidates(team: Team, day: dt.date, user: User | None) -> Iterator[Entry]:
    rows = Candidate.objects.filter(state=Candidate.State.NEW, student__in=students_of_team(team))
    if user:
        rows = rows.filter(pk__in=candidates_visible_to(user).values("pk"))
    spoken = Topic.objects.filter(team=team, candidate=OuterRef("pk"), is_closed=False)
    for row in (
        rows.filter(~Exists(spoken)).select_related("student").order_by("-severity", "raised_on", "pk")
    ):
        yield Entry(
            "candidate", row, str(row.student), row.reason, MINUTES["candidate"], Holds.STUDENTS,
            row.raised_on, row.severity >= 3,
        )  # fmt: skip


def _unanswered(team: Team, day: dt.date, user: User | None) -> Iterator[Entry]:
    on_agenda = Topic.objects.filter(question=OuterRef("pk"), is_closed=False)
    for row in _readable(_questions(team), user).filter(~Exists(on_agenda), answered_at=None):
        days = (day - row.created_at.astimezone(team.school.tz).date()).days
        if days >= FOLLOW_UP.days:
            title = _("No answer yet: %(question)s") % {"question": row.text}
            why = ngettext("Asked %(n)s day ago.", "Asked %(n)s days ago.", days) % {"n": days}
            yield Entry(
                "question", row, title[:200], why, MINUTES["question"], Holds.CHECKS, None, is_urgent=True
            )


def _questions(team: Team) -> QuerySet[Question]:
    return (
        Question.objects.filter(item__topic__team=team).select_related("item__meeting").order_by("created_at")
    )


def _has_topic(field: str) -> Exists:
    """Whether the row has been made a topic: checks, answers and results are spoken of once."""
    return Exists(Topic.objects.filter(**{field: OuterRef("pk")}))


def _readable(rows: QuerySet[T], user: User | None) -> QuerySet[T]:
    """Decisions or questions of items that ``user`` may read."""
    return rows.filter(item__in=items_visible_to(user)) if user else rows


def _holds_of(topic: Topic) -> str:
    kinds = {
        Topic.Kind.CANDIDATE: Holds.STUDENTS,
        Topic.Kind.REVIEW: Holds.REVIEWS,
        Topic.Kind.DATA: Holds.RESULTS,
        Topic.Kind.CHECK: Holds.CHECKS,
        Topic.Kind.ANSWER: Holds.CHECKS,
    }
    return str(kinds.get(Topic.Kind(topic.kind), Holds.NOTHING))


# In the order in which they are packed: what people asked for, what was promised, what is due, what is new.
_SOURCES = (_waiting, _answers, _checks, _reviews, _results, _candidates, _unanswered)
