"""The meeting's clock: a running item stores the time it ends, a stopped one the seconds used."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from collab.agendas.models import AgendaItem
from collab.agendas.permissions import may_read
from collab.meetings.models import EventKind, Region
from collab.meetings.permissions import may_run
from collab.meetings.services.locking import announce, lock_live_meeting
from collab.protocols.models import Speaker
from collab.room.queries.readiness import blocker_of
from teams.lib import clock
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from collab.meetings.models import Meeting
    from teams.directory.models import User


PASSED_SECONDS = 60  # an item that was left sooner, with nothing written on it, was opened by mistake


class NotReady(Exception):
    """The current item is not finished. ``str(error)`` says why; moving on needs confirmation."""


def start_item(item: AgendaItem) -> None:
    """Make ``item`` current, with its remaining minutes. The meeting must be locked."""
    now = clock.now()
    left = dt.timedelta(minutes=item.minutes) - dt.timedelta(seconds=item.seconds_used)
    item.state, item.started_at, item.ends_at, item.ended_at = AgendaItem.State.CURRENT, now, now + left, None
    if item.speaker == Speaker.WRITE and item.writing_since is None:
        item.writing_since = now  # a silent step starts with private writing
    item.save(update_fields=["state", "started_at", "ends_at", "ended_at", "writing_since"])


def stop_item(item: AgendaItem, *, state: str, at: dt.datetime | None = None) -> None:
    """Stop the current item's clock, at ``at`` if given, and set its state. The meeting must be locked."""
    now = at or clock.now()
    item.seconds_used += max(0, round((now - (item.started_at or now)).total_seconds()))
    item.state, item.ended_at, item.ends_at = state, now, None
    if item.is_private:
        item.revealed_at = now  # moving on reveals what was written privately
    item.save(update_fields=["state", "ended_at", "ends_at", "seconds_used", "revealed_at"])


@transaction.atomic
def go_to_item(
    meeting: Meeting, *, actor: User, item_uuid: str, expected: str = "", anyway: bool = False
) -> None:
    """Make another item current.

    If participants are not ready (`blocker_of`), raises `NotReady` unless ``anyway``. A data item left
    without a cause in instruction, or a teaching change by each teacher present, returns to the queue.
    ``expected`` is the current item on the actor's screen: if somebody else has moved on already, a second
    click on "next" skips nothing. Going back to an earlier item undoes what was only passed: it waits again.
    """
    meeting = lock_live_meeting(meeting)
    if not may_run(actor, meeting):
        raise PermissionDenied
    current = meeting.items.filter(state=AgendaItem.State.CURRENT).first()
    if expected and current and str(current.uuid) != str(expected):
        return
    target = meeting.items.filter(uuid=item_uuid).first()
    if target is None:
        raise DomainError(_("That item is no longer on this agenda."))
    if current == target:
        return
    blocker = blocker_of(current, meeting) if current else ""
    if blocker and not anyway:
        raise NotReady(blocker)
    if current:
        stop_item(current, state=AgendaItem.State.DONE)
        _return_passed_items(target, current)
    start_item(target)
    announce(meeting, actor=actor, kind=EventKind.ITEM, region=Region.ROOM, item=str(target.uuid))


def _return_passed_items(target: AgendaItem, left: AgendaItem) -> None:
    """Items after ``target``, to which the meeting goes back from ``left``, wait again if they were only passed."""
    passed = AgendaItem.objects.filter(
        meeting=target.meeting_id,
        state=AgendaItem.State.DONE,
        position__gt=target.position,
        position__lte=left.position,
        seconds_used__lt=PASSED_SECONDS,
        decisions=None,
        actions=None,
        questions=None,
        causes=None,
        changes=None,
    ).exclude(contributions__is_before=False)
    AgendaItem.objects.filter(pk__in=list(passed.values_list("pk", flat=True))).update(
        state=AgendaItem.State.WAITING, seconds_used=0, started_at=None, ended_at=None
    )


@transaction.atomic
def add_minutes(meeting: Meeting, *, actor: User, minutes: int) -> None:
    """Add minutes to the current item, which the actor must be able to read."""
    meeting = lock_live_meeting(meeting)
    if not may_run(actor, meeting):
        raise PermissionDenied
    item = meeting.items.filter(state=AgendaItem.State.CURRENT).first()
    if item is None or not 1 <= minutes <= 30:
        raise DomainError(_("You can add 1 to 30 min to the current item."))
    if not may_read(actor, item):
        raise PermissionDenied
    item.minutes_planned = item.minutes if item.minutes_planned is None else item.minutes_planned
    item.minutes += minutes
    if item.ends_at:
        item.ends_at += dt.timedelta(minutes=minutes)
    item.save(update_fields=["minutes", "minutes_planned", "ends_at"])
    announce(meeting, actor=actor, kind=EventKind.MORE_TIME, region=Region.CLOCK, minutes=minutes)
