"""Limit request bodies while they arrive, before Django stores them and before a thread is used.

A body may have `settings.DATA_UPLOAD_MAX_MEMORY_SIZE` bytes; views marked with `accepts_uploads` accept more from
signed-in users and programs with a token. A larger body is answered with 413, one that arrives too slowly with 408.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import get_user
from django.http import Http404, HttpRequest
from django.http.cookie import parse_cookie
from django.template.loader import render_to_string
from django.urls import resolve
from django.utils import translation

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Receive = Callable[[], Awaitable[dict[str, Any]]]
    Send = Callable[[dict[str, Any]], Awaitable[None]]

SLOWEST = 16 * 1024  # bytes per second that a body must reach after the first BODY_SECONDS
FORM_BYTES = 64 * 1024  # allowed for an upload's other fields and separators
DRAINED_SECONDS = 5.0


class RefusedBodyError(Exception):
    """The body is too large (status 413) or too slow (408)."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Body:
    """A request's body, received within limits of size and time."""

    def __init__(self, receive: Receive, most_bytes: int) -> None:
        self._receive = receive
        self._most_bytes = most_bytes
        self._begun = time.monotonic()
        self._bytes = 0
        self._is_complete = False

    async def receive(self) -> dict[str, Any]:
        """Return the next ASGI message. Raises RefusedBodyError if the body exceeds a limit."""
        if self._is_complete:
            return await self._receive()  # waits for the disconnect
        end = self._begun + settings.BODY_SECONDS + self._bytes / SLOWEST
        try:
            async with asyncio.timeout(max(end - time.monotonic(), 0)):
                message = await self._receive()
        except TimeoutError as error:
            raise RefusedBodyError(408) from error
        self._bytes += len(message.get("body", b""))
        if self._bytes > self._most_bytes:
            raise RefusedBodyError(413)
        self._is_complete = not message.get("more_body", False)
        return message


def declared_bytes(scope: dict[str, Any]) -> int | None:
    """The size of the body by its Content-Length; None if it is sent in chunks, 0 if there is none."""
    headers = dict(scope["headers"])
    if b"transfer-encoding" in headers:
        return None
    length = headers.get(b"content-length", b"0")
    return int(length) if length.isdigit() else None


def most_bytes_of(scope: dict[str, Any]) -> int:
    """The largest body that the URL accepts from this person. Reads the session."""
    small: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    with suppress(Http404):
        view = resolve(scope["path"]).func
        accepts, admits = getattr(view, "most_upload_bytes", None), getattr(view, "admits_upload", None)
        is_admitted = admits is not None and admits(dict(scope["headers"]))
        if accepts is not None and (is_admitted or _is_signed_in(scope)):
            return max(accepts() + FORM_BYTES, small)
    return small


def _is_signed_in(scope: dict[str, Any]) -> bool:
    cookies = parse_cookie(dict(scope["headers"]).get(b"cookie", b"").decode("latin1"))
    request = HttpRequest()
    engine = import_module(settings.SESSION_ENGINE)
    request.session = engine.SessionStore(cookies.get(settings.SESSION_COOKIE_NAME))
    return get_user(request).is_authenticated


async def refuse(receive: Receive, send: Send, status: int) -> None:
    """Send a page with the reason, and close the connection.

    The rest of the body is discarded for a few seconds: most clients read a response only after sending everything.
    """
    with translation.override(settings.LANGUAGE_CODE):
        page = render_to_string("refused.html", {"status": status}).encode()
    headers = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(page)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": page, "more_body": True})
    with suppress(TimeoutError):
        async with asyncio.timeout(DRAINED_SECONDS if status == 413 else 0):
            while (await receive()).get("more_body", False):
                pass
    await send({"type": "http.response.body", "body": b"", "more_body": False})
