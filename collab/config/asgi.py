"""The ASGI application: pages, and the live stream of meetings."""

from __future__ import annotations

import asyncio
import gc
import os
import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import django
from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.db import close_old_connections
from django.db.backends.signals import connection_created
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django_htmx.http import trigger_client_event

from collab.config.bodies import Body, RefusedBodyError, declared_bytes, most_bytes_of, refuse
from teams.lib.waiting import limit_waiting

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

THREADS = 6
A_SESSION = 3  # requests of one signed-in person that are answered at once; the others wait without a thread
MOST_WAITING = 60  # of one person; more are refused
STREAM_THREADS = 2
_STREAM = re.compile(r"/meetings/[^/]+/stream/")


class SessionRequests:
    """The requests of one session: a semaphore for those being answered, and their number including waiting ones."""

    def __init__(self) -> None:
        self.free = asyncio.Semaphore(A_SESSION)
        self.requests = 0


class Handler(ASGIHandler):
    """Handles requests in a small pool of persistent threads, each with its own database connection.

    Django's own handler starts a thread with a new connection for every concurrent request and switches
    threads between middleware and view, which is slow when a full room sends dozens of small requests at
    once. Reading requests, sending responses and open streams use no thread.

    One person takes at most half of the threads, so that no one's slow pages make others wait. A request keeps its turn
    until its thread is done, even if the person has left or reloaded the page, which ends the request only. Streams are
    opened in separate threads: a hundred reconnecting screens do not delay pages, and slow pages do not delay screens.
    """

    def __init__(self) -> None:
        super().__init__()
        self.load_middleware()  # synchronous, so it runs in the thread of the view
        self._pages = ThreadPoolExecutor(THREADS, "pages")
        self._streams = ThreadPoolExecutor(STREAM_THREADS, "streams")
        self._signals = ThreadPoolExecutor(1, "signals")
        self._sessions: dict[str, SessionRequests] = {}

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:  # noqa: D102
        async with ThreadSensitiveContext(executor=self._signals):
            await super().__call__(scope, receive, send)

    async def handle(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Handle the request if its body stays within its bounds; refuse it otherwise."""
        length, most_bytes = declared_bytes(scope), settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        try:
            if length is None or length > most_bytes:
                limit = sync_to_async(self._limit, thread_sensitive=False, executor=self._pages)
                most_bytes = await limit(scope)
                if length is not None and length > most_bytes:
                    raise RefusedBodyError(413)
            await super().handle(scope, Body(receive, most_bytes).receive, send)
        except RefusedBodyError as refused:
            await refuse(receive, send, refused.status)

    async def run_get_response(self, request: HttpRequest) -> HttpResponseBase:
        """Run the request in a pool thread once it is the person's turn."""
        if _STREAM.fullmatch(request.path):
            return await self._run(request, self._streams)
        session = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
        if not session:
            return await self._run(request, self._pages)
        of_session = self._sessions.setdefault(session, SessionRequests())
        if of_session.requests >= A_SESSION + MOST_WAITING:
            return too_many_requests(request)
        of_session.requests += 1

        def leave() -> None:
            of_session.requests -= 1
            if not of_session.requests:
                self._sessions.pop(session, None)

        def end_turn(_answer: object) -> None:
            of_session.free.release()
            leave()

        try:
            await of_session.free.acquire()
        except asyncio.CancelledError:  # left before it was the request's turn
            leave()
            raise
        answer = asyncio.ensure_future(self._run(request, self._pages))
        answer.add_done_callback(end_turn)
        return await asyncio.shield(answer)

    async def _run(self, request: HttpRequest, pool: ThreadPoolExecutor) -> HttpResponseBase:
        response: Any = await sync_to_async(self._answer, thread_sensitive=False, executor=pool)(request)
        response._handler_class = self.__class__  # noqa: SLF001 (as Django's own does)
        return response

    def _limit(self, scope: dict[str, Any]) -> int:
        close_old_connections()
        return most_bytes_of(scope)

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        close_old_connections()
        return self.get_response(request)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """Return the response to a request that was not read, in the language of the browser; htmx shows its sentence."""
    with translation.override(translation.get_language_from_request(request)):
        why = _(
            "Your browser sent too many requests at once. Nothing of this one was saved. Try again in a few seconds."
        )
        page = render_to_string("refused.html", {"status": 429, "why": why})
    response = HttpResponse(page, status=429, headers={"Retry-After": "2"})
    return trigger_client_event(response, "collab:say", {"text": why, "level": "error"})


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "collab.config.settings")
django.setup(set_prefix=False)
connection_created.connect(limit_waiting)  # pages only: workers wait longer
application = Handler()
gc.freeze()  # what was imported stays; a full collection would look at all of it while a page waits
