"""The poller of live streams, with a dictionary instead of the database."""

import asyncio
from contextlib import aclosing, suppress

import pytest

from teams.lib import streams
from tests.servers import PATIENCE


class Revisions:
    """The revisions that the source reads, with the number of reads."""

    def __init__(self, **topics: int) -> None:
        self.topics = {int(name[1:]): revision for name, revision in topics.items()}
        self.asked: list[list[int]] = []
        self.broken = False
        self.sent_away: set[str] = set()

    def read(self, topics):
        self.asked.append(sorted(topics))
        if self.broken:
            raise RuntimeError("gone")
        return {topic: self.topics[topic] for topic in topics}

    def admit(self, waiting):
        if self.broken:
            raise RuntimeError("gone")
        return {topic: set(listeners) - self.sent_away for topic, listeners in waiting.items()}


@pytest.fixture(autouse=True)
def quick(monkeypatch, settings):
    settings.REDIS_URL = ""
    monkeypatch.setattr(streams, "POLL_SECONDS", 0.01)
    monkeypatch.setattr(streams, "PING_SECONDS", 3600)  # in tests of something else, none comes between
    # The source has no database here, and the tests' own connections must stay open.
    monkeypatch.setattr(streams.connections, "close_all", lambda: None)


def run(work):
    """Run ``work()``, then stop the source's tasks together with its loop."""
    return asyncio.run(asyncio.wait_for(work(), PATIENCE))


async def until(condition):
    """Wait until ``condition()`` is true."""
    while not condition():
        await asyncio.sleep(0.005)


def test_a_reader_gets_revisions_newer_than_its_own():
    revisions = Revisions(t1=5)

    async def work():
        async with aclosing(
            streams.Source(revisions.read, revisions.admit).watch(1, since=3, listener="ana")
        ) as watch:
            first = await anext(watch)
            revisions.topics[1] = 6
            return [first, await anext(watch)]

    assert run(work) == [5, 6]


def test_an_up_to_date_reader_gets_only_keepalives(monkeypatch):
    revisions = Revisions(t1=5)
    monkeypatch.setattr(streams, "PING_SECONDS", 0.05)

    async def work():
        async with aclosing(
            streams.Source(revisions.read, revisions.admit).watch(1, since=5, listener="ana")
        ) as watch:
            return await anext(watch)

    assert run(work) is None


def test_one_query_serves_every_reader():
    revisions = Revisions(t1=1, t2=1)

    async def work():
        source = streams.Source(revisions.read, revisions.admit)
        readers = [source.watch(topic, since=0, listener="ana") for topic in (1, 2, 1, 2, 1)]
        heard = await asyncio.gather(*(anext(reader) for reader in readers))
        for reader in readers:
            await reader.aclose()
        return heard

    assert run(work) == [1, 1, 1, 1, 1]
    assert all(asked in ([1], [2], [1, 2]) for asked in revisions.asked)
    assert len(revisions.asked) < 5


def test_a_late_reader_gets_the_known_revision_at_once():
    revisions = Revisions(t1=7)

    async def work():
        source = streams.Source(revisions.read, revisions.admit)
        early = source.watch(1, since=0, listener="ana")
        await anext(early)
        late = source.watch(1, since=2, listener="ana")
        revisions.broken = True
        heard = await anext(late)
        await early.aclose()
        await late.aclose()
        return heard

    assert run(work) == 7


def test_a_short_database_outage_loses_no_change(caplog):
    revisions = Revisions(t1=1)

    async def work():
        source = streams.Source(revisions.read, revisions.admit)
        watch = source.watch(1, since=1, listener="ana")
        waiting = asyncio.ensure_future(anext(watch))
        await until(lambda: revisions.asked)
        revisions.broken, asked = True, len(revisions.asked)
        await until(lambda: len(revisions.asked) > asked + 1)
        revisions.topics[1], revisions.broken = 2, False
        heard = await waiting
        await watch.aclose()
        return heard

    assert run(work) == 2
    assert "tries again" in caplog.text


def test_a_slow_reader_gets_the_newest_and_holds_no_more_than_its_queue(monkeypatch):
    revisions = Revisions(t1=0)
    monkeypatch.setattr(streams, "PING_SECONDS", 0.05)

    async def work():
        source = streams.Source(revisions.read, revisions.admit)
        watch = source.watch(1, since=0, listener="ana")
        assert await anext(watch) is None
        for revision in range(1, 60):
            revisions.topics[1] = revision
            await asyncio.sleep(0.015)
        (queue,) = source._waiting[1]
        assert queue.qsize() <= streams.QUEUE_SIZE
        heard = 0
        while heard < 59:
            heard = await anext(watch) or heard
        await watch.aclose()
        return heard

    assert run(work) == 59


def test_keepalives_displace_no_change_for_a_slow_reader(monkeypatch):
    revisions = Revisions(t1=0)
    monkeypatch.setattr(streams, "PING_SECONDS", 0.005)

    async def work():
        source = streams.Source(revisions.read, revisions.admit)
        async with aclosing(source.watch(1, since=0, listener="ana")) as watch:
            await anext(watch)
            revisions.topics[1] = 1
            await asyncio.sleep(0.5)
            heard = None
            while heard is None:
                heard = await anext(watch)
            return heard

    assert run(work) == 1


async def listen(reader):
    """Listen until disconnected."""
    async for _heard in reader:
        pass


@pytest.mark.parametrize("tells", [True, False], ids=["at a change", "at a sign of life"])
def test_listeners_who_lose_permission_are_disconnected(monkeypatch, tells):
    revisions = Revisions(t1=1)
    if not tells:
        monkeypatch.setattr(streams, "PING_SECONDS", 0.2)

    async def work():
        source = streams.Source(revisions.read, revisions.admit)
        ana, tom = (source.watch(1, since=1, listener=name) for name in ("ana", "tom"))
        waiting = [asyncio.ensure_future(anext(ana)), asyncio.ensure_future(listen(tom))]
        await until(lambda: len(source._waiting.get(1, ())) == 2)
        revisions.sent_away.add("tom")
        revisions.topics[1] += tells
        heard = await asyncio.gather(*waiting, return_exceptions=True)
        held = [len(queues) for queues in source._waiting.values()]
        await ana.aclose()
        return heard, held

    (ana, tom), held = run(work)
    assert (ana, type(tom), held) == (2 if tells else None, streams.Gone, [1])


def test_no_revision_is_sent_while_the_check_of_listeners_fails():
    revisions = Revisions(t1=1)

    async def work():
        source = streams.Source(revisions.read, revisions.admit)
        async with aclosing(source.watch(1, since=1, listener="tom")) as watch:
            waiting = asyncio.ensure_future(anext(watch))
            await until(lambda: source._seen.get(1) == 1)
            source._admit = lambda waiting: 1 / 0
            revisions.topics[1], asked = 2, len(revisions.asked)
            await until(lambda: len(revisions.asked) > asked + 2)
            assert not waiting.done()
            source._admit = revisions.admit
            return await waiting

    assert run(work) == 2


def test_nothing_is_kept_of_a_reader_who_left():
    revisions = Revisions(t1=5)

    async def work():
        source = streams.Source(revisions.read, revisions.admit)
        reader = asyncio.ensure_future(anext(source.watch(1, since=5, listener="ana")))
        await until(lambda: list(source._waiting) == [1])
        reader.cancel()
        with suppress(asyncio.CancelledError):
            await reader
        return dict(source._waiting), source._seen

    assert run(work) == ({}, {})


def test_a_source_continues_with_a_new_event_loop():
    revisions = Revisions(t1=5)
    source = streams.Source(revisions.read, revisions.admit)

    async def work():
        async with aclosing(source.watch(1, since=0, listener="ana")) as watch:
            return await anext(watch)

    assert [run(work), run(work)] == [5, 5]


def test_an_event_is_written_as_the_standard_says():
    assert streams.event("clock", {"left": 3}, id=7) == b'id: 7\nevent: clock\ndata: {"left":3}\n\n'
    assert streams.event("removed") == b"event: removed\ndata: null\n\n"


def test_a_stream_is_neither_cached_nor_buffered():
    async def nothing():
        yield streams.RETRY

    response = streams.stream_response(nothing())
    assert response["Content-Type"] == "text/event-stream"
    assert response["Cache-Control"] == "no-cache, no-transform"
    assert response["X-Accel-Buffering"] == "no"
