"""Where an ASGI server enters: pages, and the live stream of meetings."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import django
from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.db import close_old_connections

from collab.config.logs import hide_secrets

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

THREADS = 6


class Handler(ASGIHandler):
    """Makes each answer in one of a few threads that stay, each with its connection to the database.

    Django's own starts a thread with a new connection for every request, as many at a time as ask, and changes
    threads between middleware and view: a full room asks for dozens of small answers at once. Reading what is
    sent and sending what is answered takes no thread, and neither does an open stream.
    """

    def __init__(self) -> None:
        super().__init__()
        self.load_middleware()  # all of it in the thread that makes the answer
        self._pages = ThreadPoolExecutor(THREADS, "pages")
        self._signals = ThreadPoolExecutor(1, "signals")

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:  # noqa: D102
        async with ThreadSensitiveContext(executor=self._signals):
            await super().__call__(scope, receive, send)

    async def run_get_response(self, request: HttpRequest) -> HttpResponseBase:
        """Wait for a thread; answer."""
        response: Any = await sync_to_async(self._answer, thread_sensitive=False, executor=self._pages)(
            request
        )
        response._handler_class = self.__class__  # noqa: SLF001 (as Django's own does)
        return response

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        close_old_connections()
        return self.get_response(request)


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "collab.config.settings")
django.setup(set_prefix=False)
hide_secrets()
application = Handler()
