"""The stream of a live meeting: which regions of the room changed."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.template.loader import render_to_string
from django.urls import reverse

from collab.meetings.permissions import meetings_visible_to
from collab.room.queries.listeners import Listener, regions_since, revisions_of, still_in
from teams.lib import streams

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from uuid import UUID

    from django.http import HttpRequest, StreamingHttpResponse

SOURCE = streams.Source(revisions_of, still_in)


@login_not_required
def meeting_stream(request: HttpRequest, uuid: UUID) -> StreamingHttpResponse:
    """Events named after regions, from revision `?since=` on.

    Public, so that an expired session can be told on the page instead of failing without a word: who is not
    signed in, or may not see the meeting any more, gets the event "signed-out" and nothing else.
    """
    notice = _notice(uuid)
    if not request.user.is_authenticated:
        return streams.stream_response(_goodbye(notice))
    meeting_id = meetings_visible_to(request.user).filter(uuid=uuid).values_list("pk", flat=True).first()
    if meeting_id is None:
        raise Http404
    since = request.headers.get("Last-Event-ID") or request.GET.get("since", "0")
    listener = Listener.of(request.session)
    return streams.stream_response(
        _events(listener, meeting_id, int(since) if since.isdecimal() else 0, notice)
    )


async def _goodbye(notice: bytes) -> AsyncIterator[bytes]:
    yield b"retry: 60000\n\n"
    yield notice


async def _events(listener: Listener, meeting_id: int, since: int, notice: bytes) -> AsyncIterator[bytes]:
    yield streams.RETRY
    seen = since
    try:
        async for revision in SOURCE.watch(meeting_id, since, listener):
            if revision is None:
                yield streams.PING
                continue
            for region in await streams.read(_regions, meeting_id, seen, revision):
                yield streams.event(region, revision, id=revision)
            seen = revision
    except streams.Gone:
        yield notice


@lru_cache(maxsize=2048)
def _regions(meeting_id: int, seen: int, revision: int) -> list[str]:
    """What changed from one revision to another: past, the same for everybody, read once a process."""
    return regions_since(meeting_id, seen, until=revision)


def _notice(uuid: UUID) -> bytes:
    """The event that says on the page that the stream is over, as HTML on one line."""
    url = reverse("collab:meeting-detail", args=[uuid])
    html = " ".join(render_to_string("collab/room/signed_out.html", {"url": url}).split())
    return f"event: signed-out\ndata: {html}\n\n".encode()
