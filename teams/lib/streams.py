"""Server-sent events: one poller per process notifies all open streams of new revisions.

The database holds a revision number per topic; the poller reads those of all watched topics in one query, four
times a second. A change in the same process wakes its poller at once, and a Redis message, if Redis is set up,
wakes those of all processes. A page that reconnects sends the last revision it saw, so that a lost message costs
a quarter of a second and never a change. Before each revision, and with each ping, a few queries check which of the
listeners of all topics concerned may still listen.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import defaultdict
from contextvars import Context
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, TypeVar

import orjson
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import DatabaseError, connections, transaction
from django.http import StreamingHttpResponse

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Collection, Hashable, Iterable, Iterator, Mapping

logger = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")
L = TypeVar("L", bound="Hashable")

POLL_SECONDS = 0.25
PING_SECONDS = 15.0
QUEUE_SIZE = 16
CHANNEL = "collab-streams"
SOURCES: list[Source[Any]] = []


class Gone(Exception):
    """The listener may no longer listen."""


class Source(Generic[L]):
    """Polls the revisions of watched topics and sends each new one to the topic's listeners.

    ``read`` returns the revisions of the given topics; ``admit`` takes the listeners of topics and returns, for each
    topic, those who may still listen.
    """

    def __init__(
        self,
        read: Callable[[Collection[int]], dict[int, int]],
        admit: Callable[[Mapping[int, Collection[L]]], Mapping[int, Collection[L]]],
    ) -> None:
        self._read, self._admit = read, admit
        self._waiting: dict[int, dict[asyncio.Queue[Any], L]] = defaultdict(dict)
        self._seen: dict[int, int] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wake = asyncio.Event()
        SOURCES.append(self)

    def wake(self) -> None:
        """Poll now; callable from any thread."""
        if self._loop and self._loop.is_running():
            self._loop.call_soon_threadsafe(self._wake.set)

    async def watch(self, topic: int, since: int, listener: L) -> AsyncIterator[int | None]:
        """Yield each revision of ``topic`` after ``since``, and None every 15 s as a ping.

        Raises `Gone` when the listener may no longer listen.
        """
        queue: asyncio.Queue[Any] = asyncio.Queue(QUEUE_SIZE)
        self._start()
        self._waiting[topic][queue] = listener
        last = since
        try:
            if self._seen.get(topic, since) > since:
                last = self._seen[topic]
                yield last
            self._wake.set()
            while True:
                revision = await queue.get()
                if revision is Gone:
                    raise Gone
                if revision is None or revision > last:
                    last = revision or last
                    yield revision
        finally:
            self._waiting[topic].pop(queue, None)
            if not self._waiting[topic]:
                self._waiting.pop(topic, None)
                self._seen.pop(topic, None)

    def _start(self) -> None:
        """Start the poller on the running event loop, unless it runs there already."""
        loop = asyncio.get_running_loop()
        if self._loop is loop and self._tasks and not self._tasks[0].done():
            return
        self._loop, self._wake = loop, asyncio.Event()
        self._waiting, self._seen = defaultdict(dict), {}
        # Without a context of their own, the tasks would use the first reader's thread, which ends with it.
        self._tasks = [loop.create_task(work(), context=Context()) for work in (self._poll, self._ping)]
        if settings.REDIS_URL:
            self._tasks.append(loop.create_task(self._listen(), context=Context()))

    async def _poll(self) -> None:
        while True:
            self._wake.clear()
            if self._waiting:
                with _errors_logged():
                    await self._publish_revisions()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), POLL_SECONDS)

    async def _publish_revisions(self) -> None:
        found = await read(self._read, list(self._waiting))
        new = {topic: revision for topic, revision in found.items() if self._seen.get(topic) != revision}
        await self._dismiss(new)
        for topic, revision in new.items():
            if topic in self._waiting:
                self._seen[topic] = revision
                self._send(topic, revision)

    async def _ping(self) -> None:
        while True:
            await asyncio.sleep(PING_SECONDS)
            topics = list(self._waiting)
            with _errors_logged():
                await self._dismiss(topics)
            for topic in topics:
                self._send(topic, None)

    async def _dismiss(self, topics: Iterable[int]) -> None:
        """Disconnect listeners who may no longer listen to ``topics``."""
        waiting = {topic: dict(self._waiting[topic]) for topic in topics if self._waiting.get(topic)}
        if not waiting:
            return
        admitted = await read(self._admit, {topic: set(found.values()) for topic, found in waiting.items()})
        for topic, found in waiting.items():
            for queue, listener in found.items():
                if listener not in admitted[topic]:
                    _put(queue, Gone)
                    self._waiting.get(topic, {}).pop(queue, None)

    def _send(self, topic: int, revision: int | None) -> None:
        for queue in self._waiting.get(topic, ()):
            if revision is not None or queue.empty():  # a ping never displaces a revision
                _put(queue, revision)

    async def _listen(self) -> None:
        """Wake the poller on Redis messages; while Redis is down, only the interval wakes it."""
        from redis import asyncio as redis

        while True:
            try:
                async with redis.from_url(settings.REDIS_URL) as client, client.pubsub() as pubsub:
                    await pubsub.subscribe(CHANNEL)
                    async for _message in pubsub.listen():
                        self._wake.set()
            except (OSError, redis.RedisError):
                await asyncio.sleep(2)


def _put(queue: asyncio.Queue[Any], item: object) -> None:
    if queue.full():  # a slow page only needs the newest revision
        queue.get_nowait()
    queue.put_nowait(item)


@contextlib.contextmanager
def _errors_logged() -> Iterator[None]:
    """Log any error and continue: every open page depends on the poller's tasks."""
    try:
        yield
    except Exception:
        logger.warning("The stream's source could not ask the database; it tries again.", exc_info=True)


async def read(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Query the database from a stream, in one of a few threads shared by all streams.

    A thread keeps its connection, since a new one costs more than the query, and drops it after an error.
    """

    def ask() -> T:
        try:
            return work(*args, **kwargs)
        except DatabaseError:
            connections.close_all()
            raise

    return await sync_to_async(ask, thread_sensitive=False)()


def publish_on_commit() -> None:
    """Wake the pollers of all processes after commit; an unreachable Redis is no error."""
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
    """Format one server-sent event."""
    head = f"id: {id}\n" if id is not None else ""
    return f"{head}event: {name}\ndata: ".encode() + orjson.dumps(data) + b"\n\n"


RETRY = b"retry: 1000\n\n"


def stream_response(events: AsyncIterator[bytes]) -> StreamingHttpResponse:
    """Return a streaming response that is never cached, buffered or compressed."""
    headers = {"Cache-Control": "no-cache, no-transform", "X-Accel-Buffering": "no"}
    return StreamingHttpResponse(events, content_type="text/event-stream", headers=headers)
