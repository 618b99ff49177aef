"""Find the meeting that a request names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect

from collab.meetings.permissions import meetings_visible_to
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.http import HttpResponse

    from collab.meetings.models import Meeting
    from teams.lib.requests import SchoolRequest


def visible_meeting(request: SchoolRequest, uuid: UUID) -> Meeting:
    """The meeting, if the user may see it; else 404."""
    return get_object_or_404(meetings_visible_to(request.user).select_related("team__school"), uuid=uuid)


def _do(request: SchoolRequest, uuid: UUID, service: Callable[..., object]) -> HttpResponse:
    """Run a service on the meeting; what cannot be done is said on its page."""
    meeting = visible_meeting(request, uuid)
    try:
        service(meeting, actor=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect(meeting)
