"""Assign roles in a meeting; invite and remove guests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from collab.meetings.models import Attendance, EventKind, Guest, Meeting, Region
from collab.meetings.permissions import may_run
from collab.meetings.queries.participants import ROLES
from collab.meetings.services.invitations import send_cancellation, send_invitations
from collab.meetings.services.locking import announce, lock_meeting
from teams.audit.services import record_event
from teams.documents.services import delete_documents_about
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from teams.directory.models import Staff, User


@transaction.atomic
def set_role(meeting: Meeting, *, actor: User, role: str, staff: Staff | None) -> Meeting:
    """Assign a role to a member of the team (None: nobody)."""
    meeting = _open_meeting(meeting, actor)
    if role not in ROLES:
        raise DomainError(_("That role doesn’t exist."))
    if staff and not meeting.team.members.active().filter(staff=staff).exists():
        raise DomainError(_("That person is not on this team."))
    setattr(meeting, role, staff)
    meeting.save(update_fields=[role])
    announce(meeting, actor=actor, kind=EventKind.ROLE, region=Region.PEOPLE, role=role)
    return meeting


@transaction.atomic
def invite_guest(meeting: Meeting, *, actor: User, staff: Staff) -> Guest:
    """Invite a staff member from outside the team to this meeting."""
    meeting = _open_meeting(meeting, actor)
    if staff.school_id != meeting.team.school_id:
        raise DomainError(_("That person doesn’t work at this school."))
    if meeting.team.members.active().filter(staff=staff).exists():
        raise DomainError(_("%(person)s is already on the team.") % {"person": staff})
    guest, is_new = Guest.objects.get_or_create(meeting=meeting, staff=staff, defaults={"invited_by": actor})
    if is_new:
        announce(meeting, actor=actor, kind=EventKind.GUEST, region=Region.PEOPLE)
        record_event(actor, "invited", meeting, school=meeting.team.school, guest=str(staff.uuid))
        send_invitations(meeting)
    return guest


@transaction.atomic
def remove_guest(meeting: Meeting, *, actor: User, staff: Staff) -> None:
    """Remove a guest. They lose access at once, also to PDF files of the meeting; their contributions stay."""
    meeting = _open_meeting(meeting, actor)
    gone, _rows = Guest.objects.filter(meeting=meeting, staff=staff).delete()
    if gone:
        Attendance.objects.filter(meeting=meeting, staff=staff).delete()
        delete_documents_about(meeting.uuid, staff.user)
        announce(meeting, actor=actor, kind=EventKind.GUEST_LEFT, region=Region.PEOPLE)
        record_event(actor, "uninvited", meeting, school=meeting.team.school, guest=str(staff.uuid))
        send_cancellation(meeting, to=[staff])


def _open_meeting(meeting: Meeting, actor: User) -> Meeting:
    meeting = lock_meeting(meeting)
    if not may_run(actor, meeting):
        raise PermissionDenied
    if meeting.state not in (Meeting.State.PLANNED, Meeting.State.LIVE):
        raise DomainError(_("This meeting is closed, so its minutes don’t change."))
    return meeting
