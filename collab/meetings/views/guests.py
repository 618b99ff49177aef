"""Invite and remove guests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from collab.meetings.forms import GuestForm
from collab.meetings.http import visible_meeting
from collab.meetings.services import roles
from teams.lib.http import run_service

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


@require_POST
def guest_add(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Invite a guest to this meeting."""
    meeting = visible_meeting(request, uuid)
    form = GuestForm(request.POST, meeting=meeting)
    return run_service(
        request,
        lambda: roles.invite_guest(meeting, actor=request.user, staff=form.cleaned_data["staff"]),
        back=meeting,
        form=form,
        invalid=_("Choose someone at this school who is not on the team."),
    )


@require_POST
def guest_remove(request: SchoolRequest, uuid: UUID, staff: UUID) -> HttpResponse:
    """Remove a guest from this meeting."""
    meeting = visible_meeting(request, uuid)
    guest = get_object_or_404(meeting.guests.select_related("staff"), staff__uuid=staff)
    return run_service(
        request,
        lambda: roles.remove_guest(meeting, actor=request.user, staff=guest.staff),
        back=meeting,
    )
