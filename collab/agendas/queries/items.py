"""The agenda of a meeting as one reader may see it."""

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
from collab.meetings.permissions import may_plan_for, may_run, may_take_part_in
from teams.lib import clock

if TYPE_CHECKING:
    from uuid import UUID

    from teams.directory.models import User


@dataclass(frozen=True, slots=True)
class ItemForReader:
    """What one reader may see of an agenda item.

    Of an item that is closed to them this holds its place, its minutes and its clock: ``row`` is None and
    ``title`` says no more than that. ``prompt`` is empty where it would give away the figures of a chart that
    waits for predictions (``figures_wait``).
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
        """Who reads it, in words."""
        return str(Visibility(self.visibility).label)


class ItemsFor:
    """The agenda of ``meeting`` for one reader, and what they may do with it. Every part is read once, when asked for."""

    def __init__(self, user: User, meeting: Meeting) -> None:
        self.user, self.meeting, self.now = user, meeting, clock.now()

    @cached_property
    def items(self) -> list[ItemForReader]:
        """Every item in order."""
        return _read(self.user, self.meeting)

    @cached_property
    def readable(self) -> list[AgendaItem]:
        """The items that the reader may read."""
        return [item.row for item in self.items if item.row]

    @cached_property
    def current(self) -> ItemForReader | None:
        """The item on the table. Read alone, unless the others were read already."""
        items = self.items if "items" in self.__dict__ else _read(self.user, self.meeting, only_current=True)
        return next((item for item in items if item.state == AgendaItem.State.CURRENT), None)

    @property
    def open_item(self) -> AgendaItem | None:
        """The item on the table, if the reader may read it."""
        return self.current.row if self.current else None

    @property
    def waiting(self) -> list[ItemForReader]:
        """The items still to come."""
        return [item for item in self.items if item.state == AgendaItem.State.WAITING]

    @property
    def planned_minutes(self) -> int:
        """Sum of the items' minutes."""
        return sum(item.minutes for item in self.items)

    @property
    def slot_minutes(self) -> int:
        """Length of the meeting."""
        return round((self.meeting.ends_at - self.meeting.starts_at).total_seconds() / 60)

    @property
    def over_minutes(self) -> int:
        """By how much the agenda exceeds the slot; negative when there is room."""
        return self.planned_minutes - self.slot_minutes

    @property
    def free_minutes(self) -> int:
        """What the slot has left."""
        return max(0, -self.over_minutes)

    @property
    def predicted_end(self) -> dt.datetime:
        """When the meeting ends if every item still to come takes its minutes."""
        if self.meeting.state != Meeting.State.LIVE:
            return self.meeting.starts_at + dt.timedelta(minutes=self.planned_minutes)
        waiting = sum(item.minutes for item in self.waiting)
        current_end = self.current.ends_at if self.current and self.current.ends_at else self.now
        return max(current_end, self.now) + dt.timedelta(minutes=waiting)

    @property
    def today(self) -> dt.date:
        """The school's day."""
        return self.meeting.team.school.today()

    @cached_property
    def may_take_part(self) -> bool:
        """Whether the reader contributes to the meeting."""
        return may_take_part_in(self.user, self.meeting)

    @cached_property
    def may_run(self) -> bool:
        """Whether the reader starts, steers and closes the meeting."""
        return may_run(self.user, self.meeting)

    @cached_property
    def may_plan(self) -> bool:
        """Whether the reader moves or cancels the meeting."""
        return may_plan_for(self.user, self.meeting.team)


def parked_in(meeting: Meeting) -> list[Topic]:
    """Topics that were put aside in ``meeting``, without those that only some may read."""
    if meeting.started_at is None:
        return []
    rows = meeting.team.topics.filter(kind=Topic.Kind.PARKED, created_at__gte=meeting.started_at)
    rows = rows.exclude(agenda_items__visibility=Visibility.RESTRICTED)
    return list(rows.filter(created_at__lte=meeting.closed_at) if meeting.closed_at else rows)


def _read(user: User, meeting: Meeting, *, only_current: bool = False) -> list[ItemForReader]:
    """The items of ``meeting`` in order, as ``user`` may see each."""
    found = meeting.items.filter(state=AgendaItem.State.CURRENT) if only_current else meeting.items.all()
    found = found.select_related("topic__candidate__student", "topic__plan__student", "owner__user")
    rows = list(found.prefetch_related("exhibits").order_by("position", "pk"))
    mine = {row.pk for row in rows}
    if any(row.visibility == Visibility.RESTRICTED for row in rows):
        mine = set(items_visible_to(user).filter(meeting=meeting).values_list("pk", flat=True))
    return [_open(row, meeting) if row.pk in mine else _closed(row) for row in rows]


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
