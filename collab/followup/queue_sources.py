"""Sources of a team's queue: open action items, leaders' answers, decisions to check, unanswered questions."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, TypeVar

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from collab.agendas.models import AgendaItem, Exhibit, ItemReader, Topic
from collab.agendas.permissions import items_visible_to
from collab.agendas.services.placement import place_item, put_before
from collab.followup.models import Action, Decision, Question
from collab.followup.permissions import actions_visible_to
from collab.followup.queries.questions import answer_title
from collab.meetings.models import Guest, Meeting
from collab.preparation.queries.sources import QueueEntry, Rank, Source, Standing
from collab.preparation.services.entries import place_topic
from collab.protocols.models import Capture, ReservedFor, StepKind
from teams.access.prepared import prepared_rows
from teams.access.readers import reader_of
from teams.directory.models import Staff, Team, TeamMember
from teams.lib import formats
from teams.lib.request_cache import read_once

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from collab.preparation.queries.sources import QueueRequest
    from teams.directory.models import User

T = TypeVar("T", Decision, Question)

FOLLOW_UP = dt.timedelta(days=7)
# The tables of the rules about who may read an item and what was written on it.
READ = (AgendaItem, ItemReader, Topic, Meeting, Guest, Team, TeamMember, Staff)
MINUTES_PER_ACTION, MOST_ACTION_MINUTES = 0.5, 10


class OpenActions(Source[Team]):
    """Open action items as one entry, since a meeting reviews all of them together."""

    kind, label, rank, reserved_for = (
        "promises",
        gettext_lazy("action items"),
        Rank.STANDING,
        ReservedFor.CHECKS,
    )

    def entries(self, request: QueueRequest) -> Iterator[QueueEntry[Team]]:
        """Yield one entry if the meeting's agenda has no step for action items."""
        if request.meeting is None or prepared_rows(_action_steps, request.meeting.pk):
            return
        count, overdue = _count_open_actions(request.team, request.user)
        if count:
            late = ngettext("%(n)s is overdue.", "%(n)s are overdue.", overdue) % {"n": overdue}
            why = ngettext("%(n)s action item is open.", "%(n)s action items are open.", count) % {"n": count}
            why = f"{why} {late}" if overdue else why
            yield QueueEntry(
                self,
                request.team,
                _("Our action items"),
                why,
                action_minutes(count),
                self.reserved_for,
                is_urgent=overdue > 0,
            )

    def standing(self, request: QueueRequest) -> Standing | None:
        """Return how many are open, and the minutes needed to review them."""
        count, overdue = _count_open_actions(request.team, request.user)
        if not count:
            return None
        sentence = ngettext(
            "%(n)s open action item (%(overdue)s overdue) is on every agenda.",
            "%(n)s open action items (%(overdue)s overdue) are on every agenda.",
            count,
        )
        return Standing(sentence % {"n": count, "overdue": overdue}, self.reserved_for, action_minutes(count))

    def is_due(self, request: QueueRequest) -> bool:
        """Return whether an action item is due by the day of the meeting."""
        return Action.objects.open().filter(team=request.team, due_on__lte=request.day).exists()

    def place(self, entry: QueueEntry[Team], meeting: Meeting, actor: User | None) -> AgendaItem:
        """Add a step to the top of the agenda."""
        topic = Topic.objects.create(
            team=meeting.team, title=entry.title, kind=Topic.Kind.STEP, is_standing=True, why=entry.why
        )
        item = AgendaItem(
            topic=topic,
            title=entry.title,
            prompt=_("Done, not done, what got in the way. Keep it short."),
            kind=StepKind.INFORM,
            capture=Capture.ACTION,
            reserved_for=self.reserved_for,
            minutes=entry.minutes,
        )
        first = meeting.items.order_by("position", "pk").first()
        place_item(item, meeting)
        if first:
            put_before(item, meeting, str(first.uuid))
        return item


class Answers(Source[Question]):
    """Leaders' answers that the team has not seen yet."""

    kind, label, rank = "answer", gettext_lazy("answer"), Rank.COMMITTED
    minutes, topic_kind, reserved_for = 2, Topic.Kind.ANSWER, ReservedFor.CHECKS

    def entries(self, request: QueueRequest) -> Iterator[QueueEntry[Question]]:
        """Yield answered questions, oldest first. Each comes once, and again if its answer changes."""
        for row in _questions(request.team, request.user):
            if row.answered_at is None:
                continue
            yield self.entry(request, row, answer_title(row), row.answer[:400], url=_meeting_url(row.item))

    def place(self, entry: QueueEntry[Question], meeting: Meeting, actor: User | None) -> AgendaItem:
        """Add the answer to the agenda."""
        return _place_answer(entry, meeting, actor)


class Checks(Source[Decision]):
    """Decisions whose check date has come."""

    kind, label, rank = "check", gettext_lazy("decision to check"), Rank.COMMITTED
    minutes, topic_kind, reserved_for, is_dated = 3, Topic.Kind.CHECK, ReservedFor.CHECKS, True

    def entries(self, request: QueueRequest) -> Iterator[QueueEntry[Decision]]:
        """Yield decisions without a check topic, longest due first."""
        for row in prepared_rows(_decisions_to_check, request.team.pk, request.day, reader_of(request.user)):
            if row.check_on is None:
                continue
            why = _("Decided on %(day)s, check date %(check)s.") % {
                "day": request.day_of(row.created_at),
                "check": formats.short_day(row.check_on),
            }
            yield self.entry(
                request,
                row,
                (_("Did it work? %(decision)s") % {"decision": row.text})[:200],
                why,
                url=_meeting_url(row.item),
                due_on=row.check_on,
                is_urgent=row.check_on < request.today,
            )

    def place(self, entry: QueueEntry[Decision], meeting: Meeting, actor: User | None) -> AgendaItem:
        """Ask whether the decision worked, with the charts it was based on."""
        before = entry.subject.item
        item = place_topic(
            entry,
            meeting,
            actor,
            kind=Topic.Kind.CHECK,
            step=StepKind.DECIDE,
            outcome=_("Keep it, change it, or stop it"),
            comes_from=before,
            decision=entry.subject,
        )
        for exhibit in before.exhibits.all():
            Exhibit.objects.create(
                item=item, view=exhibit.view, parameters=exhibit.parameters, added_by=exhibit.added_by
            )
        return item


class Unanswered(Source[Question]):
    """Questions to leaders that have waited for a week."""

    kind, label, rank = "question", gettext_lazy("question"), Rank.REMINDER
    minutes, topic_kind, reserved_for = 1, Topic.Kind.ANSWER, ReservedFor.CHECKS

    def entries(self, request: QueueRequest) -> Iterator[QueueEntry[Question]]:
        """Yield unanswered questions, oldest first."""
        for row in _questions(request.team, request.user):
            if row.answered_at is not None:
                continue
            days = (request.day - row.created_at.astimezone(request.team.school.tz).date()).days
            if days < FOLLOW_UP.days:
                continue
            yield self.entry(
                request,
                row,
                (_("No answer yet: %(question)s") % {"question": row.text})[:200],
                ngettext("Asked %(n)s day ago.", "Asked %(n)s days ago.", days) % {"n": days},
                url=_meeting_url(row.item),
                is_urgent=True,
            )

    def place(self, entry: QueueEntry[Question], meeting: Meeting, actor: User | None) -> AgendaItem:
        """Add a note that nobody has answered."""
        return _place_answer(entry, meeting, actor)


SOURCES = (OpenActions(), Answers(), Checks(), Unanswered())


def action_minutes(count: int) -> int:
    """Return the minutes needed to review ``count`` open action items."""
    return min(MOST_ACTION_MINUTES, max(1, round(count * MINUTES_PER_ACTION)))


@read_once(Action, *READ)
def _count_open_actions(team: Team, user: User | None) -> tuple[int, int]:
    """Number of open action items that the user may see, and how many of them are overdue."""
    rows = Action.objects.open().filter(team=team)
    if user:
        rows = rows.filter(pk__in=actions_visible_to(user).values("pk"))
    is_overdue = Q(due_on__lt=team.school.today())
    found = rows.aggregate(all=Count("pk"), overdue=Count("pk", filter=is_overdue))
    return found["all"], found["overdue"]


def _action_steps(meeting_id: int) -> QuerySet[AgendaItem, tuple[int]]:
    rows = AgendaItem.objects.filter(meeting=meeting_id, topic__kind=Topic.Kind.STEP)
    return rows.filter(reserved_for=ReservedFor.CHECKS).order_by().values_list("pk")[:1]


def _place_answer(entry: QueueEntry[Question], meeting: Meeting, actor: User | None) -> AgendaItem:
    return place_topic(
        entry,
        meeting,
        actor,
        kind=Topic.Kind.ANSWER,
        step=StepKind.INFORM,
        comes_from=entry.subject.item,
        question=entry.subject,
    )


@read_once(Question, *READ)
def _questions(team: Team, user: User | None) -> list[Question]:
    """Questions on no agenda, oldest first, whose answer, if any, has not been on one."""
    about = Topic.objects.filter(question=OuterRef("pk"))
    seen = about.filter(created_at__gte=OuterRef("answered_at"))
    rows = Question.objects.filter(item__topic__team=team).select_related("item__meeting")
    rows = rows.filter(~Exists(about.filter(is_closed=False)), Q(answered_at=None) | ~Exists(seen))
    return list(_readable(rows, user).order_by("created_at"))


def _decisions_to_check(team_id: int, day: dt.date, reader: User | None) -> QuerySet[Decision]:
    rows = Decision.objects.filter(item__topic__team=team_id, check_on__lte=day)
    rows = rows.filter(~Exists(Topic.objects.filter(decision=OuterRef("pk"))))
    return _readable(rows.select_related("item__meeting", "measure"), reader).order_by("check_on", "pk")


def _readable(rows: QuerySet[T], user: User | None) -> QuerySet[T]:
    """Decisions or questions on items that ``user`` may read."""
    return rows.filter(item__in=items_visible_to(user)) if user else rows


def _meeting_url(item: AgendaItem) -> str:
    return item.meeting.get_absolute_url() if item.meeting else ""
