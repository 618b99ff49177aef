"""Cancel meetings that nobody started."""

from __future__ import annotations

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from collab.agendas.services.carry_over import return_unreached_items
from collab.findings.services.results import carry_asking
from collab.meetings.models import EventKind, Meeting, Region
from collab.meetings.services.locking import announce, lock_meeting
from collab.student_work.services.carrying import carry_work
from teams.audit.services import record_event
from teams.jobs.services.batches import run_each
from teams.lib import clock


@transaction.atomic
def expire_unstarted_meeting(meeting: Meeting) -> bool:
    """Cancel a planned meeting that nobody started on its day. Returns whether it was cancelled.

    Its topics return to the queue. No email is sent: everyone knows that it did not take place.
    """
    meeting = lock_meeting(meeting)
    tz = meeting.team.school.tz
    if (
        meeting.state != Meeting.State.PLANNED
        or meeting.ends_at.astimezone(tz).date() >= meeting.team.school.today()
    ):
        return False
    with translation.override(meeting.team.school.language):
        reason = _("No one started this meeting. Its items are back in the queue.")
    meeting.state, meeting.cancel_reason = Meeting.State.CANCELLED, reason[:200]
    meeting.save(update_fields=["state", "cancel_reason"])
    return_unreached_items(meeting)
    carry_work(meeting)
    carry_asking(meeting)
    announce(meeting, actor=None, kind=EventKind.LAPSED, region=Region.ROOM)
    record_event(None, "lapsed", meeting, school=meeting.team.school)
    return True


def expire_unstarted_meetings() -> int:
    """Run `expire_unstarted_meeting` for all past planned meetings. Returns the number cancelled."""
    past = Meeting.objects.filter(state=Meeting.State.PLANNED, ends_at__lt=clock.now())
    rows = past.select_related("team__school")
    return run_each(
        "collab.lapse_meetings", rows, expire_unstarted_meeting, about=lambda meeting: meeting.team
    )
