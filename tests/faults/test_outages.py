"""A room while something besides its server fails: a page's network, Valkey, the database, too many pages."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from contextlib import AsyncExitStack, aclosing, suppress
from pathlib import Path

import pytest
from django.db import connection

from collab.discussion import services as contributions
from collab.discussion.models import Contribution
from collab.room.services import lifecycle
from tests.factories.meetings import current
from tests.faults.pages import pages_of
from tests.members import Member
from tests.servers import PATIENCE, Servers

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]
STREAMS = 300


@pytest.fixture
def item(cast):
    return current(lifecycle.start_meeting(cast.meeting, actor=cast.ana))


@pytest.fixture
def valkey():
    """The test's own Valkey, to be killed."""
    # In /tmp, not in TMPDIR: a socket's path has at most 107 characters.
    servers = Servers(Path(tempfile.mkdtemp(prefix="collab-", dir="/tmp")))
    servers._start_valkey()
    yield servers
    servers.valkey.kill()
    servers.valkey.wait()
    shutil.rmtree(servers.folder)


async def until(condition) -> None:
    """Wait for ``condition()``."""
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.02)


def kept(item) -> list[str]:
    rows = Contribution.objects.filter(item=item, deleted_at=None).order_by("pk")
    texts = list(rows.values_list("text", flat=True))
    connection.close()
    return texts


def test_an_offline_member_misses_no_row_rewording_or_retraction(cast, item, programs):
    address = programs.web()
    ana, tom = Member(address, item, cast.ana), Member(address, item, cast.tom)

    def change():
        one, two = (Contribution.objects.get(text=text) for text in ("One", "Two"))
        contributions.edit_contribution(one, actor=cast.ana, kind="notice", text="One, better", version=0)
        contributions.retract_contribution(two, actor=cast.ana)
        connection.close()

    async def meeting():
        async with pages_of([ana]):
            async with pages_of([tom]):
                for text in ("One", "Two", "Three"):
                    await ana.say(text)
                await until(lambda: len(tom.rows) == 3)
            await asyncio.to_thread(change)
            await ana.say("Four")
            await ana.say("Five")
            before = tom.texts
            async with pages_of([tom]):
                await until(lambda: tom.texts == ["One, better", "Three", "Four", "Five"])
            return before

    assert asyncio.run(meeting()) == ["One", "Two", "Three"]
    assert kept(item) == tom.texts


def test_a_room_continues_without_valkey_and_after_its_return(cast, item, programs, valkey):
    redis = {"REDIS_URL": f"unix://{valkey.folder}/valkey.sock?db=0"}
    ana = Member(programs.web(**redis), item, cast.ana)
    tom = Member(programs.web(**redis), item, cast.tom)

    async def seen(text):
        assert await ana.say(text) == 200
        await until(lambda: text in tom.texts)

    async def meeting():
        async with pages_of([ana, tom]):
            await asyncio.sleep(1)
            await seen("With it")
            valkey.valkey.kill()
            await asyncio.to_thread(valkey.valkey.wait)
            await seen("Without it")
            (valkey.folder / "valkey.sock").unlink()
            await asyncio.to_thread(valkey._start_valkey)
            await seen("With it again")

    asyncio.run(meeting())
    assert kept(item) == ana.texts == tom.texts == ["With it", "Without it", "With it again"]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no connections to cut")
def test_dropped_database_connections_are_replaced(cast, item, programs):
    address = programs.web()
    ana, tom = Member(address, item, cast.ana), Member(address, item, cast.tom)

    def cut():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            cuts = cursor.rowcount
        connection.close()
        return cuts

    async def meeting():
        async with pages_of([ana, tom]):
            await ana.say("Before")
            await until(lambda: tom.texts == ["Before"])
            await asyncio.sleep(1)  # all streams are open
            cuts = await asyncio.to_thread(cut)
            await ana.say("After")
            await until(lambda: tom.texts == ["Before", "After"])
            return cuts

    connection.close()  # keep the test's own connection
    assert asyncio.run(meeting()) > 1
    assert kept(item) == ["Before", "After"]
    assert "signed-out" not in tom.heard


def test_three_hundred_open_pages_use_no_threads_or_connections(cast, item, programs):
    address = programs.web()
    ana, tom = Member(address, item, cast.ana), Member(address, item, cast.tom)
    process = Path(f"/proc/{programs.started[0].process.pid}")
    heard = []

    async def listen(stack):
        events = await stack.enter_async_context(aclosing(tom._listen()))
        heard.append(await anext(event async for event in events if event[0] != "alive"))

    def database_files():
        links = []
        for link in (process / "fd").iterdir():
            with suppress(FileNotFoundError):  # closed meanwhile
                links.append(str(link.readlink()))
        return sum(link.startswith(str(connection.settings_dict["NAME"])) for link in links)

    async def meeting():
        async with AsyncExitStack() as stack:
            stack.push_async_callback(ana.close)
            await ana.fetch(whole=True)
            tom.revision = ana.drawn
            pages = [asyncio.create_task(listen(stack)) for _n in range(STREAMS)]
            await until(lambda: len(list((process / "fd").iterdir())) >= STREAMS)
            await asyncio.sleep(3)
            await ana.say("To all of you")
            await asyncio.wait_for(asyncio.gather(*pages), PATIENCE)
            threads = (process / "status").read_text().split("Threads:")[1].split()[0]
            return int(threads), len(list((process / "fd").iterdir())), database_files()

    threads, files, of_database = asyncio.run(meeting())
    assert [name for name, _revision in heard] == ["contributions"] * STREAMS
    assert threads < 30
    assert files < STREAMS + 90
    assert of_database < 45  # a SQLite connection opens the database, its write-ahead log and the log's index
