"""Sources of a team's queue: leaders' answers, and unanswered questions."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from collab.agendas.models import AgendaItem, ItemReader, Topic
from collab.agendas.permissions import items_visible_to
from collab.followup.models import Question
from collab.followup.queries.questions import answer_title
from collab.meetings.models import Guest, Meeting
from collab.preparation.queries.sources import Rank, Source
from collab.preparation.services.entries import place_topic
from collab.protocols.models import ReservedFor, StepKind
from teams.access.conditions import one_of
from teams.access.prepared import prepared_rows
from teams.access.readers import reader_of
from teams.directory.models import Staff, Team, TeamMember
from teams.lib.request_cache import read_once

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from collab.preparation.queries.sources import QueueEntry, QueueRequest
    from teams.directory.models import User

FOLLOW_UP = dt.timedelta(days=7)
# The tables of the rules about who may read an item and what was written on it.
READ = (AgendaItem, ItemReader, Topic, Meeting, Guest, Team, TeamMember, Staff)


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


SOURCES = (Answers(), Unanswered())


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
    return prepared_rows(_waiting, team.pk, reader_of(user))


def _waiting(team_id: int, user: User | None) -> QuerySet[Question]:
    about = Topic.objects.filter(question=OuterRef("pk"))
    seen = about.filter(created_at__gte=OuterRef("answered_at"))
    rows = Question.objects.filter(item__topic__team=team_id).select_related("item__meeting")
    rows = rows.filter(~Exists(about.filter(is_closed=False)), Q(answered_at=None) | ~Exists(seen))
    if user:
        rows = rows.filter(one_of(items_visible_to(user), "item"))
    return rows.order_by("created_at")


def _meeting_url(item: AgendaItem) -> str:
    return item.meeting.get_absolute_url() if item.meeting else ""
