"""The stream of a live meeting: which regions of the room changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from asgiref.sync import sync_to_async
from django.db import connections
from django.http import Http404, HttpResponse

from collab.permissions import meetings_visible_to
from collab.queries.room import regions_since, revisions_of
from teams.lib import streams

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from uuid import UUID

    from teams.lib.requests import SchoolRequest
    from teams.models import User

SOURCE = streams.Source(revisions_of)


async def meeting_stream(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Events named after regions, from revision `?since=` on; ends with "removed" when access is lost."""
    user = await request.auser()
    meeting_id = await sync_to_async(_meeting_id)(user, uuid)
    if meeting_id is None:
        raise Http404
    since = request.headers.get("Last-Event-ID") or request.GET.get("since", "0")
    return streams.stream_response(_events(user, uuid, meeting_id, int(since) if since.isdigit() else 0))


async def _events(user: User, uuid: UUID, meeting_id: int, since: int) -> AsyncIterator[bytes]:
    yield streams.RETRY
    seen = since
    async for revision in SOURCE.watch(meeting_id, since):
        regions = await sync_to_async(_news)(user, uuid, meeting_id, seen)
        if regions is None:
            yield streams.event("removed")
            return
        if revision is None:
            yield streams.PING
            continue
        for region in regions:
            yield streams.event(region, revision, id=revision)
        seen = revision


def _meeting_id(user: User, uuid: UUID) -> int | None:
    try:
        found: int | None = meetings_visible_to(user).filter(uuid=uuid).values_list("pk", flat=True).first()
        return found
    finally:
        connections.close_all()  # a stream lives for an hour; it must not hold a connection


def _news(user: User, uuid: UUID, meeting_id: int, seen: int) -> list[str] | None:
    """What changed since ``seen``; None when the user may not see the meeting any more, or was signed out."""
    try:
        user.__dict__.pop("_roles", None)
        if not type(user).objects.filter(pk=user.pk, is_active=True).exists():
            return None
        if not meetings_visible_to(user).filter(uuid=uuid).exists():
            return None
        return regions_since(meeting_id, seen)
    finally:
        connections.close_all()
