"""Neither a person's requests nor streams make others wait for a thread."""

from __future__ import annotations

import asyncio
import json
import threading

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import translation

from collab.config import asgi
from tests.servers import PATIENCE

STREAM = "/meetings/00000000-0000-0000-0000-000000000007/stream/"


class SlowPages(asgi.Handler):
    """Pages of ``/slow/`` wait until `gate` opens; it records who is being answered."""

    def __init__(self):
        super().__init__()
        self.gate, self.lock = threading.Event(), threading.Lock()
        self.answered, self.now, self.most = [], 0, 0

    def _answer(self, request):
        with self.lock:
            self.now += 1
            self.most = max(self.most, self.now)
        if request.path == "/slow/":
            assert self.gate.wait(PATIENCE)
        with self.lock:
            self.now -= 1
            self.answered.append(request.path)
        return HttpResponse(request.path)


@pytest.fixture
def handler():
    handler = SlowPages()
    yield handler
    handler.gate.set()


def request(path, session=""):
    made = RequestFactory().get(path)
    if session:
        made.COOKIES[settings.SESSION_COOKIE_NAME] = session
    return made


def run(work):
    return asyncio.run(asyncio.wait_for(work, PATIENCE))


def test_twelve_slow_pages_of_one_person_leave_threads_for_others(handler):
    async def work():
        twelve = [
            asyncio.ensure_future(handler.run_get_response(request("/slow/", "ana"))) for _n in range(12)
        ]
        home = await handler.run_get_response(request("/", "tom"))
        others = list(handler.answered)
        handler.gate.set()
        return home, others, await asyncio.gather(*twelve)

    home, others, slow = run(work())
    assert (home.content, others) == (b"/", ["/"])
    assert [response.status_code for response in slow] == [200] * 12
    assert handler.most <= asgi.A_SESSION + 1
    assert handler._sessions == {}


def test_reloading_a_slow_page_takes_no_further_thread(handler):
    """A reload ends the request but not its thread."""

    async def work():
        for _n in range(2 * asgi.THREADS):
            left = asyncio.ensure_future(handler.run_get_response(request("/slow/", "ana")))
            await asyncio.sleep(0.01)
            left.cancel()
            await asyncio.wait([left])
        while handler.now < asgi.A_SESSION:
            await asyncio.sleep(0.01)
        home = await handler.run_get_response(request("/", "tom"))
        others, most = list(handler.answered), handler.most
        last = asyncio.ensure_future(handler.run_get_response(request("/", "ana")))
        await asyncio.sleep(0)
        handler.gate.set()
        await last
        while handler._sessions:  # until its other threads are done
            await asyncio.sleep(0.01)
        return home, others, most, last.result()

    home, others, most, last = run(work())
    assert (home.content, others, last.content) == (b"/", ["/"], b"/")
    assert most == asgi.A_SESSION + 1


def test_slow_pages_in_every_thread_do_not_delay_a_stream_nor_streams_a_page(handler):
    async def work():
        slow = [
            asyncio.ensure_future(handler.run_get_response(request("/slow/", f"person {n}")))
            for n in range(asgi.THREADS + 2)
        ]
        stream = await handler.run_get_response(request(STREAM, "person 0"))
        answered = list(handler.answered)
        handler.gate.set()
        await asyncio.gather(*slow)
        return stream, answered

    stream, answered = run(work())
    assert (stream.content, answered) == (STREAM.encode(), [STREAM])


def test_too_many_requests_at_once_of_one_person_are_refused(handler, monkeypatch):
    monkeypatch.setattr(asgi, "MOST_WAITING", 1)

    async def work():
        most = asgi.A_SESSION + 1
        waiting = [
            asyncio.ensure_future(handler.run_get_response(request("/slow/", "ana"))) for _n in range(most)
        ]
        await asyncio.sleep(0)
        refused = await handler.run_get_response(request("/", "ana"))
        others = await handler.run_get_response(request("/", "tom"))
        handler.gate.set()
        return refused, others, await asyncio.gather(*waiting)

    refused, others, waiting = run(work())
    assert (refused.status_code, refused["Retry-After"], others.status_code) == (429, "2", 200)
    assert {response.status_code for response in waiting} == {200}
    said = json.loads(refused["HX-Trigger"])["collab:say"]
    assert (said["level"], said["text"] in refused.content.decode()) == ("error", True)


def test_a_refusal_is_in_the_language_of_the_browser(monkeypatch):
    monkeypatch.setattr(asgi, "_", lambda text: f"{translation.get_language()}: {text}")
    refused = asgi.too_many_requests(RequestFactory().get("/", headers={"Accept-Language": "es"}))
    assert "es: Your browser sent too many requests" in refused.content.decode()
    assert '<html lang="es">' in refused.content.decode()


def test_people_who_are_not_signed_in_do_not_wait_for_each_other(handler):
    async def work():
        slow = [
            asyncio.ensure_future(handler.run_get_response(request("/slow/")))
            for _n in range(asgi.THREADS - 1)
        ]
        page = await handler.run_get_response(request("/"))
        handler.gate.set()
        await asyncio.gather(*slow)
        return page

    assert run(work()).status_code == 200
    assert handler._sessions == {}
