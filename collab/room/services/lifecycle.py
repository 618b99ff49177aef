"""Start, join, close and reopen a meeting."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from collab.actions.models import Action
from collab.actions.queries.actions import carried_by
from collab.agendas.models import AgendaItem, Exhibit, Topic
from collab.agendas.services.carry_over import requeue, return_unreached_items
from collab.agendas.services.placement import return_minutes
from collab.agendas.services.predictions import reveal_predicted_exhibits
from collab.findings.services.predictions import reveal_predicted_results
from collab.findings.services.results import carry_asking, freeze_results, unfreeze_results
from collab.followup.queries.causes import missing_for_data_item
from collab.meetings.models import Attendance, EventKind, Meeting, Region
from collab.meetings.permissions import may_run, may_start, may_take_part_in
from collab.meetings.queries.meetings import next_meeting_of
from collab.meetings.queries.participants import takes_part
from collab.meetings.services.locking import announce, lock_live_meeting, lock_meeting
from collab.preparation.services.queue import fill_agenda_automatically
from collab.room.services.clock import start_item, stop_item
from collab.student_work.services.carrying import carry_work, move_work
from datareview.dashboards.queries.exhibits import freeze
from teams.access.permissions import own_staff
from teams.audit.services import record_event
from teams.directory.models import Staff
from teams.lib import clock, formats
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from teams.directory.models import User


LATE_AFTER = dt.timedelta(minutes=5)


@transaction.atomic
def start_meeting(meeting: Meeting, *, actor: User, is_early: bool = True) -> Meeting:
    """Start a planned meeting with its first item. A live meeting is returned unchanged.

    A meeting of a later day is started only if the actor was told so (``is_early``).
    """
    meeting = lock_meeting(meeting)
    if not may_run(actor, meeting):
        raise PermissionDenied
    if meeting.state == Meeting.State.LIVE:
        return meeting
    if meeting.state != Meeting.State.PLANNED:
        raise DomainError(_("This meeting is over. Plan a new one."))
    if not may_start(actor, meeting):
        raise DomainError(_("Before its day, only the team’s leads and the facilitator start a meeting."))
    if meeting.is_early and not is_early:
        when = formats.moment(meeting.starts_at, tz=meeting.team.school.tz)
        raise DomainError(_("This meeting is planned for %(when)s. Nothing was started.") % {"when": when})
    if Meeting.objects.filter(team=meeting.team, state=Meeting.State.LIVE).exists():
        raise DomainError(_("Another meeting of this team is in progress. Close it first."))
    meeting.state, meeting.started_at = Meeting.State.LIVE, clock.now()
    meeting.save(update_fields=["state", "started_at"])
    first = meeting.items.order_by("position", "pk").first()
    if first:
        start_item(first)
    announce(meeting, actor=actor, kind=EventKind.STARTED, region=Region.ROOM)
    record_event(actor, "started", meeting, school=meeting.team.school)
    return meeting


def join_meeting(meeting: Meeting, *, actor: User) -> bool:
    """Mark the actor as present or late when they first open the live room. Returns whether they were marked now."""
    staff = own_staff(actor, meeting.team.school)
    if staff is None or Attendance.objects.filter(meeting=meeting, staff=staff).exists():
        return False
    return takes_part(meeting, staff) and _mark_arrival(meeting, staff, actor)


@transaction.atomic
def _mark_arrival(meeting: Meeting, staff: Staff, actor: User) -> bool:
    """Mark ``staff`` as present or late, unless they are marked. Returns whether they were marked now."""
    meeting = lock_live_meeting(meeting)
    started = max(meeting.started_at or meeting.starts_at, meeting.starts_at)
    mark = Attendance.Mark.LATE if clock.now() - started > LATE_AFTER else Attendance.Mark.PRESENT
    _row, is_new = Attendance.objects.get_or_create(meeting=meeting, staff=staff, defaults={"mark": mark})
    if is_new:
        announce(meeting, actor=actor, kind=EventKind.JOINED, region=Region.PEOPLE)
    return is_new


@transaction.atomic
def mark_attendance(meeting: Meeting, *, actor: User, staff_uuid: str, mark: str) -> None:
    """Set a participant's attendance mark."""
    meeting = lock_live_meeting(meeting)
    if not may_take_part_in(actor, meeting):
        raise PermissionDenied
    staff = Staff.objects.active().filter(uuid=staff_uuid).first()
    if staff is None or not takes_part(meeting, staff) or mark not in Attendance.Mark.values:
        raise DomainError(_("That person is not on this team."))
    Attendance.objects.update_or_create(
        meeting=meeting, staff=staff, defaults={"mark": mark, "marked_at": clock.now()}
    )
    announce(meeting, actor=actor, kind=EventKind.ATTENDANCE, region=Region.PEOPLE)
    reveal_predicted_exhibits(meeting)
    reveal_predicted_results(meeting)


@transaction.atomic
def close_meeting(meeting: Meeting, *, actor: User) -> Meeting:
    """Close a live meeting; it becomes minutes. Closing a closed one changes nothing."""
    meeting = lock_meeting(meeting)
    if not may_run(actor, meeting):
        raise PermissionDenied
    if meeting.state == Meeting.State.CLOSED:
        return meeting
    if meeting.state != Meeting.State.LIVE:
        raise DomainError(_("This meeting hasn’t started, so there is nothing to close."))
    close_locked_meeting(meeting, at=clock.now())
    announce(meeting, actor=actor, kind=EventKind.CLOSED, region=Region.ROOM)
    record_event(actor, "closed", meeting, school=meeting.team.school)
    return meeting


def close_locked_meeting(meeting: Meeting, *, at: dt.datetime) -> None:
    """Close a locked live meeting with end time ``at``.

    Unreached items return to the queue, exhibits are frozen, and open action items are carried to the next
    agenda.
    """
    current = meeting.items.filter(state=AgendaItem.State.CURRENT).first()
    if current:
        stop_item(current, state=AgendaItem.State.DONE, at=at)
    # reveal what was written privately on items the group left
    meeting.items.filter(writing_since__isnull=False, revealed_at=None).update(revealed_at=clock.now())
    _freeze_exhibits(meeting)
    freeze_results(meeting)
    return_unreached_items(meeting)
    carry_work(meeting)
    carry_asking(meeting)
    _requeue_incomplete_items(meeting)
    _close_topics(meeting)
    meeting.state, meeting.closed_at = Meeting.State.CLOSED, at
    meeting.save(update_fields=["state", "closed_at"])
    carried_by(meeting).update(carried=F("carried") + 1)
    coming = next_meeting_of(meeting.team)
    if coming:
        fill_agenda_automatically(coming)


@transaction.atomic
def reopen_meeting(meeting: Meeting, *, actor: User) -> Meeting:
    """Reopen the team's last meeting within a day of its closing."""
    meeting = lock_meeting(meeting)
    if not may_run(actor, meeting):
        raise PermissionDenied
    closed_at = meeting.closed_at
    if meeting.state != Meeting.State.CLOSED or closed_at is None or not meeting.is_just_closed:
        raise DomainError(_("Only a meeting closed within the last day can be reopened."))
    if Meeting.objects.filter(team=meeting.team, state=Meeting.State.LIVE).exists():
        raise DomainError(_("Another meeting of this team is in progress. Close it first."))
    if meeting.approved_at:
        raise DomainError(_("These minutes are approved. Withdraw the approval first."))
    if Meeting.objects.filter(team=meeting.team, closed_at__gt=closed_at).exists():
        raise DomainError(_("The team has met since. Only its last meeting can be reopened."))
    meeting.state, meeting.closed_at = Meeting.State.LIVE, None
    meeting.save(update_fields=["state", "closed_at"])
    _undo_requeue(meeting)
    Exhibit.objects.filter(item__meeting=meeting).update(frozen=None, frozen_at=None)
    unfreeze_results(meeting)
    carried_by(meeting).filter(carried__gt=0).update(carried=F("carried") - 1)
    done = Topic.objects.filter(
        agenda_items__meeting=meeting, agenda_items__state=AgendaItem.State.DONE, is_closed=True
    )
    # the same review or student may be on the next agenda by now; then that topic stays the open one
    again = Topic.objects.filter(team=meeting.team, is_closed=False)
    review = again.filter(plan=OuterRef("plan"), due_on=OuterRef("due_on"))
    student = again.filter(candidate=OuterRef("candidate"))
    reopened = done.exclude(Exists(review) | Exists(student)).values_list("pk", flat=True)
    Topic.objects.filter(pk__in=list(reopened)).update(is_closed=False)
    _resume_item(meeting, closed_at)
    announce(meeting, actor=actor, kind=EventKind.REOPENED, region=Region.ROOM)
    record_event(actor, "reopened", meeting, school=meeting.team.school)
    return meeting


def _resume_item(meeting: Meeting, closed_at: dt.datetime | None) -> None:
    """Continue the item that closing at ``closed_at`` interrupted, or start the first one not reached."""
    rows = meeting.items.order_by("position", "pk")
    interrupted = rows.filter(state=AgendaItem.State.DONE, ended_at=closed_at).last()
    item = interrupted or rows.filter(state=AgendaItem.State.WAITING).first()
    if item:
        start_item(item)


def _freeze_exhibits(meeting: Meeting) -> None:
    for exhibit in Exhibit.objects.filter(item__meeting=meeting, frozen__isnull=True):
        # A chart whose subject is gone does not block closing; the minutes say that it is gone.
        with suppress(DomainError):
            exhibit.frozen = freeze(exhibit.view, exhibit.parameters)
        exhibit.frozen_at = clock.now()
        exhibit.save(update_fields=["frozen", "frozen_at"])


def _requeue_incomplete_items(meeting: Meeting) -> None:
    """Requeue data items that were left without a cause or teaching changes, each once."""
    done = meeting.items.filter(state=AgendaItem.State.DONE, topic__kind=Topic.Kind.DATA)
    waiting = AgendaItem.objects.filter(state=AgendaItem.State.WAITING)
    for item in done.exclude(topic__agenda_items__in=waiting).select_related("topic", "meeting__team"):
        if _comes_back(item):
            requeue(item)


def _comes_back(item: AgendaItem) -> bool:
    """Whether a data item is incomplete, nothing was decided on it, and it has not come back before.

    Otherwise the same results would fill each agenda, and newer ones would wait.
    """
    if item.decisions.exists() or not missing_for_data_item(item, is_over=True):
        return False
    return not item.topic.agenda_items.filter(state=AgendaItem.State.DONE).exclude(pk=item.pk).exists()


def _undo_requeue(meeting: Meeting) -> None:
    """Undo `return_unreached_items` and `_requeue_incomplete_items` for copies that nobody has touched yet."""
    moved = Q(state=AgendaItem.State.MOVED) | Q(state=AgendaItem.State.DONE, topic__kind=Topic.Kind.DATA)
    for item in meeting.items.filter(moved).select_related("topic", "meeting__team"):
        if item.state == AgendaItem.State.DONE and not _comes_back(item):
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
        move_work(copy, item)
        copy.delete()
        if item.state == AgendaItem.State.MOVED:
            item.state = AgendaItem.State.WAITING
            item.save(update_fields=["state"])


def _close_topics(meeting: Meeting) -> None:
    """Close topics that were done, are not standing, and have no open action items or waiting items."""
    done = Topic.objects.filter(
        agenda_items__meeting=meeting, agenda_items__state=AgendaItem.State.DONE, is_standing=False
    ).exclude(agenda_items__in=AgendaItem.objects.filter(state=AgendaItem.State.WAITING))
    open_ones = Action.objects.open().values("item__topic_id")
    done.exclude(pk__in=open_ones.filter(item__isnull=False)).update(is_closed=True)
