"""The agenda that fills itself: what is due comes on it while there is room, the rest waits in sight."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from collab.agendas.models import AgendaItem, Exhibit, Topic
from collab.agendas.services.items import copy_readers
from collab.agendas.services.placement import place_item, put_before
from collab.meetings.models import Meeting
from collab.meetings.services.locking import announce, lock_meeting
from collab.preparation.models import Deferral
from collab.preparation.queries.queue import Queue, day_of, queue_of
from collab.preparation.queries.queue_entries import Entry, promised_minutes
from collab.preparation.services.proposals import propose_candidate, propose_review
from collab.protocols.models import Capture, Holds, StepKind
from teams.access.permissions import may_take_part
from teams.audit.services import record
from teams.jobs.services.batches import each
from teams.lib import clock
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from teams.directory.models import Team, User

FRESH = dt.timedelta(days=30)  # older results wait for somebody who wants them


@dataclass(slots=True)
class Filled:
    """What came on an agenda, and what did not fit."""

    came: list[Entry] = field(default_factory=list)
    left: list[Entry] = field(default_factory=list)


def gather_due(meeting: Meeting, *, actor: User | None = None) -> int:
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
        queue, taken_off = _queue_for(meeting, actor), _taken_off(meeting)
        for entry in queue.entries:
            if entry.key in taken_off or (actor is None and not _comes_by_itself(entry, meeting)):
                continue
            if entry.minutes <= _room_for(meeting, entry.holds, queue.promises):
                _place(entry, meeting, actor)
                filled.came.append(entry)
            else:
                filled.left.append(entry)
    if filled.came:
        announce(meeting, actor=actor, kind="filled", region="agenda", count=len(filled.came))
    return filled


def _comes_by_itself(entry: Entry, meeting: Meeting) -> bool:
    if entry.kind == "result":
        return entry.due_on is not None and entry.due_on >= day_of(meeting) - FRESH
    return entry.kind != "candidate"


def _taken_off(meeting: Meeting) -> set[str]:
    """Keys of what people have taken off this agenda: only people bring it back."""
    rows = meeting.events.filter(kind="item-removed").values_list("data__key", flat=True)
    return {key for key in rows if key}


def gather_all() -> int:
    """Bring what is due to every team's next meeting; what the night does."""
    coming = Meeting.objects.filter(state=Meeting.State.PLANNED, ends_at__gte=clock.now())
    first: dict[int, Meeting] = {}
    for meeting in coming.select_related("team__school").order_by("starts_at"):
        first.setdefault(meeting.team_id, meeting)
    return each("collab.gather_all", first.values(), gather_due, about=lambda meeting: meeting.team)


@transaction.atomic
def take_entry(meeting: Meeting, *, actor: User, key: str, before: str = "") -> AgendaItem:
    """Put one entry of the queue on an agenda, also where the minutes do not last; in front of item ``before``."""
    meeting = _enter(meeting, actor)
    entry = _entry(meeting, actor, key)
    Deferral.objects.filter(team=meeting.team, key=key).delete()
    with translation.override(meeting.team.school.language):
        item = _place(_entry(meeting, actor, key), meeting, actor)
    if before:
        put_before(item, meeting, before)
    announce(meeting, actor=actor, kind="item-added", region="agenda", key=entry.key)
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
    announce(meeting, actor=actor, kind="deferred", region="agenda", key=key)
    return row


@transaction.atomic
def undo_deferral(meeting: Meeting, *, actor: User, key: str) -> None:
    """Bring it back now."""
    meeting = _enter(meeting, actor)
    if Deferral.objects.filter(team=meeting.team, key=key).delete()[0]:
        announce(meeting, actor=actor, kind="deferred", region="agenda", key=key)


@transaction.atomic
def drop_entry(meeting: Meeting, *, actor: User, key: str, reason: str) -> None:
    """End a topic that somebody put in the queue and nobody needs any more, with the reason.

    What comes from the data is not dropped: it is decided, or it waits.
    """
    meeting = _enter(meeting, actor)
    if not reason.strip():
        raise DomainError(_("Say in a few words why it is not needed any more."))
    entry = _entry(meeting, actor, key)
    if not entry.may_be_dropped:
        raise DomainError(_("This comes from what the team decided or from the data. It can wait, not go."))
    Deferral.objects.filter(team=meeting.team, key=key).delete()
    topic = entry.subject.topic
    said = _("Dropped on %(day)s: %(reason)s") % {
        "day": date_format(meeting.team.school.today(), "j M"),
        "reason": reason.strip()[:200],
    }
    topic.is_closed, topic.why = True, f"{said} {topic.why}".strip()[:400]
    topic.save(update_fields=["is_closed", "why"])
    record(actor, "dropped", topic, school=meeting.team.school)
    announce(meeting, actor=actor, kind="dropped", region="agenda", key=key)


def _enter(meeting: Meeting, actor: User) -> Meeting:
    meeting = lock_meeting(meeting)
    if not may_take_part(actor, meeting.team):
        raise PermissionDenied
    if meeting.state not in (Meeting.State.PLANNED, Meeting.State.LIVE):
        raise DomainError(_("These are minutes now; they do not change."))
    return meeting


def _queue_for(meeting: Meeting, actor: User | None) -> Queue:
    return queue_of(meeting.team, day_of(meeting), user=actor, meeting=meeting)


def _entry(meeting: Meeting, actor: User, key: str) -> Entry:
    queue = _queue_for(meeting, actor)
    found = next((one for one in (*queue.entries, *queue.deferred) if one.key == key), None)
    if found is None:
        raise DomainError(
            _("That is not waiting any more: somebody has put it on an agenda, or it is settled.")
        )
    return found


def _room_for(meeting: Meeting, holds: str, promises: int) -> int:
    """Minutes free for an entry: what its step keeps for it, or what the slot has left.

    A step keeps a minute for itself; the one that goes through the promises keeps what they take.
    """
    slot = round((meeting.ends_at - meeting.starts_at).total_seconds() / 60)
    items = list(meeting.items.select_related("topic"))
    own = promised_minutes(promises) if holds == Holds.CHECKS else 1
    kept = [
        item.minutes - own
        for item in items
        if holds and item.holds == holds and item.topic.kind == Topic.Kind.STEP
    ]
    return max([slot - sum(item.minutes for item in items), *kept])


def _place(entry: Entry, meeting: Meeting, actor: User | None) -> AgendaItem:
    if entry.kind == "waiting":
        place_item(entry.subject, meeting, holds=entry.holds)
        return entry.subject
    if entry.kind == "promises":
        return _place_promises(entry, meeting)
    if entry.kind == "review":
        return propose_review(entry.subject, actor=actor, team=meeting.team, meeting=meeting)
    if entry.kind == "candidate":
        if actor is None:
            raise PermissionDenied
        return propose_candidate(entry.subject, actor=actor, team=meeting.team, meeting=meeting)
    item = AgendaItem(
        topic=_topic(entry, meeting.team, actor),
        title=entry.title,
        prompt=entry.why,
        kind=entry.step,
        minutes=entry.minutes,
        capture=Capture.CAUSE if entry.kind == "result" else Capture.NOTES,
        outcome=_("Keep it, change it, or stop it") if entry.kind == "check" else "",
        visibility=entry.subject.item.visibility if entry.holds == Holds.CHECKS else AgendaItem().visibility,
    )
    place_item(item, meeting, holds=entry.holds)
    if entry.holds == Holds.CHECKS:
        copy_readers(entry.subject.item, item)
    if entry.kind == "check":
        _show_again(entry.subject.item, item)
    return item


def _place_promises(entry: Entry, meeting: Meeting) -> AgendaItem:
    """A step like a protocol's, in front of all others: what was promised comes first."""
    topic = Topic.objects.create(
        team=meeting.team, title=entry.title, kind=Topic.Kind.STEP, is_standing=True, why=entry.why
    )
    item = AgendaItem(
        topic=topic,
        title=entry.title,
        prompt=_("Done, not done, what got in the way. No stories."),
        kind=StepKind.INFORM,
        capture=Capture.ACTION,
        holds=Holds.CHECKS,
        minutes=entry.minutes,
    )
    first = meeting.items.order_by("position", "pk").first()
    place_item(item, meeting)
    if first:
        put_before(item, meeting, str(first.uuid))
    return item


def _topic(entry: Entry, team: Team, actor: User | None) -> Topic:
    kinds = {"check": Topic.Kind.CHECK, "result": Topic.Kind.DATA}
    field = {"check": "decision", "result": "assessment"}.get(entry.kind, "question")
    return Topic.objects.create(
        team=team,
        title=entry.title,
        kind=kinds.get(entry.kind, Topic.Kind.ANSWER),
        why=entry.why,
        wanted_by=actor,
        due_on=entry.due_on,
        **{field: entry.subject},
    )


def _show_again(before: AgendaItem, item: AgendaItem) -> None:
    """A check shows the charts that the decision was made on."""
    for exhibit in before.exhibits.all():
        Exhibit.objects.create(
            item=item, view=exhibit.view, parameters=exhibit.parameters, added_by=exhibit.added_by
        )
