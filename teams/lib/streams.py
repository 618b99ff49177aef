"""Server-sent events: one source a process tells every open page which revision its topic has.

The database is the truth: a revision number per topic, read for all watched topics in one query four times
a second. A change made in the same process wakes its source at once, where Redis is set up a message wakes
those of all processes. A page that reconnects says the
revision it has seen and is told what came since, so a lost message costs a quarter of a second, never a
change.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import defaultdict
from contextvars import Context
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import orjson
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import DatabaseError, connections, transaction
from django.http import StreamingHttpResponse

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Collection

logger = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

POLL_SECONDS = 0.25
PING_SECONDS = 15.0
QUEUE_SIZE = 16
CHANNEL = "collab-streams"
SOURCES: list[Source] = []


class Source:
    """Polls the revisions of the watched topics and hands each change to those who wait for it."""

    def __init__(self, read: Callable[[Collection[int]], dict[int, int]]) -> None:
        self._read = read
        self._waiting: dict[int, set[asyncio.Queue[int]]] = defaultdict(set)
        self._seen: dict[int, int] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wake = asyncio.Event()
        SOURCES.append(self)

    def wake(self) -> None:
        """Read now; from any thread."""
        if self._loop and self._loop.is_running():
            self._loop.call_soon_threadsafe(self._wake.set)

    async def watch(self, topic: int, since: int) -> AsyncIterator[int | None]:
        """Yield each newer revision of ``topic``, and None every 15 s as a sign of life; never ends."""
        queue: asyncio.Queue[int] = asyncio.Queue(QUEUE_SIZE)
        self._start()
        self._waiting[topic].add(queue)
        last = since
        try:
            if self._seen.get(topic, since) > since:
                last = self._seen[topic]
                yield last
            self._wake.set()
            while True:
                try:
                    revision = await asyncio.wait_for(queue.get(), PING_SECONDS)
                except TimeoutError:
                    yield None
                    continue
                if revision > last:
                    last = revision
                    yield revision
        finally:
            self._waiting[topic].discard(queue)
            if not self._waiting[topic]:
                self._waiting.pop(topic, None)
                self._seen.pop(topic, None)

    def _start(self) -> None:
        """Run the poller on this event loop; a new loop (a restarted server, a test) gets its own."""
        loop = asyncio.get_running_loop()
        if self._loop is loop and self._tasks and not self._tasks[0].done():
            return
        self._loop, self._wake = loop, asyncio.Event()
        self._waiting, self._seen = defaultdict(set), {}
        # In a context of their own: in the first reader's, they would use a thread that ends with it.
        self._tasks = [loop.create_task(self._poll(), context=Context())]
        if settings.REDIS_URL:
            self._tasks.append(loop.create_task(self._listen(), context=Context()))

    async def _poll(self) -> None:
        while True:
            self._wake.clear()
            if self._waiting:
                await self._tell()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), POLL_SECONDS)

    async def _tell(self) -> None:
        try:
            found = await read(self._read, list(self._waiting))
        except Exception:  # whatever it was, the poller must outlive it: every open page depends on it
            logger.warning("The stream's source could not read the revisions; it tries again.", exc_info=True)
            return
        for topic, revision in found.items():
            if topic not in self._waiting or self._seen.get(topic) == revision:
                continue
            self._seen[topic] = revision
            for queue in self._waiting.get(topic, ()):
                if queue.full():  # a slow page: it only needs the newest
                    queue.get_nowait()
                queue.put_nowait(revision)

    async def _listen(self) -> None:
        """Let Redis wake the poller; without Redis the poller goes on by itself."""
        from redis import asyncio as redis

        while True:
            try:
                async with redis.from_url(settings.REDIS_URL) as client, client.pubsub() as pubsub:
                    await pubsub.subscribe(CHANNEL)
                    async for _message in pubsub.listen():
                        self._wake.set()
            except (OSError, redis.RedisError):
                await asyncio.sleep(2)


async def read(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Ask the database from a stream, in one of a few threads that all streams share.

    A thread keeps its connection (a connection a question would cost more than the question); one that
    broke is not used again.
    """

    def ask() -> T:
        try:
            return work(*args, **kwargs)
        except DatabaseError:
            connections.close_all()
            raise

    return await sync_to_async(ask, thread_sensitive=False)()


def publish_on_commit() -> None:
    """Wake the sources of all processes after commit; a Redis that is gone is no error."""
    transaction.on_commit(_publish, robust=True)


def _publish() -> None:
    for source in SOURCES:
        source.wake()
    if not settings.REDIS_URL:
        return
    import redis

    with contextlib.suppress(OSError, redis.RedisError):
        _client().publish(CHANNEL, b"")


def _client() -> Any:
    import redis

    global _CLIENT  # noqa: PLW0603 (one connection pool a process)
    if _CLIENT is None:
        _CLIENT = redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1)
    return _CLIENT


_CLIENT: Any = None


def event(name: str, data: object = None, *, id: int | None = None) -> bytes:
    """One server-sent event."""
    head = f"id: {id}\n" if id is not None else ""
    return f"{head}event: {name}\ndata: ".encode() + orjson.dumps(data) + b"\n\n"


PING = b": ping\n\n"
RETRY = b"retry: 1000\n\n"


def stream_response(events: AsyncIterator[bytes]) -> StreamingHttpResponse:
    """A response that is never cached, buffered or compressed."""
    response = StreamingHttpResponse(events, content_type="text/event-stream")
    response["Cache-Control"] = "no-cache, no-transform"
    response["X-Accel-Buffering"] = "no"
    return response
