"""The minutes: approved, as PDF, by mail, and the part that all staff may read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from collab.models import Meeting
from collab.permissions import meetings_visible_to
from collab.queries.minutes import minutes_of, staff_minutes_of, staff_minutes_visible_to, students_of
from collab.queries.room import room_of
from collab.services import minutes
from datareview.services.disclosures import record_disclosures
from teams.lib.documents import pdf_response
from teams.lib.errors import DomainError
from teams.lib.pages import render_page

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def closed_meeting(request: SchoolRequest, uuid: UUID) -> Meeting:
    """The closed meeting, if the user may see it; else 404."""
    rows = meetings_visible_to(request.user).filter(state=Meeting.State.CLOSED)
    return get_object_or_404(rows.select_related("team__school", "approved_by"), uuid=uuid)


def minutes_download(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """The minutes as a PDF for those who may read the meeting; it is written down who took it."""
    meeting = closed_meeting(request, uuid)
    room = room_of(request.user, meeting)
    parts = minutes_of(request.user, room)
    record_disclosures(students_of(room), reader=request.user, what="minutes")
    context = {"room": room, "minutes": parts}
    try:
        return pdf_response(request, "collab/minutes/paper.html", context, name=_file_name(meeting))
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(meeting)


def staff_minutes(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """What all staff of the school may read of approved minutes; `?format=pdf` on paper. No student data."""
    rows = staff_minutes_visible_to(request.user).select_related("team__school", "approved_by")
    meeting = get_object_or_404(rows, uuid=uuid)
    context = {"meeting": meeting, "parts": staff_minutes_of(meeting)}
    if request.GET.get("format") == "pdf":
        try:
            return pdf_response(request, "collab/minutes/staff_paper.html", context, name=_file_name(meeting))
        except DomainError as error:
            messages.error(request, str(error))
    return render_page(request, "collab/minutes/staff.html", context)


@require_POST
def minutes_approve(request: SchoolRequest, uuid: UUID, way: str) -> HttpResponse:
    """Approve, or withdraw the approval."""
    meeting = closed_meeting(request, uuid)
    service = minutes.approve_minutes if way == "approve" else minutes.withdraw_approval
    try:
        service(meeting, actor=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect(meeting)


def _file_name(meeting: Meeting) -> str:
    return _("Minutes %(team)s %(day)s") % {"team": meeting.team, "day": f"{meeting.starts_at:%Y-%m-%d}"}
