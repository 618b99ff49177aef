"""The agenda that fills itself: what is due comes on it while there is room, the rest waits in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collab.models import AgendaItem, Capture, Deferral, Exhibit, Holds, Meeting, Topic
from collab.permissions import may_take_part
from collab.queries.meetings import next_meeting_of
from collab.queries.queue import Entry, queue_of
from collab.services.agendas import copy_readers
from collab.services.events import announce, lock_meeting
from collab.services.places import place_item
from collab.services.proposals import propose_candidate, propose_review
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    import datetime as dt

    from teams.models import Team, User


@transaction.atomic
def gather_due(meeting: Meeting, *, actor: User | None = None) -> int:
    """Bring what is due to a coming meeting while its minutes last; how many items came.

    By itself (``actor`` None) it brings what people asked for, checks, reviews and results. Students who are
    new come only when a person fills the agenda: that a child is spoken of is somebody's decision. Running
    twice brings nothing twice.
    """
    meeting = lock_meeting(meeting)
    if meeting.state not in (Meeting.State.PLANNED, Meeting.State.LIVE):
        return 0
    if actor and not may_take_part(actor, meeting.team):
        raise PermissionDenied
    came = 0
    for entry in queue_of(meeting.team, _day(meeting), user=actor).entries:
        if entry.kind == "candidate" and actor is None:
            continue
        if entry.minutes <= _room_for(meeting, entry.holds):
            _place(entry, meeting, actor)
            came += 1
    if came:
        announce(meeting, actor=actor, kind="filled", region="agenda", count=came)
    return came


def gather_all() -> int:
    """Bring what is due to every team's next meeting; what the night does."""
    coming = Meeting.objects.filter(state=Meeting.State.PLANNED, ends_at__gte=timezone.now())
    seen: set[int] = set()
    count = 0
    for meeting in coming.select_related("team__school").order_by("starts_at"):
        if meeting.team_id not in seen:
            count += gather_due(meeting)
        seen.add(meeting.team_id)
    return count


@transaction.atomic
def take_entry(meeting: Meeting, *, actor: User, key: str) -> AgendaItem:
    """Put one entry of the queue on an agenda, also where the minutes do not last."""
    meeting = lock_meeting(meeting)
    if not may_take_part(actor, meeting.team):
        raise PermissionDenied
    if meeting.state not in (Meeting.State.PLANNED, Meeting.State.LIVE):
        raise DomainError(_("These are minutes now; they do not change."))
    entry = _entry(meeting.team, _day(meeting), actor, key)
    Deferral.objects.filter(team=meeting.team, key=key).delete()
    item = _place(entry, meeting, actor)
    announce(meeting, actor=actor, kind="item-added", region="agenda")
    return item


@transaction.atomic
def defer_entry(team: Team, *, actor: User, key: str, until: dt.date, reason: str) -> Deferral:
    """Not now, with the reason; it comes back on ``until``."""
    if not may_take_part(actor, team):
        raise PermissionDenied
    if not reason.strip():
        raise DomainError(_("Say in a few words why it waits, so that nobody has to ask."))
    if until <= team.school.today():
        raise DomainError(_("Choose a day to come on which it is back."))
    _entry(team, team.school.today(), actor, key)
    row, _new = Deferral.objects.update_or_create(
        team=team, key=key, defaults={"until": until, "reason": reason.strip()[:200], "by": actor}
    )
    coming = next_meeting_of(team)
    if coming:
        announce(lock_meeting(coming), actor=actor, kind="deferred", region="agenda")
    return row


@transaction.atomic
def undo_deferral(team: Team, *, actor: User, key: str) -> None:
    """Bring it back now."""
    if not may_take_part(actor, team):
        raise PermissionDenied
    Deferral.objects.filter(team=team, key=key).delete()


def _entry(team: Team, day: dt.date, actor: User, key: str) -> Entry:
    queue = queue_of(team, day, user=actor)
    found = next((one for one in (*queue.entries, *queue.deferred) if one.key == key), None)
    if found is None:
        raise DomainError(
            _("That is not waiting any more: somebody has put it on an agenda, or it is settled.")
        )
    return found


def _day(meeting: Meeting) -> dt.date:
    return meeting.starts_at.astimezone(meeting.team.school.tz).date()


def _room_for(meeting: Meeting, holds: str) -> int:
    """Minutes free for an entry: what its step keeps for it (but one), or what the slot has left."""
    slot = round((meeting.ends_at - meeting.starts_at).total_seconds() / 60)
    items = list(meeting.items.select_related("topic"))
    kept = [
        item.minutes - 1
        for item in items
        if holds and item.holds == holds and item.topic.kind == Topic.Kind.STEP
    ]
    return max([slot - sum(item.minutes for item in items), *kept])


def _place(entry: Entry, meeting: Meeting, actor: User | None) -> AgendaItem:
    if entry.kind == "waiting":
        place_item(entry.subject, meeting, holds=entry.holds)
        return entry.subject
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
