"""Plan, move, cancel and release meetings."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from collab.agendas.services.carry_over import return_unreached_items
from collab.agendas.services.layout import create_with_protocol_items
from collab.findings.services.results import carry_asking
from collab.meetings.models import EventKind, Meeting, Region
from collab.meetings.permissions import may_plan_for, may_run
from collab.meetings.queries.meetings import clashes
from collab.meetings.queries.roles import Turns
from collab.meetings.services.invitations import send_cancellation, send_invitations
from collab.meetings.services.locking import announce, lock_meeting, lock_team
from collab.preparation.queries.queue import is_nothing_due
from collab.preparation.services.queue import fill_agenda_automatically
from collab.student_work.services.carrying import carry_work
from teams.access.permissions import own_staff
from teams.audit.services import record_event
from teams.lib import formats
from teams.lib.errors import DomainError, StaleEdit
from teams.mail.models import Mail

if TYPE_CHECKING:
    from collab.protocols.models import Protocol
    from teams.directory.models import Team, User


@transaction.atomic
def plan_meeting(
    team: Team,
    *,
    actor: User,
    title: str,
    starts_at: dt.datetime,
    minutes: int,
    protocol: Protocol | None = None,
    place: str = "",
) -> Meeting:
    """Plan a meeting of ``team``. Its agenda starts with the protocol's steps and due queue entries."""
    if not may_plan_for(actor, team):
        raise PermissionDenied
    lock_team(team)
    ends_at = starts_at + dt.timedelta(minutes=minutes)
    if clashes(team, starts_at, ends_at).exists():
        raise DomainError(_("The team already meets at that time. Choose another."))
    own = own_staff(actor, team.school)
    meeting = create_with_protocol_items(
        Meeting(team=team, title=title, starts_at=starts_at, ends_at=ends_at, protocol=protocol, place=place),
        Turns(team, before=starts_at),
        facilitator=own.pk if own and team.members.active().filter(staff=own).exists() else None,
    )
    fill_agenda_automatically(meeting)
    send_invitations(meeting)
    record_event(actor, "planned", meeting, school=team.school)
    return meeting


@transaction.atomic
def move_meeting(
    meeting: Meeting, *, actor: User, starts_at: dt.datetime, minutes: int, place: str, seen: str = ""
) -> Meeting:
    """Move a planned meeting to another time or place. Calendars are updated by a higher sequence.

    Raises StaleEdit if it was moved since the actor saw the time and place ``seen`` (`when_of`).
    """
    meeting = lock_meeting(meeting)
    if not may_plan_for(actor, meeting.team):
        raise PermissionDenied
    if meeting.state != Meeting.State.PLANNED:
        raise DomainError(_("Only a meeting that hasn’t started can be moved."))
    require_unmoved(meeting, seen)
    ends_at = starts_at + dt.timedelta(minutes=minutes)
    if (meeting.starts_at, meeting.ends_at, meeting.place) == (starts_at, ends_at, place):
        return meeting
    if clashes(meeting.team, starts_at, ends_at).exclude(pk=meeting.pk).exists():
        raise DomainError(_("The team already meets at that time. Choose another."))
    was = meeting.starts_at.isoformat()
    meeting.starts_at, meeting.ends_at, meeting.place = starts_at, ends_at, place
    meeting.calendar_sequence += 1
    meeting.save(update_fields=["starts_at", "ends_at", "place", "calendar_sequence"])
    announce(meeting, actor=actor, kind=EventKind.MOVED, region=Region.ROOM, was=was)
    if Mail.objects.filter(dedupe_key__startswith=f"invite:{meeting.uuid}:").exists():
        send_invitations(meeting)
    record_event(actor, "moved", meeting, school=meeting.team.school, was=was)
    return meeting


def when_of(meeting: Meeting) -> str:
    """Day, time, minutes and place of a meeting at its school, as its form sends them, separated by "|"."""
    starts = meeting.starts_at.astimezone(meeting.team.school.tz)
    minutes = round((meeting.ends_at - meeting.starts_at).total_seconds() / 60)
    return f"{starts.date().isoformat()}|{starts.time().isoformat('minutes')}|{minutes}|{meeting.place}"


def require_unmoved(meeting: Meeting, seen: str) -> None:
    """Raise StaleEdit, with the time and place now, unless ``seen`` is empty or still holds."""
    if seen and seen != when_of(meeting):
        when = formats.span(meeting.starts_at, meeting.ends_at, tz=meeting.team.school.tz)
        now = f"{when} · {meeting.place}" if meeting.place else when
        raise StaleEdit(_("Someone moved this meeting while you were writing."), current=now)


@transaction.atomic
def rename_meeting(meeting: Meeting, *, actor: User, title: str, seen: str | None = None) -> Meeting:
    """Change the question that a meeting answers, until it is over. Any member can.

    Raises StaleEdit if somebody has changed the title ``seen`` by the actor.
    """
    meeting = lock_meeting(meeting)
    if not may_run(actor, meeting):
        raise PermissionDenied
    if meeting.state not in (Meeting.State.PLANNED, Meeting.State.LIVE):
        raise DomainError(_("This meeting is over, so its question can’t be changed."))
    title = title.strip()
    if not title:
        raise DomainError(_("Write the question that the meeting should answer."))
    if meeting.title == title:
        return meeting
    if seen not in (None, meeting.title):
        raise StaleEdit(_("Someone changed the question while you were writing."), current=meeting.title)
    meeting.title = title
    meeting.calendar_sequence += 1  # calendars show it
    meeting.save(update_fields=["title", "calendar_sequence"])
    announce(meeting, actor=actor, kind=EventKind.RENAMED, region=Region.ROOM)
    return meeting


@transaction.atomic
def cancel_meeting(meeting: Meeting, *, actor: User, reason: str = "") -> Meeting:
    """Cancel a planned meeting. Its topics return to the queue."""
    meeting = lock_meeting(meeting)
    if not may_plan_for(actor, meeting.team):
        raise PermissionDenied
    if meeting.state == Meeting.State.CANCELLED:
        return meeting
    if meeting.state != Meeting.State.PLANNED:
        raise DomainError(_("Only a meeting that hasn’t started can be canceled."))
    return cancel_locked_meeting(meeting, actor=actor, reason=reason)


def cancel_locked_meeting(meeting: Meeting, *, actor: User | None, reason: str) -> Meeting:
    """Cancel a locked planned meeting. The caller has checked permission."""
    meeting.state, meeting.cancel_reason = Meeting.State.CANCELLED, reason.strip()[:200]
    meeting.calendar_sequence += 1
    meeting.save(update_fields=["state", "cancel_reason", "calendar_sequence"])
    return_unreached_items(meeting)
    carry_work(meeting)
    carry_asking(meeting)
    send_cancellation(meeting)
    announce(meeting, actor=actor, kind=EventKind.CANCELLED, region=Region.ROOM)
    record_event(actor, "cancelled", meeting, school=meeting.team.school)
    return meeting


@transaction.atomic
def release_meeting_time(meeting: Meeting, *, actor: User) -> Meeting:
    """Cancel a meeting because nothing is due, and say so in the reason."""
    if not is_nothing_due(meeting):
        raise DomainError(_("Something is due for this meeting now. See its queue first."))
    return cancel_meeting(meeting, actor=actor, reason=_("Nothing was due, so everyone gets the time back."))
