"""Start, join, close and reopen a meeting."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from collab.agendas.models import AgendaItem, Exhibit, Topic
from collab.agendas.services.carry_over import requeue, return_unreached_items
from collab.agendas.services.placement import return_minutes
from collab.agendas.services.predictions import reveal_predicted_exhibits
from collab.followup.models import Action
from collab.followup.queries.causes import missing_for_data_item
from collab.meetings.models import Attendance, EventKind, Meeting, Region
from collab.meetings.permissions import may_run, may_take_part_in
from collab.meetings.queries.meetings import next_meeting_of
from collab.meetings.queries.participants import takes_part
from collab.meetings.services.locking import announce, lock_live_meeting, lock_meeting
from collab.preparation.services.queue import fill_agenda_automatically
from collab.room.services.clock import start_item, stop_item
from datareview.dashboards.queries.exhibits import freeze
from teams.access.permissions import own_staff
from teams.audit.services import record_event
from teams.directory.models import Staff
from teams.lib import clock
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from teams.directory.models import User


LATE_AFTER = dt.timedelta(minutes=5)


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
    meeting.state, meeting.started_at = Meeting.State.LIVE, clock.now()
    meeting.save(update_fields=["state", "started_at"])
    first = meeting.items.order_by("position", "pk").first()
    if first:
        start_item(first)
    announce(meeting, actor=actor, kind=EventKind.STARTED, region=Region.ROOM)
    record_event(actor, "started", meeting, school=meeting.team.school)
    return meeting


@transaction.atomic
def join_meeting(meeting: Meeting, *, actor: User) -> bool:
    """Mark the actor as here, or late, the first time they open the live room; whether that was news."""
    staff = own_staff(actor, meeting.team.school)
    if staff is None or not takes_part(meeting, staff):
        return False
    if Attendance.objects.filter(meeting=meeting, staff=staff).exists():
        return False
    meeting = lock_live_meeting(meeting)
    started = max(meeting.started_at or meeting.starts_at, meeting.starts_at)
    mark = Attendance.Mark.LATE if clock.now() - started > LATE_AFTER else Attendance.Mark.PRESENT
    _row, is_new = Attendance.objects.get_or_create(meeting=meeting, staff=staff, defaults={"mark": mark})
    if is_new:
        announce(meeting, actor=actor, kind=EventKind.JOINED, region=Region.PEOPLE)
    return is_new


@transaction.atomic
def mark_attendance(meeting: Meeting, *, actor: User, staff_uuid: str, mark: str) -> None:
    """Say how a member takes part."""
    meeting = lock_live_meeting(meeting)
    if not may_take_part_in(actor, meeting):
        raise PermissionDenied
    staff = Staff.objects.active().filter(uuid=staff_uuid).first()
    if staff is None or not takes_part(meeting, staff) or mark not in Attendance.Mark.values:
        raise DomainError(_("That person is not in this team."))
    Attendance.objects.update_or_create(
        meeting=meeting, staff=staff, defaults={"mark": mark, "marked_at": clock.now()}
    )
    announce(meeting, actor=actor, kind=EventKind.ATTENDANCE, region=Region.PEOPLE)
    reveal_predicted_exhibits(meeting)


@transaction.atomic
def close_meeting(meeting: Meeting, *, actor: User) -> Meeting:
    """Turn a live meeting into minutes; closing one that is closed already changes nothing."""
    meeting = lock_meeting(meeting)
    if not may_run(actor, meeting):
        raise PermissionDenied
    if meeting.state == Meeting.State.CLOSED:
        return meeting
    if meeting.state != Meeting.State.LIVE:
        raise DomainError(_("This meeting has not started, so there is nothing to close."))
    close_locked_meeting(meeting, at=clock.now())
    announce(meeting, actor=actor, kind=EventKind.CLOSED, region=Region.ROOM)
    record_event(actor, "closed", meeting, school=meeting.team.school)
    return meeting


def close_locked_meeting(meeting: Meeting, *, at: dt.datetime) -> None:
    """Turn a locked live meeting into minutes that end ``at`` an instant.

    What was not reached goes back to waiting, exhibits are frozen as they are now, open promises are
    carried to the next agenda.
    """
    current = meeting.items.filter(state=AgendaItem.State.CURRENT).first()
    if current:
        stop_item(current, state=AgendaItem.State.DONE, at=at)
    # what somebody wrote for themselves on an item that was left is read with the rest
    meeting.items.filter(writing_since__isnull=False, revealed_at=None).update(revealed_at=clock.now())
    _freeze_exhibits(meeting)
    return_unreached_items(meeting)
    _send_on(meeting)
    _close_topics(meeting)
    meeting.state, meeting.closed_at = Meeting.State.CLOSED, at
    meeting.save(update_fields=["state", "closed_at"])
    Action.objects.open().filter(team=meeting.team).update(carried=F("carried") + 1)
    coming = next_meeting_of(meeting.team)
    if coming:
        fill_agenda_automatically(coming)


@transaction.atomic
def reopen_meeting(meeting: Meeting, *, actor: User) -> Meeting:
    """Take back the closing of the team's last meeting, within a day."""
    meeting = lock_meeting(meeting)
    if not may_run(actor, meeting):
        raise PermissionDenied
    if meeting.state != Meeting.State.CLOSED or not meeting.is_just_closed:
        raise DomainError(_("Only a meeting closed within the last day can be reopened."))
    if Meeting.objects.filter(team=meeting.team, state=Meeting.State.LIVE).exists():
        raise DomainError(_("Another meeting of this team is under way. Close it first."))
    if meeting.approved_at:
        raise DomainError(_("These minutes are approved. Withdraw the approval first."))
    if Meeting.objects.filter(team=meeting.team, closed_at__gt=meeting.closed_at).exists():
        raise DomainError(_("The team has met since. Only its last meeting can be reopened."))
    meeting.state, meeting.closed_at = Meeting.State.LIVE, None
    meeting.save(update_fields=["state", "closed_at"])
    _undo_requeue(meeting)
    Exhibit.objects.filter(item__meeting=meeting).update(frozen=None, frozen_at=None)
    Action.objects.open().filter(team=meeting.team, carried__gt=0).update(carried=F("carried") - 1)
    done = Topic.objects.filter(
        agenda_items__meeting=meeting, agenda_items__state=AgendaItem.State.DONE, is_closed=True
    )
    # the same review or student may stand on the next agenda by now; that topic stays the open one
    again = Topic.objects.filter(team=meeting.team, is_closed=False)
    review = again.filter(plan=OuterRef("plan"), due_on=OuterRef("due_on"))
    student = again.filter(candidate=OuterRef("candidate"))
    reopened = done.exclude(Exists(review) | Exists(student)).values_list("pk", flat=True)
    Topic.objects.filter(pk__in=list(reopened)).update(is_closed=False)
    announce(meeting, actor=actor, kind=EventKind.REOPENED, region=Region.ROOM)
    record_event(actor, "reopened", meeting, school=meeting.team.school)
    return meeting


def _freeze_exhibits(meeting: Meeting) -> None:
    for exhibit in Exhibit.objects.filter(item__meeting=meeting, frozen__isnull=True):
        # A chart whose subject is gone does not hold up the end of a meeting; the minutes say that it is gone.
        with suppress(DomainError):
            exhibit.frozen = freeze(exhibit.view, exhibit.parameters)
        exhibit.frozen_at = clock.now()
        exhibit.save(update_fields=["frozen", "frozen_at"])


def _send_on(meeting: Meeting) -> None:
    """A data item that was left without a cause and changes of teaching comes again."""
    done = meeting.items.filter(state=AgendaItem.State.DONE, topic__kind=Topic.Kind.DATA)
    waiting = AgendaItem.objects.filter(state=AgendaItem.State.WAITING)
    for item in done.exclude(topic__agenda_items__in=waiting).select_related("topic", "meeting__team"):
        if missing_for_data_item(item):
            requeue(item)


def _undo_requeue(meeting: Meeting) -> None:
    """Undo `return_unreached_items` and `_send_on` where nobody has touched the copy yet."""
    moved = Q(state=AgendaItem.State.MOVED) | Q(state=AgendaItem.State.DONE, topic__kind=Topic.Kind.DATA)
    for item in meeting.items.filter(moved).select_related("topic", "meeting__team"):
        if item.state == AgendaItem.State.DONE and not missing_for_data_item(item):
            continue
        copies = AgendaItem.objects.filter(
            topic=item.topic, state=AgendaItem.State.WAITING, contributions=None
        )
        copy = copies.exclude(meeting=meeting).select_related("meeting").first()
        if copy is None:
            continue
        if copy.meeting:
            lock_meeting(copy.meeting)
            return_minutes(copy)
            announce(copy.meeting, actor=None, kind=EventKind.ITEM_REMOVED, region=Region.AGENDA)
        copy.delete()
        if item.state == AgendaItem.State.MOVED:
            item.state = AgendaItem.State.WAITING
            item.save(update_fields=["state"])


def _close_topics(meeting: Meeting) -> None:
    """A topic that was done, is not standing, has no open promise and waits nowhere is closed."""
    done = Topic.objects.filter(
        agenda_items__meeting=meeting, agenda_items__state=AgendaItem.State.DONE, is_standing=False
    ).exclude(agenda_items__in=AgendaItem.objects.filter(state=AgendaItem.State.WAITING))
    open_ones = Action.objects.open().values("item__topic_id")
    done.exclude(pk__in=open_ones.filter(item__isnull=False)).update(is_closed=True)
