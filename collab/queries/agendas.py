"""An agenda before its meeting: what is on it beside the items, and what waits for it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from collab.models import Contribution, Meeting
from collab.permissions import items_visible_to
from collab.queries.queue import Queue, is_nothing_due, queue_of
from collab.queries.shown import exhibits_for

if TYPE_CHECKING:
    from collab.models import AgendaItem
    from collab.queries.shown import Shown
    from teams.models import User


@dataclass(frozen=True, slots=True)
class Asked:
    """An item with a question to answer before: the reader's answer, and how many have given one."""

    item: AgendaItem
    mine: Contribution | None
    answered: int


@dataclass(frozen=True, slots=True)
class Reading:
    """An item's exhibits, to read before."""

    item: AgendaItem
    exhibits: list[Shown]


@dataclass(frozen=True, slots=True)
class Agenda:
    """What stands beside the items of an agenda."""

    queue: Queue
    asked: list[Asked]
    readings: list[Reading]
    is_nothing_due: bool
    back_on: dt.date


def agenda_of(user: User, meeting: Meeting) -> Agenda:
    """What waits for ``meeting``, what is asked before it, what there is to read."""
    day = meeting.starts_at.astimezone(meeting.team.school.tz).date()
    is_planned = meeting.state == Meeting.State.PLANNED
    mine = items_visible_to(user).filter(meeting=meeting).prefetch_related("exhibits").order_by("position")
    shown = [item for item in mine if item.exhibits.all()]
    return Agenda(
        queue=queue_of(meeting.team, day, user=user) if is_planned else Queue([], [], 0, 0),
        asked=[_asked(user, item) for item in mine if item.ask],
        readings=[Reading(item, exhibits_for(user, item, meeting)) for item in shown],
        is_nothing_due=is_planned and is_nothing_due(meeting),
        back_on=day + dt.timedelta(days=1),
    )


def _asked(user: User, item: AgendaItem) -> Asked:
    rows = Contribution.objects.filter(item=item, is_before=True, deleted_at=None)
    return Asked(
        item=item,
        mine=rows.filter(author=user).first(),
        answered=rows.values("author").distinct().count(),
    )
