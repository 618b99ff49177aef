"""A meeting's page: agenda, live room or minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django_htmx.http import HttpResponseClientRefresh

from collab.actions.queries.actions import carried_actions
from collab.agendas.queries.items import ItemsFor
from collab.meeting_page.queries import waits_for_reader
from collab.meetings.forms import CancelForm, GuestForm
from collab.meetings.http import visible_meeting
from collab.meetings.models import Meeting
from collab.minutes.views import minutes_page
from collab.preparation.forms import AgendaForms, ItemForm
from collab.preparation.queries.agenda_page import Agenda
from collab.room.services import lifecycle
from collab.room.views.room import live_page, regions
from teams.lib.http import render_page

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def meeting_detail(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show the agenda before the meeting, the room while live, minutes after; `?region=` returns one region."""
    meeting, name = visible_meeting(request, uuid), request.GET.get("region", "")
    if meeting.state == Meeting.State.LIVE:
        if name:
            return regions(request, meeting, request.GET.getlist("region"))
        if lifecycle.join_meeting(meeting, actor=request.user):
            meeting.refresh_from_db()
        return live_page(request, meeting)
    if name and not (meeting.state == Meeting.State.PLANNED and name in ("agenda", "queue")):
        return HttpResponseClientRefresh()  # the meeting's state changed, so reload the page
    if meeting.state == Meeting.State.CLOSED:
        return minutes_page(request, meeting)
    return _agenda_page(request, meeting, name)


def _agenda_page(request: SchoolRequest, meeting: Meeting, name: str) -> HttpResponse:
    """Render the agenda before the meeting, with carried action items and forms."""
    agenda = ItemsFor(request.user, meeting)
    page = Agenda(agenda)
    carried = carried_actions(request.user, meeting)
    context = {
        "agenda": agenda,
        "page": page,
        "forms": AgendaForms(page),
        "carried": carried,
        "for_me": waits_for_reader(page, carried),
        "item_form": ItemForm(meeting=meeting, user=request.user, is_next="more" in request.GET),
        "guest_form": GuestForm(meeting=meeting),
        "cancel_form": CancelForm(),
    }
    return render_page(request, "collab/preparation/agenda.html", context, partial=name)
