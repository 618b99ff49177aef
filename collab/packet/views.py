"""The packet of a meeting as a PDF file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from collab.agendas.queries.items import ItemsFor
from collab.meetings.http import visible_meeting
from collab.meetings.models import Meeting
from collab.packet.queries import packet_of
from teams.documents.services import request_document
from teams.lib.errors import DomainError
from teams.lib.seen import mark_seen

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def packet_download(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Ask for the packet of a meeting that is not over, for those who read its agenda."""
    meeting = visible_meeting(request, uuid)
    agenda = ItemsFor(request.user, meeting)
    if meeting.state not in (Meeting.State.PLANNED, Meeting.State.LIVE) or agenda.is_hidden_draft:
        raise Http404
    packet = packet_of(agenda)
    for student in packet.students:
        mark_seen(student.pk)
    day = meeting.starts_at.astimezone(meeting.team.school.tz)
    try:
        document = request_document(
            request,
            "collab/packet/paper.html",
            {"agenda": agenda, "packet": packet},
            name=_("Agenda %(team)s %(day)s") % {"team": meeting.team, "day": f"{day:%Y-%m-%d}"},
            page=meeting.get_absolute_url(),
        )
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(meeting)
    return redirect(document)
