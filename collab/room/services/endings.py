"""Meetings that end otherwise: never started, started by mistake, or left by everybody."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from collab.agendas.models import AgendaItem
from collab.followup.models import Action, Decision, Question
from collab.meetings.models import Attendance, EventKind, Meeting, Region
from collab.meetings.permissions import may_run
from collab.meetings.services.locking import announce, lock_live_meeting, lock_meeting
from collab.room.models import PulseVoter
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
    """Take the start of a meeting back, whole: it is planned again, as if nobody had opened it.

    Words that somebody wrote stay on their items. What was decided, promised, asked or rated is somebody's
    word already, so such a meeting is closed instead.
    """
    meeting = lock_live_meeting(meeting)
    if not may_run(actor, meeting):
        raise PermissionDenied
    since = {"item__meeting": meeting, "created_at__gte": meeting.started_at}
    made = [model.objects.filter(**since) for model in (Decision, Action, Question)]
    if any(rows.exists() for rows in [*made, PulseVoter.objects.filter(meeting=meeting)]):
        raise DomainError(
            _("Something was decided, promised, asked or rated already. Close the meeting instead.")
        )
    for item in meeting.items.all():
        _as_before(item)
    Attendance.objects.filter(meeting=meeting).delete()
    meeting.state, meeting.started_at = Meeting.State.PLANNED, None
    meeting.save(update_fields=["state", "started_at"])
    announce(meeting, actor=actor, kind=EventKind.DISCARDED, region=Region.ROOM)
    record_event(actor, "discarded", meeting, school=meeting.team.school)
    return meeting


def _as_before(item: AgendaItem) -> None:
    item.state, item.seconds_used = AgendaItem.State.WAITING, 0
    item.started_at = item.ends_at = item.ended_at = None
    item.minutes, item.minutes_planned = item.minutes_planned or item.minutes, None
    if not item.contributions.exists():  # what was written privately stays private until it is revealed
        item.writing_since = item.revealed_at = None
    item.save()


@transaction.atomic
def end_idle_meeting(meeting: Meeting) -> bool:
    """Close a meeting that everybody has left: an hour without a word after its time was up; whether it was so.

    Its minutes end with the last thing that happened, and say that it ended by itself.
    """
    meeting = lock_meeting(meeting)
    if meeting.state != Meeting.State.LIVE or meeting.started_at is None:
        return False
    last = meeting.events.order_by("-revision").values_list("at", flat=True).first() or meeting.started_at
    current = meeting.items.filter(state=AgendaItem.State.CURRENT).first()
    # people may talk for long without a click: within the time that was planned nobody is idle
    planned = meeting.started_at + (meeting.ends_at - meeting.starts_at)
    quiet_since = max(last, planned, (current.ends_at if current else None) or last)
    if clock.now() - quiet_since < IDLE_FOR:
        return False
    close_locked_meeting(meeting, at=last)
    announce(meeting, actor=None, kind=EventKind.ENDED_IDLE, region=Region.ROOM)
    record_event(None, "ended-idle", meeting, school=meeting.team.school)
    return True


def end_idle_meetings() -> int:
    """Do so for every live meeting; how many there were."""
    live = Meeting.objects.filter(state=Meeting.State.LIVE).select_related("team__school")
    return run_each("collab.end_idle_meetings", live, end_idle_meeting, about=lambda meeting: meeting.team)
