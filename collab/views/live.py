"""The stream of a live meeting: which regions of the room changed."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from asgiref.sync import sync_to_async
from django.contrib.auth import get_user
from django.contrib.auth.decorators import login_not_required
from django.db import connections
from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse

from collab.permissions import meetings_visible_to
from collab.queries.room import regions_since, revisions_of
from teams.lib import streams

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from uuid import UUID

    from teams.lib.requests import SchoolRequest
    from teams.models import User

SOURCE = streams.Source(revisions_of)


@login_not_required
async def meeting_stream(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Events named after regions, from revision `?since=` on.

    Public, so that an expired session can be told on the page instead of failing without a word: who is not
    signed in, or may not see the meeting any more, gets the event "signed-out" and nothing else.
    """
    user = await request.auser()
    meeting_id = await sync_to_async(_meeting_id)(user, uuid) if user.is_authenticated else None
    if meeting_id is None and user.is_authenticated:
        raise Http404
    notice = await sync_to_async(_notice)(uuid)
    if meeting_id is None:
        return streams.stream_response(_goodbye(notice))
    since = request.headers.get("Last-Event-ID") or request.GET.get("since", "0")
    return streams.stream_response(_events(request, meeting_id, int(since) if since.isdigit() else 0, notice))


async def _goodbye(notice: bytes) -> AsyncIterator[bytes]:
    yield b"retry: 60000\n\n"
    yield notice


async def _events(request: SchoolRequest, meeting_id: int, since: int, notice: bytes) -> AsyncIterator[bytes]:
    yield streams.RETRY
    seen = since
    async for revision in SOURCE.watch(meeting_id, since):
        if not await streams.read(_may_hear, request, meeting_id):
            yield notice
            return
        if revision is None:
            yield streams.PING
            continue
        for region in await streams.read(_regions, meeting_id, seen, revision):
            yield streams.event(region, revision, id=revision)
        seen = revision


def _meeting_id(user: User, uuid: UUID) -> int | None:
    try:
        found: int | None = meetings_visible_to(user).filter(uuid=uuid).values_list("pk", flat=True).first()
        return found
    finally:
        connections.close_all()  # a stream lives for an hour; it must not hold a connection


def _may_hear(request: SchoolRequest, meeting_id: int) -> bool:
    """Whether the user is still signed in and may still see the meeting: asked at every event."""
    user = get_user(request)
    if not user.is_authenticated or not request.session.exists(request.session.session_key):
        return False
    return meetings_visible_to(user).filter(pk=meeting_id).exists()


@lru_cache(maxsize=2048)
def _regions(meeting_id: int, seen: int, revision: int) -> list[str]:
    """What changed from one revision to another: past, the same for everybody, read once a process."""
    return regions_since(meeting_id, seen, until=revision)


def _notice(uuid: UUID) -> bytes:
    """The event that says on the page that the stream is over, as HTML on one line."""
    url = reverse("collab:meeting-detail", args=[uuid])
    html = " ".join(render_to_string("collab/room/signed_out.html", {"url": url}).split())
    return f"event: signed-out\ndata: {html}\n\n".encode()
