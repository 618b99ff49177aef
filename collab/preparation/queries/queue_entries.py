"""What may wait for a team's meeting, from everything that is due: one source a kind."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Exists, OuterRef
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collab.agendas.models import AgendaItem, Topic
from collab.agendas.permissions import items_visible_to
from collab.followup.models import Decision, Question
from collab.followup.queries.questions import answer_title
from collab.protocols.models import Holds, StepKind
from datareview.flags.models import Candidate, Severity
from datareview.flags.permissions import candidates_visible_to
from datareview.plans.models import Plan
from datareview.plans.permissions import plans_visible_to
from datareview.records.models import Assessment
from datareview.records.permissions import students_of_team

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from collab.preparation.models import Deferral
    from collab.preparation.queries.durations import Pace
    from teams.directory.models import Team, User


T = TypeVar("T", Decision, Question)


FOLLOW_UP = dt.timedelta(days=7)


# Minutes that an entry of each kind takes until the team's own meetings tell; a lead changes them on the agenda.
MINUTES = {"answer": 2, "check": 3, "review": 5, "result": 10, "candidate": 4, "question": 1}


A_PROMISE, MOST_ON_PROMISES = 0.5, 10  # minutes for one, and for all of them


_TOPICS = {"result": Topic.Kind.DATA, "question": Topic.Kind.ANSWER}


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
    def label(self) -> str:
        """What sort of thing it is."""
        return {
            "promises": _("promises"),
            "waiting": _("put here"),
            "answer": _("answer"),
            "check": _("decision to check"),
            "review": _("plan review"),
            "result": _("results"),
            "candidate": _("student"),
            "question": _("question"),
        }[self.kind]

    @property
    def may_be_dropped(self) -> bool:
        """Whether people put it here, so that they may also say that it is not needed any more."""
        return self.kind == "waiting"

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
class Search:
    """For whom and when the queue is asked for; ``user`` None sees all."""

    team: Team
    day: dt.date
    user: User | None
    pace: Pace

    @property
    def today(self) -> dt.date:
        """The school's day: what is over by then is pressing, not what will be over when the team meets."""
        return self.team.school.today()

    def day_of(self, moment: dt.datetime) -> str:
        """The school's day of ``moment``, in words."""
        return date_format(moment.astimezone(self.team.school.tz), "j M")

    def minutes(self, kind: str) -> int:
        """What an entry of ``kind`` will take."""
        return minutes_for(self.pace, kind)


def minutes_for(pace: Pace, kind: str) -> int:
    """Minutes of an entry of ``kind``: as the team took lately, else as teams plan them."""
    return pace.kinds.get(_TOPICS.get(kind, kind), MINUTES[kind])


def promised_minutes(count: int) -> int:
    """Minutes that a team takes to go through ``count`` open promises."""
    return min(MOST_ON_PROMISES, max(1, round(count * A_PROMISE)))


def promises_entry(team: Team, count: int, overdue: int) -> Entry:
    """What was promised before, as one entry: a meeting goes through all of it at once."""
    late = ngettext("%(n)s is overdue.", "%(n)s are overdue.", overdue) % {"n": overdue} if overdue else ""
    why = ngettext("%(n)s promise is open.", "%(n)s promises are open.", count) % {"n": count}
    return Entry(
        "promises",
        team,
        _("What we promised"),
        f"{why} {late}".strip(),
        promised_minutes(count),
        Holds.CHECKS,
        is_urgent=overdue > 0,
    )


def _waiting(search: Search) -> Iterator[Entry]:
    rows = AgendaItem.objects.filter(topic__team=search.team, topic__is_closed=False, meeting=None)
    if search.user:
        rows = rows.filter(pk__in=items_visible_to(search.user).values("pk"))
    for item in rows.select_related("topic", "owner__user").order_by("pk"):
        why = item.topic.why or _("Waits since %(day)s.") % {"day": search.day_of(item.created_at)}
        yield Entry("waiting", item, item.title, why, item.minutes, _holds_of(item.topic))


def _answers(search: Search) -> Iterator[Entry]:
    about = Topic.objects.filter(question=OuterRef("pk"))
    told = about.filter(created_at__gte=OuterRef("answered_at"))
    rows = _questions(search).exclude(answered_at=None)
    for row in rows.filter(~Exists(told), ~Exists(about.filter(is_closed=False))):
        yield Entry(
            "answer", row, answer_title(row), row.answer[:400], search.minutes("answer"), Holds.CHECKS
        )


def _checks(search: Search) -> Iterator[Entry]:
    rows = Decision.objects.filter(item__topic__team=search.team, check_on__lte=search.day)
    rows = rows.filter(~_has_topic("decision")).select_related("item__meeting", "measure")
    for row in _readable(rows, search.user).order_by("check_on", "pk"):
        if row.check_on is None:
            continue
        why = _("Decided on %(day)s, to be looked at on %(check)s.") % {
            "day": search.day_of(row.created_at),
            "check": date_format(row.check_on, "j M"),
        }
        title = (_("Did it work: %(decision)s") % {"decision": row.text})[:200]
        yield Entry(
            "check", row, title, why, search.minutes("check"), Holds.CHECKS, row.check_on,
            row.check_on < search.today,
        )  # fmt: skip


def _reviews(search: Search) -> Iterator[Entry]:
    team = search.team
    rows = Plan.objects.running().filter(review_on__lte=search.day)
    rows = rows.filter(team=team) | rows.filter(team=None, student__in=students_of_team(team))
    if search.user:
        rows = rows.filter(pk__in=plans_visible_to(search.user).values("pk"))
    spoken = Topic.objects.filter(
        team=team, plan=OuterRef("pk"), due_on=OuterRef("review_on"), is_closed=False
    )
    rows = rows.filter(~Exists(spoken)).select_related("student", "strategy", "started_by").distinct()
    for plan in rows.order_by("review_on", "pk"):
        why = _("The review was set for %(day)s.") % {"day": date_format(plan.review_on, "D j M")}
        yield Entry(
            "review", plan, str(plan), why, search.minutes("review"), Holds.REVIEWS, plan.review_on,
            plan.review_on < search.today,
        )  # fmt: skip


def _results(search: Search) -> Iterator[Entry]:
    """What was given this school year and never looked at, the newest first: it does not fall off with time."""
    since = search.team.school.year_start(search.day)
    rows = Assessment.objects.filter(team=search.team, given_on__range=(since, search.day))
    answered = rows.filter(items__responses__isnull=False).distinct()
    for row in answered.filter(~_has_topic("assessment")).order_by("-given_on", "-pk"):
        why = _("Given on %(day)s; the team has not looked at it yet.") % {
            "day": date_format(row.given_on, "j M")
        }
        title = _("Results: %(title)s") % {"title": row.title}
        yield Entry("result", row, title, why, search.minutes("result"), Holds.RESULTS, row.given_on)


def _candidates(search: Search) -> Iterator[Entry]:
    """Students who are new, and those whom a team spoke of without deciding anything."""
    topics = Topic.objects.filter(candidate=OuterRef("pk"))
    here, open_ones = topics.filter(team=search.team), topics.filter(is_closed=False)
    rows = Candidate.objects.filter(student__in=students_of_team(search.team))
    if search.user:
        rows = rows.filter(pk__in=candidates_visible_to(search.user).values("pk"))
    new = rows.filter(~Exists(here.filter(is_closed=False)), state=Candidate.State.NEW)
    undecided = rows.filter(Exists(here), ~Exists(open_ones), state=Candidate.State.ON_AGENDA)
    rows = (new | undecided).select_related("student").order_by("-severity", "raised_on", "pk")
    for row in rows:
        why = row.reason
        if row.state == Candidate.State.ON_AGENDA:
            why = _("%(reason)s Talked about already, nothing is decided.") % {"reason": row.reason}
        yield Entry(
            "candidate", row, str(row.student), why, search.minutes("candidate"), Holds.STUDENTS,
            row.raised_on, row.severity >= Severity.SEVERE,
        )  # fmt: skip


def _unanswered(search: Search) -> Iterator[Entry]:
    on_agenda = Topic.objects.filter(question=OuterRef("pk"), is_closed=False)
    for row in _questions(search).filter(~Exists(on_agenda), answered_at=None):
        days = (search.day - row.created_at.astimezone(search.team.school.tz).date()).days
        if days < FOLLOW_UP.days:
            continue
        title = (_("No answer yet: %(question)s") % {"question": row.text})[:200]
        why = ngettext("Asked %(n)s day ago.", "Asked %(n)s days ago.", days) % {"n": days}
        yield Entry(
            "question", row, title, why, search.minutes("question"), Holds.CHECKS, is_urgent=True
        )  # fmt: skip


def _questions(search: Search) -> QuerySet[Question]:
    rows = Question.objects.filter(item__topic__team=search.team).select_related("item__meeting")
    return _readable(rows, search.user).order_by("created_at")


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
SOURCES = (_waiting, _answers, _checks, _reviews, _results, _candidates, _unanswered)
