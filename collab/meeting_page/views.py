"""Meetings: the list, planning one, its page before, during and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django_htmx.http import HttpResponseClientRefresh

from collab.meetings.http import visible_meeting
from collab.meetings.models import Meeting
from collab.minutes.views import _minutes
from collab.preparation.views.agendas import _agenda
from collab.room.services import lifecycle
from collab.room.views.room import _live

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def meeting_detail(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """The meeting: an agenda before, a room while it is live, minutes after; `?region=` for one region."""
    return meeting_region(request, uuid, request.GET.get("region", ""))


def meeting_region(request: SchoolRequest, uuid: UUID, region: str) -> HttpResponse:
    """One region of the meeting's page; all of it where ``region`` is empty."""
    meeting = visible_meeting(request, uuid)
    if (
        not region
        and meeting.state == Meeting.State.LIVE
        and lifecycle.join_meeting(meeting, actor=request.user)
    ):
        meeting.refresh_from_db()
    is_part = meeting.state == Meeting.State.PLANNED and region in ("agenda", "queue")
    if region and not is_part and (meeting.state != Meeting.State.LIVE or region == "page"):
        return HttpResponseClientRefresh()  # the page has become another one
    show = {Meeting.State.LIVE: _live, Meeting.State.CLOSED: _minutes}.get(
        Meeting.State(meeting.state), _agenda
    )
    return show(request, meeting, region)
