"""Helpers for views of one meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from collab.meetings.permissions import meetings_visible_to
from teams.access.prepared import prepared_rows
from teams.access.readers import reader_of
from teams.lib.http import run_service

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.db.models import QuerySet
    from django.http import HttpResponse

    from collab.meetings.models import Meeting
    from teams.directory.models import User
    from teams.lib.requests import SchoolRequest


def visible_meeting(request: SchoolRequest, uuid: UUID) -> Meeting:
    """The meeting if the user may see it, otherwise 404."""
    found = prepared_rows(_meeting, reader_of(request.user), uuid)
    if not found:
        raise Http404
    return found[0]


def _meeting(user: User, uuid: UUID) -> QuerySet[Meeting]:
    return meetings_visible_to(user).filter(uuid=uuid).select_related("team__school", "series")


def change_meeting(request: SchoolRequest, uuid: UUID, service: Callable[..., object]) -> HttpResponse:
    """Run a service on the meeting and redirect to its page, showing the error if it was refused."""
    meeting = visible_meeting(request, uuid)
    return run_service(request, lambda: service(meeting, actor=request.user), back=meeting)
