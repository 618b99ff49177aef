"""A meeting's agenda as one reader may see it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from collab.agendas.models import AgendaItem, Topic, Visibility
from collab.agendas.permissions import items_visible_to
from collab.agendas.queries.predictions import is_hidden
from collab.meetings.models import Meeting
from collab.meetings.permissions import may_plan_for, may_prepare, may_run, may_start, may_take_part_in
from teams.access.prepared import prepared_rows
from teams.access.readers import reader_of
from teams.lib import clock

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from teams.directory.models import User


@dataclass(frozen=True, slots=True)
class ItemForReader:
    """The parts of an agenda item that one reader may see.

    If the reader may not read the item, only its position, minutes and clock are here: ``row`` is None and
    ``title`` is generic. ``prompt`` is empty if it would reveal figures of a chart that waits for predictions
    (``figures_wait``).
    """

    uuid: UUID
    position: int
    state: str
    visibility: str
    minutes: int
    minutes_used: int
    started_at: dt.datetime | None
    ends_at: dt.datetime | None
    is_step: bool
    title: str
    prompt: str = ""
    figures_wait: bool = False
    row: AgendaItem | None = None

    @property
    def visibility_label(self) -> str:
        """The visibility in words."""
        return str(Visibility(self.visibility).label)


class ItemsFor:
    """A meeting's agenda for one reader, with their permissions. Parts are loaded on first use."""

    def __init__(self, user: User, meeting: Meeting) -> None:
        self.user, self.meeting, self.now = user, meeting, clock.now()

    @cached_property
    def items(self) -> list[ItemForReader]:
        """All items in order; of a draft that the reader does not prepare, only their own."""
        return _read(self.user, self.meeting)

    @cached_property
    def readable(self) -> list[AgendaItem]:
        """Items that the reader may read."""
        return [item.row for item in self.items if item.row]

    @cached_property
    def current(self) -> ItemForReader | None:
        """The current item. Loaded alone unless all items are loaded already."""
        items = self.items if "items" in self.__dict__ else _read(self.user, self.meeting, only_current=True)
        return next((item for item in items if item.state == AgendaItem.State.CURRENT), None)

    @property
    def open_item(self) -> AgendaItem | None:
        """The current item, if the reader may read it."""
        return self.current.row if self.current else None

    @property
    def waiting(self) -> list[ItemForReader]:
        """Items not yet started."""
        return [item for item in self.items if item.state == AgendaItem.State.WAITING]

    @property
    def planned_minutes(self) -> int:
        """Total minutes of all items."""
        return sum(item.minutes for item in self.items)

    @property
    def slot_minutes(self) -> int:
        """Length of the meeting in minutes."""
        return round((self.meeting.ends_at - self.meeting.starts_at).total_seconds() / 60)

    @property
    def over_minutes(self) -> int:
        """Minutes by which the agenda exceeds the meeting; negative if there is room."""
        return self.planned_minutes - self.slot_minutes

    @property
    def free_minutes(self) -> int:
        """Minutes of the meeting not yet planned."""
        return max(0, -self.over_minutes)

    @property
    def predicted_end(self) -> dt.datetime:
        """When the meeting ends if every remaining item takes its planned minutes; less than a minute off is on time."""
        if self.meeting.state != Meeting.State.LIVE:
            return self.meeting.starts_at + dt.timedelta(minutes=self.planned_minutes)
        waiting = sum(item.minutes for item in self.waiting)
        current_end = self.current.ends_at if self.current and self.current.ends_at else self.now
        found, until = max(current_end, self.now) + dt.timedelta(minutes=waiting), self.meeting.held_until
        return until if abs(found - until) < dt.timedelta(minutes=1) else found

    @property
    def today(self) -> dt.date:
        """Today's date at the school."""
        return self.meeting.team.school.today()

    @cached_property
    def may_take_part(self) -> bool:
        """Whether the reader may contribute."""
        return may_take_part_in(self.user, self.meeting)

    @cached_property
    def may_run(self) -> bool:
        """Whether the reader may steer and close the meeting."""
        return may_run(self.user, self.meeting)

    @cached_property
    def may_start(self) -> bool:
        """Whether the reader may start the meeting today."""
        return may_start(self.user, self.meeting)

    @cached_property
    def may_prepare(self) -> bool:
        """Whether the reader may read the agenda while it is a draft, and publish it."""
        return may_prepare(self.user, self.meeting)

    @property
    def is_hidden_draft(self) -> bool:
        """Whether the reader sees only their own items, as the agenda is not published yet."""
        return self.meeting.is_draft and not self.may_prepare

    @cached_property
    def may_plan(self) -> bool:
        """Whether the reader may move or cancel the meeting."""
        return may_plan_for(self.user, self.meeting.team)


def parked_in(meeting: Meeting) -> list[Topic]:
    """Topics parked in ``meeting``, except restricted ones."""
    if meeting.started_at is None:
        return []
    return prepared_rows(_parked, meeting.team_id, meeting.started_at, meeting.closed_at)


def _parked(team_id: int, since: dt.datetime, until: dt.datetime | None) -> QuerySet[Topic]:
    rows = Topic.objects.filter(team=team_id, kind=Topic.Kind.PARKED, created_at__gte=since)
    rows = rows.exclude(agenda_items__visibility=Visibility.RESTRICTED)
    return rows.filter(created_at__lte=until) if until else rows


def _read(user: User, meeting: Meeting, *, only_current: bool = False) -> list[ItemForReader]:
    """The items of ``meeting`` in order, as ``user`` may see each."""
    rows = prepared_rows(_items_of, meeting.pk, only_current)
    mine, is_hidden_draft = {row.pk for row in rows}, meeting.is_draft and not may_prepare(user, meeting)
    for row in rows:
        row.meeting = meeting
    if is_hidden_draft or any(row.visibility == Visibility.RESTRICTED for row in rows):
        mine = {pk for (pk,) in prepared_rows(_readable_of, meeting.pk, reader_of(user))}
    if is_hidden_draft:
        rows = [row for row in rows if row.pk in mine]
    return [_open(row, meeting) if row.pk in mine else _closed(row) for row in rows]


def _items_of(meeting_id: int, only_current: bool) -> QuerySet[AgendaItem]:
    rows = AgendaItem.objects.filter(meeting=meeting_id)
    if only_current:
        rows = rows.filter(state=AgendaItem.State.CURRENT)
    rows = rows.select_related(
        "topic__candidate__student", "topic__plan__student", "topic__assessment__team", "owner__user"
    )
    return rows.prefetch_related("exhibits").order_by("position", "pk")


def _readable_of(meeting_id: int, user: User) -> QuerySet[AgendaItem, tuple[int]]:
    return items_visible_to(user).filter(meeting=meeting_id).values_list("pk")


def _closed(row: AgendaItem) -> ItemForReader:
    return ItemForReader(
        uuid=row.uuid,
        position=row.position,
        state=row.state,
        visibility=row.visibility,
        minutes=row.minutes,
        minutes_used=row.minutes_used,
        started_at=row.started_at,
        ends_at=row.ends_at,
        is_step=row.topic.kind == Topic.Kind.STEP,
        title=_("Restricted item"),
    )


def _open(row: AgendaItem, meeting: Meeting) -> ItemForReader:
    waits = any(is_hidden(exhibit, meeting) for exhibit in row.exhibits.all())
    tells_figures = waits and row.topic.kind == Topic.Kind.CANDIDATE
    prompt = "" if tells_figures else row.prompt
    return replace(_closed(row), title=row.title, prompt=prompt, figures_wait=waits, row=row)
