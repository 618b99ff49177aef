"""The life of a meeting: planned, started, closed into minutes, reopened, cancelled."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from collab.models import Action, AgendaItem, Attendance, Exhibit, Meeting, Topic
from collab.permissions import may_plan_for, may_run, may_take_part
from collab.queries.meetings import next_meeting_of
from collab.services.agendas import gather_due
from collab.services.clock import start_item, stop_item
from collab.services.events import announce, lock_live, lock_meeting
from datareview.queries.exhibits import freeze
from teams.lib.errors import DomainError
from teams.permissions import own_staff
from teams.services.audit import record

if TYPE_CHECKING:
    from collab.models import Protocol
    from teams.models import Team, User

REOPEN_WITHIN = dt.timedelta(hours=24)
LATE_AFTER = dt.timedelta(minutes=5)


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
    """Plan a meeting of ``team``; its agenda begins with the protocol's steps and what is due."""
    if not may_plan_for(actor, team):
        raise PermissionDenied
    ends_at = starts_at + dt.timedelta(minutes=minutes)
    clash = Meeting.objects.filter(team=team, starts_at__lt=ends_at, ends_at__gt=starts_at).exclude(
        state="cancelled"
    )
    if clash.exists():
        raise DomainError(_("The team meets already at that time. Choose another."))
    meeting = Meeting.objects.create(
        team=team,
        title=title,
        starts_at=starts_at,
        ends_at=ends_at,
        protocol=protocol,
        place=place,
        facilitator=own_staff(actor, team.school),
    )
    for step in protocol.steps.all() if protocol else ():
        topic = Topic.objects.create(team=team, title=step.title, kind=Topic.Kind.STEP, is_standing=True)
        AgendaItem.objects.create(
            topic=topic,
            meeting=meeting,
            position=step.position * 10,
            title=step.title,
            prompt=step.prompt,
            kind=step.kind,
            minutes=step.minutes,
        )
    gather_due(meeting)
    record(actor, "planned", meeting, school=team.school)
    return meeting


@transaction.atomic
def start_meeting(meeting: Meeting, *, actor: User) -> Meeting:
    """Start a planned meeting with its first item; one that runs already is returned as it is."""
    meeting = lock_meeting(meeting)
    if not may_run(actor, meeting):
        raise PermissionDenied
    if meeting.state == Meeting.State.LIVE:
        return meeting
    if meeting.state != Meeting.State.PLANNED:
        raise DomainError(_("This meeting is over. Plan a new one."))
    if Meeting.objects.filter(team=meeting.team, state=Meeting.State.LIVE).exists():
        raise DomainError(_("Another meeting of this team is under way. Close it first."))
    meeting.state, meeting.started_at = Meeting.State.LIVE, timezone.now()
    meeting.save(update_fields=["state", "started_at"])
    first = meeting.items.order_by("position", "pk").first()
    if first:
        start_item(first)
    announce(meeting, actor=actor, kind="started", region="room")
    record(actor, "started", meeting, school=meeting.team.school)
    return meeting


@transaction.atomic
def join_meeting(meeting: Meeting, *, actor: User) -> bool:
    """Mark the actor as here, or late, the first time they open the live room; whether that was news."""
    staff = own_staff(actor, meeting.team.school)
    if staff is None or not meeting.team.members.active().filter(staff=staff).exists():
        return False
    if Attendance.objects.filter(meeting=meeting, staff=staff).exists():
        return False
    meeting = lock_live(meeting)
    started = max(meeting.started_at or meeting.starts_at, meeting.starts_at)
    mark = Attendance.Mark.LATE if timezone.now() - started > LATE_AFTER else Attendance.Mark.PRESENT
    _row, is_new = Attendance.objects.get_or_create(meeting=meeting, staff=staff, defaults={"mark": mark})
    if is_new:
        announce(meeting, actor=actor, kind="joined", region="people")
    return is_new


@transaction.atomic
def mark_attendance(meeting: Meeting, *, actor: User, staff_uuid: str, mark: str) -> None:
    """Say how a member takes part."""
    meeting = lock_live(meeting)
    if not may_take_part(actor, meeting.team):
        raise PermissionDenied
    member = meeting.team.members.active().filter(staff__uuid=staff_uuid).select_related("staff").first()
    if member is None or mark not in Attendance.Mark.values:
        raise DomainError(_("That person is not in this team."))
    Attendance.objects.update_or_create(meeting=meeting, staff=member.staff, defaults={"mark": mark})
    announce(meeting, actor=actor, kind="attendance", region="people")


@transaction.atomic
def close_meeting(meeting: Meeting, *, actor: User) -> Meeting:
    """Turn a live meeting into minutes; closing one that is closed already changes nothing.

    What was not reached goes back to waiting, exhibits are frozen as they are now, open promises are
    carried to the next agenda.
    """
    meeting = lock_meeting(meeting)
    if not may_run(actor, meeting):
        raise PermissionDenied
    if meeting.state == Meeting.State.CLOSED:
        return meeting
    if meeting.state != Meeting.State.LIVE:
        raise DomainError(_("This meeting has not started, so there is nothing to close."))
    current = meeting.items.filter(state=AgendaItem.State.CURRENT).first()
    if current:
        stop_item(current, state=AgendaItem.State.DONE)
    _freeze_exhibits(meeting, actor)
    _send_back(meeting)
    _close_topics(meeting)
    meeting.state, meeting.closed_at = Meeting.State.CLOSED, timezone.now()
    meeting.save(update_fields=["state", "closed_at"])
    Action.objects.open().filter(team=meeting.team).update(carried=F("carried") + 1)
    coming = next_meeting_of(meeting.team)
    if coming:
        gather_due(coming)
    announce(meeting, actor=actor, kind="closed", region="room")
    record(actor, "closed", meeting, school=meeting.team.school)
    return meeting


@transaction.atomic
def reopen_meeting(meeting: Meeting, *, actor: User) -> Meeting:
    """Take back the closing of the team's last meeting, within a day."""
    meeting = lock_meeting(meeting)
    if not may_run(actor, meeting):
        raise PermissionDenied
    if meeting.state != Meeting.State.CLOSED or timezone.now() - meeting.closed_at > REOPEN_WITHIN:
        raise DomainError(_("Only a meeting closed within the last day can be reopened."))
    if Meeting.objects.filter(team=meeting.team, state=Meeting.State.LIVE).exists():
        raise DomainError(_("Another meeting of this team is under way. Close it first."))
    meeting.state, meeting.closed_at = Meeting.State.LIVE, None
    meeting.save(update_fields=["state", "closed_at"])
    Exhibit.objects.filter(item__meeting=meeting).update(frozen=None, frozen_at=None)
    Action.objects.open().filter(team=meeting.team, carried__gt=0).update(carried=F("carried") - 1)
    Topic.objects.filter(visits__meeting=meeting, visits__state=AgendaItem.State.DONE).update(is_closed=False)
    announce(meeting, actor=actor, kind="reopened", region="room")
    record(actor, "reopened", meeting, school=meeting.team.school)
    return meeting


@transaction.atomic
def cancel_meeting(meeting: Meeting, *, actor: User) -> Meeting:
    """Call off a planned meeting; its topics wait for the next one."""
    meeting = lock_meeting(meeting)
    if not may_plan_for(actor, meeting.team):
        raise PermissionDenied
    if meeting.state != Meeting.State.PLANNED:
        raise DomainError(_("Only a meeting that has not started can be called off."))
    meeting.state = Meeting.State.CANCELLED
    meeting.save(update_fields=["state"])
    _send_back(meeting)
    announce(meeting, actor=actor, kind="cancelled", region="room")
    record(actor, "cancelled", meeting, school=meeting.team.school)
    return meeting


def _freeze_exhibits(meeting: Meeting, actor: User) -> None:
    for exhibit in Exhibit.objects.filter(item__meeting=meeting, frozen__isnull=True):
        # A chart whose subject is gone does not hold up the end of a meeting; the minutes say that it is gone.
        with suppress(DomainError):
            exhibit.frozen = freeze(exhibit.view, exhibit.parameters)
        exhibit.frozen_at = timezone.now()
        exhibit.save(update_fields=["frozen", "frozen_at"])


def _send_back(meeting: Meeting) -> None:
    """A topic that was not reached waits for the next meeting, with its exhibits; a protocol's step does not."""
    unreached = meeting.items.filter(state=AgendaItem.State.WAITING).exclude(topic__kind=Topic.Kind.STEP)
    for item in unreached.select_related("topic"):
        item.state = AgendaItem.State.MOVED
        item.save(update_fields=["state"])
        waiting, is_new = AgendaItem.objects.get_or_create(
            topic=item.topic,
            meeting=None,
            defaults={
                "title": item.title,
                "prompt": item.prompt,
                "outcome": item.outcome,
                "kind": item.kind,
                "minutes": item.minutes,
                "owner": item.owner,
            },
        )
        if is_new:
            for exhibit in item.exhibits.all():
                waiting.exhibits.create(
                    view=exhibit.view, parameters=exhibit.parameters, added_by=exhibit.added_by
                )


def _close_topics(meeting: Meeting) -> None:
    """A topic that was done, is not standing and has no open promise is closed."""
    done = Topic.objects.filter(
        visits__meeting=meeting, visits__state=AgendaItem.State.DONE, is_standing=False
    )
    open_ones = Action.objects.open().values("item__topic_id")
    done.exclude(pk__in=open_ones.filter(item__isnull=False)).update(is_closed=True)
