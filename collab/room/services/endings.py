"""Undo an accidental start, and close idle meetings."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from collab.actions.models import Action
from collab.agendas.models import AgendaItem
from collab.decisions.models import Decision
from collab.feedback.models import PulseVoter
from collab.followup.models import Question
from collab.meetings.models import Attendance, EventKind, Meeting, Region
from collab.meetings.permissions import may_run
from collab.meetings.services.locking import announce, lock_live_meeting, lock_meeting
from collab.room.services.lifecycle import close_locked_meeting
from teams.audit.services import record_event
from teams.jobs.services.batches import run_each
from teams.lib import clock
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from teams.directory.models import User


IDLE_FOR = dt.timedelta(hours=1)


@transaction.atomic
def discard_start(meeting: Meeting, *, actor: User) -> Meeting:
    """Undo the start of a meeting, so that it is planned again.

    Contributions stay on their items. Refused once anything was decided, assigned, asked or rated: such a
    meeting must be closed.
    """
    meeting = lock_live_meeting(meeting)
    if not may_run(actor, meeting):
        raise PermissionDenied
    since = {"item__meeting": meeting, "created_at__gte": meeting.started_at}
    made = [model.objects.filter(**since) for model in (Decision, Action, Question)]
    if any(rows.exists() for rows in [*made, PulseVoter.objects.filter(meeting=meeting)]):
        raise DomainError(
            _("This meeting already has decisions, action items, questions or feedback. Close it instead.")
        )
    for item in meeting.items.all():
        _reset_item(item)
    Attendance.objects.filter(meeting=meeting).delete()
    meeting.state, meeting.started_at = Meeting.State.PLANNED, None
    meeting.save(update_fields=["state", "started_at"])
    announce(meeting, actor=actor, kind=EventKind.DISCARDED, region=Region.ROOM)
    record_event(actor, "discarded", meeting, school=meeting.team.school)
    return meeting


def _reset_item(item: AgendaItem) -> None:
    item.state, item.seconds_used = AgendaItem.State.WAITING, 0
    item.started_at = item.ends_at = item.ended_at = None
    item.minutes, item.minutes_planned = item.minutes_planned or item.minutes, None
    if not item.contributions.exists():  # private writing stays private until it is revealed
        item.writing_since = item.revealed_at = None
    item.save()


@transaction.atomic
def end_idle_meeting(meeting: Meeting) -> bool:
    """Close a meeting idle for an hour past its end. Returns whether it was closed.

    Its minutes end with the last event, and say that it was closed automatically.
    """
    meeting = lock_meeting(meeting)
    if meeting.state != Meeting.State.LIVE or meeting.started_at is None:
        return False
    last = meeting.events.order_by("-revision").values_list("at", flat=True).first() or meeting.started_at
    current = meeting.items.filter(state=AgendaItem.State.CURRENT).first()
    # people may talk for long without a click: a meeting is never idle within its planned time
    planned = meeting.started_at + (meeting.ends_at - meeting.starts_at)
    quiet_since = max(last, planned, (current.ends_at if current else None) or last)
    if clock.now() - quiet_since < IDLE_FOR:
        return False
    close_locked_meeting(meeting, at=last)
    announce(meeting, actor=None, kind=EventKind.ENDED_IDLE, region=Region.ROOM)
    record_event(None, "ended-idle", meeting, school=meeting.team.school)
    return True


def end_idle_meetings() -> int:
    """Run `end_idle_meeting` for every live meeting. Returns the number closed."""
    live = Meeting.objects.filter(state=Meeting.State.LIVE).select_related("team__school")
    return run_each("collab.end_idle_meetings", live, end_idle_meeting, about=lambda meeting: meeting.team)
