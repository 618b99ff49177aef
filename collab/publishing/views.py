"""Publish an agenda."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from collab.meetings.http import visible_meeting
from collab.meetings.queries.calendar_entries import mail_recipients
from collab.publishing.services import publish_agenda
from teams.lib.http import run_service

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


@require_POST
def agenda_publish(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Publish the draft of an agenda now."""
    meeting = visible_meeting(request, uuid)
    return run_service(
        request,
        lambda: publish_agenda(meeting, actor=request.user),
        back=f"{meeting.get_absolute_url()}#agenda",  # with the focus where it was published
        done=lambda published: _sentence(len(mail_recipients(published))),
    )


def _sentence(n: int) -> str:
    sentence = ngettext(
        "Published. %(n)s person gets the agenda by email.",
        "Published. %(n)s people get the agenda by email.",
        n,
    )
    return sentence % {"n": n}
