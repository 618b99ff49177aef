"""The next meeting on Home: its items with the times at which they begin, and what is left to do before it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collab.discussion.queries import answered_before
from collab.meetings.permissions import may_take_part_in
from teams.access.prepared import prepared_rows
from teams.access.scope import scope_of
from teams.lib import formats

if TYPE_CHECKING:
    from collections.abc import Sequence

    from collab.agendas.models import AgendaItem
    from collab.meetings.models import Meeting
    from teams.directory.models import User

ROUTINE = 2  # minutes, at most


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item of the next meeting and when it begins, if each takes its minutes."""

    item: AgendaItem
    begins: dt.datetime

    @property
    def is_routine(self) -> bool:
        """Whether it is too short to be what the meeting is about: the check-in, the feedback."""
        return self.item.minutes <= ROUTINE


@dataclass(frozen=True, slots=True)
class ToPrepare:
    """What the user is to do for the next meeting: items with a question they have not answered, and those they lead."""

    unanswered: list[AgendaItem]
    led: list[AgendaItem]

    def __bool__(self) -> bool:
        return bool(self.unanswered or self.led)


def to_prepare(user: User, meeting: Meeting | None, items: Sequence[AgendaItem]) -> ToPrepare:
    """What ``user`` is to do before a planned ``meeting``, of those ``items`` that are marked ``is_readable``."""
    if meeting is None or meeting.state != meeting.State.PLANNED or not may_take_part_in(user, meeting):
        return ToPrepare([], [])
    readable = [item for item in items if item.is_readable]  # type: ignore[attr-defined]
    asking, own = [item for item in readable if item.ask], scope_of(user).employed_ids
    answered = set(prepared_rows(answered_before, user.pk, [item.pk for item in asking])) if asking else set()
    return ToPrepare(
        unanswered=[item for item in asking if item.pk not in answered],
        led=[item for item in readable if item.owner_id in own],
    )


def item_rows(meeting: Meeting, items: Sequence[AgendaItem]) -> list[ItemRow]:
    """Those of the ``items`` that are marked ``is_readable``, with their times."""
    rows, begins = [], meeting.starts_at
    for item in items:
        if item.is_readable:  # type: ignore[attr-defined]
            rows.append(ItemRow(item, begins))
        begins += dt.timedelta(minutes=item.minutes)
    return rows


def what_is_left(meeting: Meeting | None, to_do: int, first_name: str, today: dt.date) -> str:
    """What the page says first: how many things are to be done, and by when."""
    count = formats.number(to_do)
    if meeting is None:
        if not to_do:
            return _("Good to see you, %(name)s") % {"name": first_name}
        return ngettext("%(n)s thing to do today", "%(n)s things to do today", to_do) % {"n": count}
    if meeting.state == meeting.State.LIVE:
        return _("Your team is meeting now")
    tz = meeting.team.school.tz
    starts = meeting.starts_at.astimezone(tz)
    when = _("on %(day)s") % {"day": formats.day(starts.date())}
    if starts.date() == today:
        when = _("at %(time)s") % {"time": formats.time(starts, tz=tz)}
    if not to_do:
        return _("Nothing is left to do before you meet %(when)s") % {"when": when}
    words = ngettext(
        "%(n)s thing to do before you meet %(when)s", "%(n)s things to do before you meet %(when)s", to_do
    )
    return words % {"n": count, "when": when}
