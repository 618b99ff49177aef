"""Fill agendas from the queue, and take, defer or drop queue entries."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from collab.agendas.models import AgendaItem, Topic
from collab.agendas.services.placement import put_before
from collab.meetings.models import EventKind, Meeting, Region
from collab.meetings.permissions import may_arrange
from collab.meetings.services.locking import announce, lock_meeting
from collab.preparation.models import Deferral
from collab.preparation.queries.queue import Queue, day_of, queue_of
from teams.access.permissions import may_take_part
from teams.audit.services import record_event
from teams.jobs.services.batches import run_each
from teams.lib import clock, formats
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    import datetime as dt

    from collab.preparation.queries.sources import QueueEntry
    from teams.directory.models import User


@dataclass(slots=True)
class FillResult:
    """Entries that were added to an agenda, and entries that did not fit."""

    added: list[QueueEntry[Any]] = field(default_factory=list)
    left_out: list[QueueEntry[Any]] = field(default_factory=list)


def fill_agenda_automatically(meeting: Meeting, *, actor: User | None = None) -> int:
    """Run `fill_agenda`. Returns the number of items added."""
    return len(fill_agenda(meeting, actor=actor).added)


@transaction.atomic
def fill_agenda(meeting: Meeting, *, actor: User | None = None) -> FillResult:
    """Add due entries to a coming agenda while there are minutes, most urgent first.

    Without ``actor`` it adds what people asked for, checks, reviews and new results. New candidates are added
    only when a person fills the agenda: discussing a child is always a person's decision. Entries removed
    from this agenda stay in the queue. Idempotent.
    """
    meeting, filled = lock_meeting(meeting), FillResult()
    if meeting.state not in (Meeting.State.PLANNED, Meeting.State.LIVE):
        return filled
    if actor and not _may_fill(actor, meeting):
        raise PermissionDenied
    with translation.override(meeting.team.school.language):  # an agenda is shared
        queue, removed, day = _queue_for(meeting, actor), _removed_keys(meeting), day_of(meeting)
        items = _items(meeting)
        for entry in queue.entries:
            if entry.key in removed or (actor is None and not entry.source.may_add_automatically(entry, day)):
                continue
            if entry.minutes <= _available_minutes(meeting, items, entry.reserved_for, queue):
                entry.source.place(entry, meeting, actor)
                items = _items(meeting)  # steps lose the minutes that an entry takes
                filled.added.append(entry)
            else:
                filled.left_out.append(entry)
    if filled.added:
        announce(meeting, actor=actor, kind=EventKind.FILLED, region=Region.AGENDA, count=len(filled.added))
    return filled


def _removed_keys(meeting: Meeting) -> set[str]:
    """Keys of entries removed from this agenda. Only people add them again."""
    rows = meeting.events.filter(kind=EventKind.ITEM_REMOVED).values_list("data__key", flat=True)
    return {key for key in rows if key}


def fill_all_agendas() -> int:
    """Fill the next agenda of every team. Returns the number of items added."""
    coming = Meeting.objects.filter(state=Meeting.State.PLANNED, ends_at__gte=clock.now())
    first: dict[int, Meeting] = {}
    for meeting in coming.select_related("team__school").order_by("starts_at"):
        first.setdefault(meeting.team_id, meeting)
    return run_each(
        "collab.gather_all", first.values(), fill_agenda_automatically, about=lambda meeting: meeting.team
    )


@transaction.atomic
def take_entry(meeting: Meeting, *, actor: User, key: str, before: str = "") -> AgendaItem:
    """Add one queue entry to an agenda, even if there are not enough minutes, in front of item ``before``."""
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
    """Defer a queue entry with a reason. It returns for the first meeting from ``until`` on."""
    meeting = _enter(meeting, actor)
    if not reason.strip():
        raise DomainError(_("Say in a few words why it waits, so no one has to ask."))
    day = day_of(meeting)
    if until <= day:
        raise DomainError(
            _("Choose a day after this meeting, which is on %(day)s.") % {"day": formats.short_day(day)}
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
    """Return a deferred entry to the queue now."""
    meeting = _enter(meeting, actor)
    if Deferral.objects.filter(team=meeting.team, key=key).delete()[0]:
        announce(meeting, actor=actor, kind=EventKind.DEFERRED, region=Region.AGENDA, key=key)


@transaction.atomic
def drop_entry(meeting: Meeting, *, actor: User, key: str, reason: str) -> None:
    """Drop a topic that people added and that is no longer needed, with a reason.

    Entries from data or decisions cannot be dropped: they are decided or stay in the queue.
    """
    meeting = _enter(meeting, actor)
    if not reason.strip():
        raise DomainError(_("Say in a few words why it is no longer needed."))
    entry = _entry(meeting, actor, key)
    if entry.topic is None:
        raise DomainError(
            _("This comes from a team decision or from the data. It can wait, but it can’t be dropped.")
        )
    Deferral.objects.filter(team=meeting.team, key=key).delete()
    topic = entry.topic
    note = _("Dropped on %(day)s: %(reason)s") % {
        "day": formats.short_day(meeting.team.school.today()),
        "reason": reason.strip()[:200],
    }
    topic.is_closed, topic.why = True, f"{note} {topic.why}".strip()[:400]
    topic.save(update_fields=["is_closed", "why"])
    record_event(actor, "dropped", topic, school=meeting.team.school)
    announce(meeting, actor=actor, kind=EventKind.DROPPED, region=Region.AGENDA, key=key)


def _enter(meeting: Meeting, actor: User) -> Meeting:
    meeting = lock_meeting(meeting)
    if not _may_fill(actor, meeting):
        raise PermissionDenied
    if meeting.state not in (Meeting.State.PLANNED, Meeting.State.LIVE):
        raise DomainError(_("This meeting is closed, so its minutes don’t change."))
    return meeting


def _may_fill(actor: User, meeting: Meeting) -> bool:
    """Whether ``actor`` may take entries from the queue: members, but for a draft only those who prepare it."""
    return may_take_part(actor, meeting.team) and may_arrange(actor, meeting)


def _queue_for(meeting: Meeting, actor: User | None) -> Queue:
    return queue_of(meeting.team, day_of(meeting), user=actor, meeting=meeting)


def _entry(meeting: Meeting, actor: User, key: str) -> QueueEntry[Any]:
    queue = _queue_for(meeting, actor)
    found = next((one for one in (*queue.entries, *queue.deferred) if one.key == key), None)
    if found is None:
        raise DomainError(_("That is no longer in the queue. It is on an agenda or already settled."))
    return found


def _items(meeting: Meeting) -> list[AgendaItem]:
    return list(meeting.items.select_related("topic"))


def _available_minutes(meeting: Meeting, items: list[AgendaItem], reserved_for: str, queue: Queue) -> int:
    """Minutes available for an entry: reserved by its step, or free in the meeting.

    A step keeps the minutes of standing business for itself, at least one.
    """
    slot = round((meeting.ends_at - meeting.starts_at).total_seconds() / 60)
    own = queue.kept_minutes(reserved_for)
    kept = [
        item.minutes - own
        for item in items
        if reserved_for and item.reserved_for == reserved_for and item.topic.kind == Topic.Kind.STEP
    ]
    return max([slot - sum(item.minutes for item in items), *kept])
