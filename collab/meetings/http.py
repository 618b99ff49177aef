"""Helpers for views of one meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404

from collab.meetings.permissions import meetings_visible_to
from teams.lib.http import run_service

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.http import HttpResponse

    from collab.meetings.models import Meeting
    from teams.lib.requests import SchoolRequest


def visible_meeting(request: SchoolRequest, uuid: UUID) -> Meeting:
    """The meeting if the user may see it, otherwise 404."""
    return get_object_or_404(
        meetings_visible_to(request.user).select_related("team__school", "series"), uuid=uuid
    )


def change_meeting(request: SchoolRequest, uuid: UUID, service: Callable[..., object]) -> HttpResponse:
    """Run a service on the meeting and redirect to its page, showing the error if it was refused."""
    meeting = visible_meeting(request, uuid)
    return run_service(request, lambda: service(meeting, actor=request.user), back=meeting)
