"""The agenda page before a meeting: items with context, participants, and the team's queue."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import Q, prefetch_related_objects

from collab.agendas.models import AgendaItem, Topic, Visibility
from collab.agendas.permissions import items_visible_to
from collab.agendas.queries.durations import typical_durations
from collab.discussion.models import Contribution
from collab.findings.queries.predictions import asked_first
from collab.findings.queries.results import results_in_words
from collab.meetings.models import EventKind, Meeting
from collab.meetings.permissions import may_arrange
from collab.meetings.queries.calendar_entries import mail_recipients
from collab.meetings.queries.participants import participants_of
from collab.meetings.queries.roles import roles_of_meeting
from collab.preparation.queries.queue import Queue, day_of, is_nothing_due, queue_of
from teams.access.prepared import prepared_rows
from teams.access.readers import reader_of
from teams.mail.queries import not_reached

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from collab.agendas.queries.durations import TypicalDurations
    from collab.agendas.queries.items import ItemForReader, ItemsFor
    from collab.meetings.queries.participants import Person
    from collab.meetings.queries.roles import RoleOf
    from teams.directory.models import Staff, User

WAITING = "waiting:"  # before the id of an item that was taken off an agenda, in its events
FAR_OFF = 2  # minutes: smaller differences from the team's typical duration are not shown


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to answer before the meeting: the reader's answer, and who has and has not answered."""

    item: AgendaItem
    mine: Contribution | None
    answered: list[str]
    silent: list[str]


@dataclass(frozen=True, slots=True)
class AgendaRow:
    """An agenda item with its typical duration and the earlier meetings that discussed the same subject.

    ``minutes_below`` are those of the items that stand in a step. ``asks`` says whether its results wait for
    predictions, ``results`` how far they are. ``is_new`` and ``is_changed`` say whether it came or was edited since the
    agenda was published.
    """

    item: ItemForReader
    usual: int | None
    last: AgendaItem | None
    moved: int
    asks: bool = False
    results: str = ""
    minutes_below: int = 0
    is_new: bool = False
    is_changed: bool = False


class Agenda:
    """The agenda page for one reader. Parts are loaded when a template asks for them, once."""

    def __init__(self, agenda: ItemsFor) -> None:
        self.agenda, self.user, self.meeting = agenda, agenda.user, agenda.meeting

    @property
    def has_topics(self) -> bool:
        """Whether anything but steps of a protocol is on the agenda."""
        return any(not item.is_step for item in self.agenda.items)

    @cached_property
    def rows(self) -> list[AgendaRow]:
        """Items in order; for unreadable ones only their minutes."""
        open_ones = [item for item in self.agenda.readable if item.topic.kind != Topic.Kind.STEP]
        visits = self._visits(open_ones) if open_ones else []
        durations = typical_durations(self.meeting.team)
        asks, results = asked_first(self.agenda.readable), results_in_words(self.agenda.readable)
        published_at = self.meeting.published_at
        rows = [_row(item, durations, visits, asks, results, published_at) for item in self.agenda.items]
        prefetch_related_objects([one.topic for one in open_ones if one.topic.candidate_id], "joined")
        return _with_minutes_below(rows)

    def _visits(self, items: list[AgendaItem]) -> list[AgendaItem]:
        """Earlier items about the same topics, students or plans that the user may read, newest first."""
        topics = [item.topic for item in items]
        candidates = [one.candidate_id for one in topics if one.candidate_id]
        plans = [one.plan_id for one in topics if one.plan_id]
        ids = ([one.pk for one in topics], candidates, plans)
        return prepared_rows(_earlier_items, reader_of(self.user), self.meeting.team_id, *ids)

    @cached_property
    def may_move(self) -> bool:
        """Whether the user may arrange the agenda before the meeting: members of the team, not guests.

        A draft is arranged only by those who prepare it.
        """
        return self.meeting.state == Meeting.State.PLANNED and may_arrange(self.user, self.meeting)

    @cached_property
    def removed(self) -> list[str]:
        """Titles of items taken off the agenda since it was published, which the user may read in the queue."""
        is_open = self.meeting.published_at and self.meeting.state == Meeting.State.PLANNED
        if not (is_open and self.agenda.may_run):
            return []
        events = self.meeting.events.filter(kind=EventKind.ITEM_REMOVED, at__gt=self.meeting.published_at)
        keys = [str(key) for key in events.values_list("data__key", flat=True)]
        ids = [int(key.removeprefix(WAITING)) for key in keys if key.startswith(WAITING)]
        waiting = (
            items_visible_to(self.user).filter(pk__in=ids, meeting=None) if ids else AgendaItem.objects.none()
        )
        return list(waiting.order_by("pk").values_list("title", flat=True))

    @cached_property
    def people(self) -> list[Person]:
        """Members and guests."""
        return participants_of(self.meeting)

    @property
    def recipients(self) -> list[Staff]:
        """Who gets the agenda by email when it is published."""
        return mail_recipients(self.meeting)

    @cached_property
    def not_reached(self) -> list[Staff]:
        """Participants of a planned meeting who get no emails yet."""
        is_planned = self.meeting.state == Meeting.State.PLANNED
        return not_reached(one.staff for one in self.people) if is_planned else []

    @cached_property
    def roles(self) -> list[RoleOf]:
        """The meeting's roles and their holders."""
        return roles_of_meeting(self.meeting)

    @cached_property
    def queue(self) -> Queue:
        """The team's queue."""
        if self.meeting.state != Meeting.State.PLANNED:
            return Queue()
        return queue_of(self.meeting.team, day_of(self.meeting), user=self.user, meeting=self.meeting)

    @cached_property
    def asked(self) -> list[Asked]:
        """Questions to answer before the meeting."""
        items = [item for item in self.agenda.readable if item.ask]
        if not items:
            return []
        given: dict[int, list[Contribution]] = {}
        for row in prepared_rows(_answers, [item.pk for item in items]):
            given.setdefault(row.item_id, []).append(row)
        people = [person.staff for person in self.people if not person.is_guest]
        return [self._asked(item, given.get(item.pk, []), people) for item in items]

    def _asked(self, item: AgendaItem, given: list[Contribution], people: list[Staff]) -> Asked:
        answered = {row.author_id: row.author.short_name for row in given}
        is_open = item.visibility != Visibility.RESTRICTED  # otherwise not everyone can answer
        return Asked(
            item=item,
            mine=next((row for row in given if row.author_id == self.user.pk), None),
            answered=list(answered.values()),
            silent=[one.user.short_name for one in people if one.user_id not in answered] if is_open else [],
        )

    @cached_property
    def readings(self) -> list[AgendaItem]:
        """Items with exhibits to read before the meeting. Charts load when opened."""
        return [item for item in self.agenda.readable if item.exhibits.all()]

    @cached_property
    def is_nothing_due(self) -> bool:
        """Whether the meeting could be released because nothing is due."""
        is_planned = self.meeting.state == Meeting.State.PLANNED
        return is_planned and not self.queue.entries and is_nothing_due(self.meeting)

    @property
    def back_on(self) -> dt.date:
        """The earliest date to defer an entry to: the day after this meeting."""
        return day_of(self.meeting) + dt.timedelta(days=1)


def _earlier_items(
    user: User, team_id: int, topics: list[int], candidates: list[int], plans: list[int]
) -> QuerySet[AgendaItem]:
    same = Q(topic__in=topics) | Q(topic__candidate__in=candidates) | Q(topic__plan__in=plans)
    rows = items_visible_to(user).filter(same, topic__team=team_id, meeting__state=Meeting.State.CLOSED)
    rows = rows.filter(state__in=[AgendaItem.State.DONE, AgendaItem.State.MOVED])
    return rows.select_related("topic", "meeting").order_by("-meeting__starts_at")


def _answers(item_ids: list[int]) -> QuerySet[Contribution]:
    rows = Contribution.objects.filter(item__in=item_ids, is_before=True, deleted_at=None)
    return rows.select_related("author").order_by("pk")


def _row(
    item: ItemForReader,
    durations: TypicalDurations,
    visits: list[AgendaItem],
    asks: set[int],
    results: dict[int, str],
    published_at: dt.datetime | None,
) -> AgendaRow:
    if item.row is None:
        return AgendaRow(item, None, None, 0)
    topic, usual = item.row.topic, durations.of_item(item.row)
    before = [] if item.is_step else [visit for visit in visits if _is_same(visit.topic, topic)]
    is_far_off = usual is not None and abs(usual - item.minutes) >= FAR_OFF
    return AgendaRow(
        item=item,
        usual=usual if is_far_off else None,
        last=next((visit for visit in before if visit.state == AgendaItem.State.DONE), None),
        moved=sum(visit.state == AgendaItem.State.MOVED for visit in before),
        asks=item.row.pk in asks,
        results=results.get(item.row.pk, ""),
        is_new=_is_since(item.row.placed_at, published_at),
        is_changed=_is_since(item.row.changed_at, published_at),
    )


def _with_minutes_below(rows: list[AgendaRow]) -> list[AgendaRow]:
    """The rows; each step with the minutes of the items after it that stand in it."""
    found, step = list[AgendaRow](), -1
    for row in rows:
        host = found[step].item.row if step >= 0 else None
        found.append(row)
        if row.item.is_step:
            step = len(found) - 1
        elif host and row.item.row and host.reserved_for and row.item.row.reserved_for == host.reserved_for:
            minutes = found[step].minutes_below + row.item.minutes
            found[step] = replace(found[step], minutes_below=minutes)
    return found


def _is_since(moment: dt.datetime | None, published_at: dt.datetime | None) -> bool:
    return moment is not None and published_at is not None and moment > published_at


def _is_same(one: Topic, other: Topic) -> bool:
    return (
        one.pk == other.pk
        or (one.candidate_id is not None and one.candidate_id == other.candidate_id)
        or (one.plan_id is not None and one.plan_id == other.plan_id)
    )
