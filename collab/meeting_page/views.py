"""Meetings: the list, planning one, its page before, during and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django_htmx.http import HttpResponseClientRefresh

from collab.meetings.http import visible_meeting
from collab.meetings.models import Meeting
from collab.minutes.views import minutes_page
from collab.preparation.views.agendas import agenda_page
from collab.room.services import lifecycle
from collab.room.views.room import region

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def meeting_detail(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """The meeting: an agenda before, a room while it is live, minutes after; `?region=` for one region."""
    meeting, name = visible_meeting(request, uuid), request.GET.get("region", "")
    if meeting.state == Meeting.State.LIVE:
        if not name and lifecycle.join_meeting(meeting, actor=request.user):
            meeting.refresh_from_db()
        return region(request, meeting, name)
    if name and not (meeting.state == Meeting.State.PLANNED and name in ("agenda", "queue")):
        return HttpResponseClientRefresh()  # the page has become another one
    if meeting.state == Meeting.State.CLOSED:
        return minutes_page(request, meeting)
    return agenda_page(request, meeting, name)
