"""The event stream of a live meeting: which regions of the room changed."""

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
from teams.lib.parameters import int_or_none

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from uuid import UUID

    from django.http import HttpRequest, StreamingHttpResponse

SOURCE = streams.Source(revisions_of, still_in)
ALIVE = streams.event("alive")  # also every 15 s: a page that hears nothing for longer connects again


@login_not_required
def meeting_stream(request: HttpRequest, uuid: UUID) -> StreamingHttpResponse:
    """Server-sent events named after regions, from revision `?since=` on.

    Public, so that the page can show an expired session instead of failing silently. Anyone not signed in, or
    no longer allowed to see the meeting, gets only the event "signed-out".
    """
    notice = _notice(uuid)
    if not request.user.is_authenticated:
        return streams.stream_response(_goodbye(notice))
    meeting_id = meetings_visible_to(request.user).filter(uuid=uuid).values_list("pk", flat=True).first()
    if meeting_id is None:
        raise Http404
    since = request.headers.get("Last-Event-ID") or request.GET.get("since")
    listener = Listener.of(request.session)
    return streams.stream_response(_events(listener, meeting_id, int_or_none(since) or 0, notice))


async def _goodbye(notice: bytes) -> AsyncIterator[bytes]:
    yield b"retry: 60000\n\n"
    yield notice


async def _events(listener: Listener, meeting_id: int, since: int, notice: bytes) -> AsyncIterator[bytes]:
    yield streams.RETRY
    yield ALIVE
    seen = since
    try:
        async for revision in SOURCE.watch(meeting_id, since, listener):
            if revision is None:
                yield ALIVE
                continue
            regions = await streams.read(_regions, meeting_id, seen, revision)
            for region in regions[:-1]:
                yield streams.event(region, revision)
            for last in regions[
                -1:
            ]:  # only it has the id: a page that reconnects from there has heard of all
                yield streams.event(last, revision, id=revision)
            seen = revision
    except streams.Gone:
        yield notice


@lru_cache(maxsize=2048)
def _regions(meeting_id: int, seen: int, revision: int) -> list[str]:
    """Regions changed between two revisions. Cached, since past revisions do not change."""
    return regions_since(meeting_id, seen, until=revision)


def _notice(uuid: UUID) -> bytes:
    """The event "signed-out", with a notice as HTML on one line."""
    url = reverse("collab:meeting-detail", args=[uuid])
    html = " ".join(render_to_string("collab/room/signed_out.html", {"url": url}).split())
    return f"event: signed-out\ndata: {html}\n\n".encode()
