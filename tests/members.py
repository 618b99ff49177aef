"""Simulated participants of a live meeting: each listens, fetches updates, writes, and retries.

They do what a browser does in the room, without rendering, on asyncio streams, so hundreds fit beside the
server on one machine. Rows are kept as the page would show them, with the time they first appeared.
"""

from __future__ import annotations

import asyncio
import re
import time
import uuid
from contextlib import aclosing, suppress
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.test import Client
from django.urls import reverse

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable

    from collab.agendas.models import AgendaItem
    from teams.directory.models import User

ROW = re.compile(r'<li id="said-([0-9a-f-]{36})".*?<p>(.*?)</p>', re.DOTALL)
DRAWN = re.compile(r"room-revision: (\d+)")
TOKEN = "t" * 32
RETRY_SECONDS = 0.3
BROKEN = (OSError, asyncio.IncompleteReadError)


class Member:
    """One person with a page open on ``item``. Create it in the main thread, then run it on an event loop."""

    def __init__(self, address: str, item: AgendaItem, user: User) -> None:
        client = Client()
        client.force_login(user, backend="teams.account.backends.ScopeBackend")
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.host = urlsplit(address).netloc
        self.cookie = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={TOKEN}"
        self.page = item.meeting.get_absolute_url()
        self.stream = reverse("collab:meeting-stream", args=[item.meeting.uuid])
        self.writes_to = reverse("collab:contribution-add", args=[item.meeting.uuid, item.uuid])
        self.rows: dict[str, str] = {}
        self.seen: dict[str, float] = {}
        self.sent: dict[str, float] = {}
        self.took: list[float] = []
        self.statuses: list[int] = []
        self.failures: list[int] = []
        self.heard: list[str] = []
        self.is_out = False
        self.drawn = self.revision = 0
        self._changed = asyncio.Event()
        self._turn = asyncio.Lock()
        self._line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    @property
    def texts(self) -> list[str]:
        """Texts on the page, from top to bottom."""
        return list(self.rows.values())

    async def stay(self) -> None:
        """Keep the page open until cancelled or signed out. A second call is the same page reconnecting."""
        if not self.drawn:
            await self.fetch(whole=True)
            self.revision = self.drawn
        following = asyncio.create_task(self._follow())
        try:
            while not self.is_out:
                with suppress(*BROKEN):
                    async with aclosing(self._listen()) as events:
                        async for name, revision in events:
                            self._hear(name, revision)
                await asyncio.sleep(RETRY_SECONDS)
        finally:
            following.cancel()

    async def say(self, text: str, *, kind: str = "notice") -> int:
        """Add a contribution, retrying with the same key until the server answers. Returns the status."""
        form = {"kind": kind, "text": text, "client_key": str(uuid.uuid4())}
        self.sent[text] = time.monotonic()
        status = await self._retry("POST", self.writes_to, form)
        self.took.append(time.monotonic() - self.sent[text])
        return status

    async def fetch(self, *, whole: bool = False) -> int:
        """Fetch what the page lacks, or everything. Returns the status."""
        if whole:
            self.drawn = 0
        return await self._retry("GET", f"{self.page}?region=contributions")

    async def close(self) -> None:
        """Close the connection."""
        if self._line:
            self._line[1].close()
            with suppress(*BROKEN):
                await self._line[1].wait_closed()
            self._line = None

    def _hear(self, name: str, revision: int) -> None:
        self.heard.append(name)
        self.revision = max(self.revision, revision)
        if name == "signed-out":
            self.is_out = True
        elif name in ("contributions", "room"):
            self._changed.set()

    async def _follow(self) -> None:
        """Send one request at a time; events received meanwhile trigger the next."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            await self.fetch()

    async def _retry(self, method: str, path: str, form: dict[str, object] | None = None) -> int:
        while True:
            with suppress(*BROKEN):
                async with self._turn:
                    status, head, body = await self._ask(method, path, urlencode(form) if form else "")
                if status < 500:
                    self.statuses.append(status)
                    if status == 200:
                        self._draw(head, body)
                    return status
                self.failures.append(status)
            await self.close()
            await asyncio.sleep(RETRY_SECONDS)

    def _draw(self, head: str, body: str) -> None:
        """Apply a response as the page would: append updates, replace on anything else."""
        if 'id="contributions"' in body:
            self.rows = {}
        now = time.monotonic()
        for key, text in ROW.findall(body):
            self.rows[key] = unescape(text)
            self.seen.setdefault(self.rows[key], now)
        if found := DRAWN.search(head):
            self.drawn = int(found[1])

    async def _ask(self, method: str, path: str, form: str) -> tuple[int, str, str]:
        if self._line and self._line[0].at_eof():  # the server closed an idle connection
            await self.close()
        if self._line is None:
            self._line = await self._connect()
        reader, writer = self._line
        lines = ["HX-Request: true", f"X-CSRFToken: {TOKEN}"]
        if self.drawn:
            lines.append(f"Room-Drawn: {self.drawn}")
        if form:
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(form)}"]
        writer.write(self._head(method, path, lines) + form.encode())
        status, head = await self._status(reader)
        length = re.search(r"content-length: (\d+)", head)
        return status, head, (await reader.readexactly(int(length[1]) if length else 0)).decode()

    async def _listen(self) -> AsyncIterator[tuple[str, int]]:
        """Yield events as (name, revision), until the server ends the stream."""
        reader, writer = await self._connect()
        try:
            writer.write(self._head("GET", self.stream, [f"Last-Event-ID: {self.revision}"]))
            status, _head = await self._status(reader)
            if status >= 500:
                return  # reconnect, as a browser would
            if status != 200:
                self.statuses.append(status)
                yield "signed-out", 0
                return
            revision = 0
            while line := await reader.readline():
                if line.startswith(b"id: "):
                    revision = int(line[4:])
                elif line.startswith(b"event: "):
                    yield line[7:].strip().decode(), revision
        finally:
            writer.close()
            with suppress(*BROKEN):
                await writer.wait_closed()

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        host, port = self.host.split(":")
        return await asyncio.open_connection(host, int(port), limit=2**20)

    def _head(self, method: str, path: str, lines: Iterable[str]) -> bytes:
        first = f"{method} {path} HTTP/1.1"
        return "\r\n".join([first, f"Host: {self.host}", f"Cookie: {self.cookie}", *lines, "", ""]).encode()

    @staticmethod
    async def _status(reader: asyncio.StreamReader) -> tuple[int, str]:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        return int(head.split(" ", 2)[1]), head
