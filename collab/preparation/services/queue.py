"""The agenda that fills itself: what is due comes on it while there is room, the rest waits in sight."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from collab.agendas.models import AgendaItem, Topic
from collab.agendas.services.placement import put_before
from collab.meetings.models import EventKind, Meeting, Region
from collab.meetings.services.locking import announce, lock_meeting
from collab.preparation.models import Deferral
from collab.preparation.queries.queue import Queue, day_of, queue_of
from teams.access.permissions import may_take_part
from teams.audit.services import record_event
from teams.jobs.services.batches import run_each
from teams.lib import clock
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    import datetime as dt

    from collab.preparation.queries.sources import Entry
    from teams.directory.models import User


@dataclass(slots=True)
class Filled:
    """What came on an agenda, and what did not fit."""

    came: list[Entry[Any]] = field(default_factory=list)
    left: list[Entry[Any]] = field(default_factory=list)


def fill_agenda_automatically(meeting: Meeting, *, actor: User | None = None) -> int:
    """`fill_agenda`; how many items came."""
    return len(fill_agenda(meeting, actor=actor).came)


@transaction.atomic
def fill_agenda(meeting: Meeting, *, actor: User | None = None) -> Filled:
    """Bring what is due to a coming meeting while its minutes last, the most pressing first.

    By itself (``actor`` None) it brings what people asked for, checks, reviews and new results. Students who are
    new come only when a person fills the agenda: that a child is spoken of is somebody's decision. What
    somebody took off this agenda stays in the queue. Running twice brings nothing twice.
    """
    meeting, filled = lock_meeting(meeting), Filled()
    if meeting.state not in (Meeting.State.PLANNED, Meeting.State.LIVE):
        return filled
    if actor and not may_take_part(actor, meeting.team):
        raise PermissionDenied
    with translation.override(meeting.team.school.language):  # an agenda is everybody's
        queue, taken_off, day = _queue_for(meeting, actor), _taken_off(meeting), day_of(meeting)
        for entry in queue.entries:
            if entry.key in taken_off or (actor is None and not entry.source.comes_by_itself(entry, day)):
                continue
            if entry.minutes <= _room_for(meeting, entry.reserved_for, queue):
                entry.source.place(entry, meeting, actor)
                filled.came.append(entry)
            else:
                filled.left.append(entry)
    if filled.came:
        announce(meeting, actor=actor, kind=EventKind.FILLED, region=Region.AGENDA, count=len(filled.came))
    return filled


def _taken_off(meeting: Meeting) -> set[str]:
    """Keys of what people have taken off this agenda: only people bring it back."""
    rows = meeting.events.filter(kind=EventKind.ITEM_REMOVED).values_list("data__key", flat=True)
    return {key for key in rows if key}


def fill_all_agendas() -> int:
    """Bring what is due to every team's next meeting; what the night does."""
    coming = Meeting.objects.filter(state=Meeting.State.PLANNED, ends_at__gte=clock.now())
    first: dict[int, Meeting] = {}
    for meeting in coming.select_related("team__school").order_by("starts_at"):
        first.setdefault(meeting.team_id, meeting)
    return run_each(
        "collab.gather_all", first.values(), fill_agenda_automatically, about=lambda meeting: meeting.team
    )


@transaction.atomic
def take_entry(meeting: Meeting, *, actor: User, key: str, before: str = "") -> AgendaItem:
    """Put one entry of the queue on an agenda, also where the minutes do not last; in front of item ``before``."""
    meeting = _enter(meeting, actor)
    Deferral.objects.filter(team=meeting.team, key=key).delete()
    with translation.override(meeting.team.school.language):
        entry = _entry(meeting, actor, key)
        item = entry.source.place(entry, meeting, actor)
    if before:
        put_before(item, meeting, before)
    announce(meeting, actor=actor, kind=EventKind.ITEM_ADDED, region=Region.AGENDA, key=entry.key)
    return item


@transaction.atomic
def defer_entry(meeting: Meeting, *, actor: User, key: str, until: dt.date, reason: str) -> Deferral:
    """Not at this meeting, with the reason; it comes back for the first one from ``until`` on."""
    meeting = _enter(meeting, actor)
    if not reason.strip():
        raise DomainError(_("Say in a few words why it waits, so that nobody has to ask."))
    day = day_of(meeting)
    if until <= day:
        raise DomainError(
            _("Choose a day after this meeting, which is on %(day)s.") % {"day": date_format(day, "j M")}
        )
    _entry(meeting, actor, key)
    row, _new = Deferral.objects.update_or_create(
        team=meeting.team,
        key=key,
        defaults={"until": until, "reason": reason.strip()[:200], "by": actor, "at": clock.now()},
    )
    announce(meeting, actor=actor, kind=EventKind.DEFERRED, region=Region.AGENDA, key=key)
    return row


@transaction.atomic
def undo_deferral(meeting: Meeting, *, actor: User, key: str) -> None:
    """Bring it back now."""
    meeting = _enter(meeting, actor)
    if Deferral.objects.filter(team=meeting.team, key=key).delete()[0]:
        announce(meeting, actor=actor, kind=EventKind.DEFERRED, region=Region.AGENDA, key=key)


@transaction.atomic
def drop_entry(meeting: Meeting, *, actor: User, key: str, reason: str) -> None:
    """End a topic that somebody put in the queue and nobody needs any more, with the reason.

    What comes from the data is not dropped: it is decided, or it waits.
    """
    meeting = _enter(meeting, actor)
    if not reason.strip():
        raise DomainError(_("Say in a few words why it is not needed any more."))
    entry = _entry(meeting, actor, key)
    if entry.topic is None:
        raise DomainError(_("This comes from what the team decided or from the data. It can wait, not go."))
    Deferral.objects.filter(team=meeting.team, key=key).delete()
    topic = entry.topic
    said = _("Dropped on %(day)s: %(reason)s") % {
        "day": date_format(meeting.team.school.today(), "j M"),
        "reason": reason.strip()[:200],
    }
    topic.is_closed, topic.why = True, f"{said} {topic.why}".strip()[:400]
    topic.save(update_fields=["is_closed", "why"])
    record_event(actor, "dropped", topic, school=meeting.team.school)
    announce(meeting, actor=actor, kind=EventKind.DROPPED, region=Region.AGENDA, key=key)


def _enter(meeting: Meeting, actor: User) -> Meeting:
    meeting = lock_meeting(meeting)
    if not may_take_part(actor, meeting.team):
        raise PermissionDenied
    if meeting.state not in (Meeting.State.PLANNED, Meeting.State.LIVE):
        raise DomainError(_("These are minutes now; they do not change."))
    return meeting


def _queue_for(meeting: Meeting, actor: User | None) -> Queue:
    return queue_of(meeting.team, day_of(meeting), user=actor, meeting=meeting)


def _entry(meeting: Meeting, actor: User, key: str) -> Entry[Any]:
    queue = _queue_for(meeting, actor)
    found = next((one for one in (*queue.entries, *queue.deferred) if one.key == key), None)
    if found is None:
        raise DomainError(
            _("That is not waiting any more: somebody has put it on an agenda, or it is settled.")
        )
    return found


def _room_for(meeting: Meeting, reserved_for: str, queue: Queue) -> int:
    """Minutes free for an entry: what its step keeps for it, or what the slot has left.

    A step keeps for itself what stands on every agenda takes, at least a minute.
    """
    slot = round((meeting.ends_at - meeting.starts_at).total_seconds() / 60)
    items = list(meeting.items.select_related("topic"))
    own = queue.kept_minutes(reserved_for)
    kept = [
        item.minutes - own
        for item in items
        if reserved_for and item.reserved_for == reserved_for and item.topic.kind == Topic.Kind.STEP
    ]
    return max([slot - sum(item.minutes for item in items), *kept])
