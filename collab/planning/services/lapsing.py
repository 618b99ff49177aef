"""Cancel meetings that nobody started."""

from __future__ import annotations

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from collab.agendas.services.carry_over import return_unreached_items
from collab.meetings.models import EventKind, Meeting, Region
from collab.meetings.services.locking import announce, lock_meeting
from teams.audit.services import record_event
from teams.jobs.services.batches import run_each
from teams.lib import clock


@transaction.atomic
def expire_unstarted_meeting(meeting: Meeting) -> bool:
    """Call off a planned meeting that nobody started on its day: its topics wait for the next; whether it was so.

    No letter is sent: everybody knows that nobody came.
    """
    meeting = lock_meeting(meeting)
    tz = meeting.team.school.tz
    if (
        meeting.state != Meeting.State.PLANNED
        or meeting.ends_at.astimezone(tz).date() >= meeting.team.school.today()
    ):
        return False
    with translation.override(meeting.team.school.language):
        reason = _("Nobody started it; what was on its agenda waits for the next meeting.")
    meeting.state, meeting.cancel_reason = Meeting.State.CANCELLED, reason[:200]
    meeting.save(update_fields=["state", "cancel_reason"])
    return_unreached_items(meeting)
    announce(meeting, actor=None, kind=EventKind.LAPSED, region=Region.ROOM)
    record_event(None, "lapsed", meeting, school=meeting.team.school)
    return True


def expire_unstarted_meetings() -> int:
    """Do so for every meeting of a day gone by; how many there were."""
    past = Meeting.objects.filter(state=Meeting.State.PLANNED, ends_at__lt=clock.now())
    rows = past.select_related("team__school")
    return run_each(
        "collab.lapse_meetings", rows, expire_unstarted_meeting, about=lambda meeting: meeting.team
    )
