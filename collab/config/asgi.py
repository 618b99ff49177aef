"""The ASGI application: pages, and the live stream of meetings."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import django
from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.conf import settings
from django.core.handlers.asgi import ASGIHandler
from django.db import close_old_connections
from django.db.backends.signals import connection_created

from collab.config.bodies import Body, RefusedBodyError, declared_bytes, most_bytes_of, refuse
from teams.lib.waiting import limit_waiting

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

THREADS = 6


class Handler(ASGIHandler):
    """Handles requests in a small pool of persistent threads, each with its own database connection.

    Django's own handler starts a thread with a new connection for every concurrent request and switches
    threads between middleware and view, which is slow when a full room sends dozens of small requests at
    once. Reading requests, sending responses and open streams use no thread.
    """

    def __init__(self) -> None:
        super().__init__()
        self.load_middleware()  # synchronous, so it runs in the thread of the view
        self._pages = ThreadPoolExecutor(THREADS, "pages")
        self._signals = ThreadPoolExecutor(1, "signals")

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
        """Run the request in a pool thread."""
        response: Any = await sync_to_async(self._answer, thread_sensitive=False, executor=self._pages)(
            request
        )
        response._handler_class = self.__class__  # noqa: SLF001 (as Django's own does)
        return response

    def _limit(self, scope: dict[str, Any]) -> int:
        close_old_connections()
        return most_bytes_of(scope)

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        close_old_connections()
        return self.get_response(request)


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "collab.config.settings")
django.setup(set_prefix=False)
connection_created.connect(limit_waiting)  # pages only: workers wait longer
application = Handler()
