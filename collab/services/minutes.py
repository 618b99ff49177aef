"""Minutes: a draft until somebody of the team approves them; what was approved can be withdrawn, in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from collab.models import Meeting
from collab.permissions import may_run
from collab.services.events import announce, lock_meeting
from collab.services.invitations import send_minutes
from teams.lib.errors import DomainError
from teams.services.audit import record

if TYPE_CHECKING:
    from teams.models import User


@transaction.atomic
def approve_minutes(meeting: Meeting, *, actor: User) -> Meeting:
    """Say that the minutes are right; approving twice changes nothing."""
    meeting = _closed(meeting, actor)
    if meeting.approved_at is None:
        meeting.approved_at, meeting.approved_by = timezone.now(), actor
        meeting.save(update_fields=["approved_at", "approved_by"])
        announce(meeting, actor=actor, kind="approved", region="room")
        record(actor, "approved", meeting, school=meeting.team.school)
        send_minutes(meeting)
    return meeting


@transaction.atomic
def withdraw_approval(meeting: Meeting, *, actor: User) -> Meeting:
    """Make the minutes a draft again."""
    meeting = _closed(meeting, actor)
    if meeting.approved_at is not None:
        meeting.approved_at = meeting.approved_by = None
        meeting.save(update_fields=["approved_at", "approved_by"])
        announce(meeting, actor=actor, kind="approval-withdrawn", region="room")
        record(actor, "approval-withdrawn", meeting, school=meeting.team.school)
    return meeting


def _closed(meeting: Meeting, actor: User) -> Meeting:
    meeting = lock_meeting(meeting)
    if not may_run(actor, meeting):
        raise PermissionDenied
    if meeting.state != Meeting.State.CLOSED:
        raise DomainError(_("Only the minutes of a closed meeting can be approved."))
    return meeting
