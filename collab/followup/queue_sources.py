"""What follow-up brings to a team's queue: promises, answers of leaders, decisions to check, open questions."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, TypeVar

from django.db.models import Exists, OuterRef
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from collab.agendas.models import AgendaItem, Exhibit, Topic
from collab.agendas.permissions import items_visible_to
from collab.agendas.services.placement import place_item, put_before
from collab.followup.models import Action, Decision, Question
from collab.followup.permissions import actions_visible_to
from collab.followup.queries.questions import answer_title
from collab.preparation.queries.sources import Entry, Rank, Source, Standing
from collab.preparation.services.entries import place_topic
from collab.protocols.models import Capture, ReservedFor, StepKind
from teams.directory.models import Team

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from collab.meetings.models import Meeting
    from collab.preparation.queries.sources import Search
    from teams.directory.models import User

T = TypeVar("T", Decision, Question)

FOLLOW_UP = dt.timedelta(days=7)
A_PROMISE, MOST_ON_PROMISES = 0.5, 10  # minutes for one, and for all of them


class Promises(Source[Team]):
    """Open action items, as one entry: a meeting goes through all of them at once."""

    kind, label, rank, reserved_for = "promises", gettext_lazy("promises"), Rank.STANDING, ReservedFor.CHECKS

    def entries(self, search: Search) -> Iterator[Entry[Team]]:
        """Yield them for a meeting whose agenda keeps no minutes for them."""
        if search.meeting is None or _keeps_promises(search.meeting):
            return
        count, overdue = _open_promises(search)
        if count:
            late = ngettext("%(n)s is overdue.", "%(n)s are overdue.", overdue) % {"n": overdue}
            why = ngettext("%(n)s promise is open.", "%(n)s promises are open.", count) % {"n": count}
            why = f"{why} {late}" if overdue else why
            yield Entry(
                self,
                search.team,
                _("What we promised"),
                why,
                promised_minutes(count),
                self.reserved_for,
                is_urgent=overdue > 0,
            )

    def standing(self, search: Search) -> Standing | None:
        """Return how many are open, and the minutes that going through them takes."""
        count, overdue = _open_promises(search)
        if not count:
            return None
        sentence = ngettext(
            "%(n)s promise is open (%(overdue)s overdue); it stands on every agenda.",
            "%(n)s promises are open (%(overdue)s overdue); they stand on every agenda.",
            count,
        )
        return Standing(
            sentence % {"n": count, "overdue": overdue}, self.reserved_for, promised_minutes(count)
        )

    def is_due(self, search: Search) -> bool:
        """Return whether one falls due by the day of the meeting."""
        return Action.objects.open().filter(team=search.team, due_on__lte=search.day).exists()

    def place(self, entry: Entry[Team], meeting: Meeting, actor: User | None) -> AgendaItem:
        """Put a step like a protocol's in front of all others: what was promised comes first."""
        topic = Topic.objects.create(
            team=meeting.team, title=entry.title, kind=Topic.Kind.STEP, is_standing=True, why=entry.why
        )
        item = AgendaItem(
            topic=topic,
            title=entry.title,
            prompt=_("Done, not done, what got in the way. No stories."),
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
    """Answers of the leaders that the team has not been told."""

    kind, label, rank = "answer", gettext_lazy("answer"), Rank.PROMISED
    minutes, topic_kind, reserved_for = 2, Topic.Kind.ANSWER, ReservedFor.CHECKS

    def entries(self, search: Search) -> Iterator[Entry[Question]]:
        """Yield answered questions, the oldest first; told once, and again when the answer changes."""
        about = Topic.objects.filter(question=OuterRef("pk"))
        told = about.filter(created_at__gte=OuterRef("answered_at"))
        rows = _questions(search).exclude(answered_at=None)
        for row in rows.filter(~Exists(told), ~Exists(about.filter(is_closed=False))):
            yield self.entry(search, row, answer_title(row), row.answer[:400], url=_meeting_url(row.item))

    def place(self, entry: Entry[Question], meeting: Meeting, actor: User | None) -> AgendaItem:
        """Tell the answer."""
        return _tell(entry, meeting, actor)


class Checks(Source[Decision]):
    """Decisions whose check date has come."""

    kind, label, rank = "check", gettext_lazy("decision to check"), Rank.PROMISED
    minutes, topic_kind, reserved_for, is_dated = 3, Topic.Kind.CHECK, ReservedFor.CHECKS, True

    def entries(self, search: Search) -> Iterator[Entry[Decision]]:
        """Yield decisions that no topic checks, the longest due first."""
        rows = Decision.objects.filter(item__topic__team=search.team, check_on__lte=search.day)
        rows = rows.filter(~Exists(Topic.objects.filter(decision=OuterRef("pk"))))
        rows = rows.select_related("item__meeting", "measure")
        for row in _readable(rows, search.user).order_by("check_on", "pk"):
            if row.check_on is None:
                continue
            why = _("Decided on %(day)s, to be looked at on %(check)s.") % {
                "day": search.day_of(row.created_at),
                "check": date_format(row.check_on, "j M"),
            }
            yield self.entry(
                search,
                row,
                (_("Did it work: %(decision)s") % {"decision": row.text})[:200],
                why,
                url=_meeting_url(row.item),
                due_on=row.check_on,
                is_urgent=row.check_on < search.today,
            )

    def place(self, entry: Entry[Decision], meeting: Meeting, actor: User | None) -> AgendaItem:
        """Ask whether it worked, with the charts that the decision was made on."""
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
    """Questions to the leaders that have waited for a week."""

    kind, label, rank = "question", gettext_lazy("question"), Rank.REMINDER
    minutes, topic_kind, reserved_for = 1, Topic.Kind.ANSWER, ReservedFor.CHECKS

    def entries(self, search: Search) -> Iterator[Entry[Question]]:
        """Yield questions without an answer, the oldest first."""
        on_agenda = Topic.objects.filter(question=OuterRef("pk"), is_closed=False)
        for row in _questions(search).filter(~Exists(on_agenda), answered_at=None):
            days = (search.day - row.created_at.astimezone(search.team.school.tz).date()).days
            if days < FOLLOW_UP.days:
                continue
            yield self.entry(
                search,
                row,
                (_("No answer yet: %(question)s") % {"question": row.text})[:200],
                ngettext("Asked %(n)s day ago.", "Asked %(n)s days ago.", days) % {"n": days},
                url=_meeting_url(row.item),
                is_urgent=True,
            )

    def place(self, entry: Entry[Question], meeting: Meeting, actor: User | None) -> AgendaItem:
        """Tell that nobody has answered."""
        return _tell(entry, meeting, actor)


SOURCES = (Promises(), Answers(), Checks(), Unanswered())


def promised_minutes(count: int) -> int:
    """Return the minutes that a team takes to go through ``count`` open promises."""
    return min(MOST_ON_PROMISES, max(1, round(count * A_PROMISE)))


def _open_promises(search: Search) -> tuple[int, int]:
    """How many the user may see, and how many of these are overdue."""
    rows = Action.objects.open().filter(team=search.team)
    if search.user:
        rows = rows.filter(pk__in=actions_visible_to(search.user).values("pk"))
    return rows.count(), rows.overdue(search.today).count()


def _keeps_promises(meeting: Meeting) -> bool:
    return meeting.items.filter(topic__kind=Topic.Kind.STEP, reserved_for=ReservedFor.CHECKS).exists()


def _tell(entry: Entry[Question], meeting: Meeting, actor: User | None) -> AgendaItem:
    return place_topic(
        entry,
        meeting,
        actor,
        kind=Topic.Kind.ANSWER,
        step=StepKind.INFORM,
        comes_from=entry.subject.item,
        question=entry.subject,
    )


def _questions(search: Search) -> QuerySet[Question]:
    rows = Question.objects.filter(item__topic__team=search.team).select_related("item__meeting")
    return _readable(rows, search.user).order_by("created_at")


def _readable(rows: QuerySet[T], user: User | None) -> QuerySet[T]:
    """Decisions or questions of items that ``user`` may read."""
    return rows.filter(item__in=items_visible_to(user)) if user else rows


def _meeting_url(item: AgendaItem) -> str:
    return item.meeting.get_absolute_url() if item.meeting else ""
