"""Start, close, reopen and discard a meeting."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.views.decorators.http import require_POST

from collab.meetings.http import change_meeting
from collab.room.services import endings, lifecycle

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


@require_POST
def meeting_start(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Start the meeting; one of a later day only if its page has asked."""
    start = partial(lifecycle.start_meeting, is_early="early" in request.POST)
    return change_meeting(request, uuid, start)


@require_POST
def meeting_close(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Close the meeting."""
    return change_meeting(request, uuid, lifecycle.close_meeting)


@require_POST
def meeting_reopen(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Reopen the meeting."""
    return change_meeting(request, uuid, lifecycle.reopen_meeting)


@require_POST
def meeting_discard(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Undo an accidental start."""
    return change_meeting(request, uuid, endings.discard_start)
