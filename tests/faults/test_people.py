"""People on a real server: one who asks for much at once, and one whose access ends while everything of theirs is open."""

from __future__ import annotations

import asyncio
import http.client
import uuid
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from collab.config.asgi import A_SESSION
from collab.followup.models import TeachingChange
from collab.meetings.services.feeds import make_feed
from collab.room.services import lifecycle
from teams.documents.models import Document
from teams.documents.queries import rights_at
from teams.jobs.models import Job
from tests.factories.meetings import current
from tests.faults.pages import pages_of
from tests.members import Member
from tests.servers import PATIENCE, wait_until

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]
TWELVE = 12


def cookie_of(user) -> str:
    """The header of a browser in which ``user`` is signed in."""
    client = Client()
    client.force_login(user, backend="teams.account.backends.ScopeBackend")
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def ask(address: str, path: str, cookie: str) -> tuple[int, str]:
    """The status of a page and where it leads; no redirect is followed."""
    line = http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)
    try:
        line.request("GET", path, headers={"Cookie": cookie})
        answer = line.getresponse()
        answer.read()
        return answer.status, answer.headers.get("Location", "")
    finally:
        line.close()


def test_twelve_slow_pages_of_one_person_do_not_keep_another_from_home(cast, programs, tmp_path):
    gate, reached = tmp_path / "gate", tmp_path / "reached"
    address = programs.web(
        application="tests.faults.slow_pages:application", GATE=str(gate), REACHED=str(reached)
    )
    ana, tom, slow = cookie_of(cast.ana), cookie_of(cast.tom), reverse("datareview:dashboard-show")
    with ThreadPoolExecutor(TWELVE) as tabs:
        asked = [tabs.submit(ask, address, slow, ana) for _tab in range(TWELVE)]
        try:
            wait_until(
                lambda: reached.exists() and len(reached.read_text().split()) == A_SESSION, "None waits."
            )
            assert ask(address, "/", tom) == (200, "")
            assert reached.read_text().split() == [str(cast.ana.pk)] * A_SESSION
        finally:
            gate.touch()
        assert {one.result() for one in asked} == {(200, "")}
    assert len(reached.read_text().split()) == TWELVE


def test_whose_access_ends_loses_stream_feeds_links_files_and_pages_at_once(cast, programs):
    """Everything is open and works; then an operator ends Tom's access, in another process."""
    item = current(lifecycle.start_meeting(cast.meeting, actor=cast.ana))
    feed = make_feed(cast.tom, team=cast.team)
    change = TeachingChange.objects.create(
        item=item, teacher=cast.staff.tom, text="Pairs read aloud", client_key=uuid.uuid4()
    )
    job = Job.objects.create(kind="teams.make_document", school=cast.school, state=Job.State.DONE)
    rights = rights_at(cast.tom, cast.school)
    file = Document.objects.create(
        owner=cast.tom, job=job, name="x", digest="x", content=b"%PDF-", rights=rights
    )
    address, cookie = programs.web(), cookie_of(cast.tom)
    feed_path = reverse("collab:feed-read", args=[feed.token])
    paths = [
        "/",
        item.meeting.get_absolute_url(),
        f"/changes/{change.uuid}/",
        reverse("teams:document-download", args=[file.uuid]),
    ]
    assert {ask(address, path, cookie)[0] for path in (*paths, feed_path)} == {200}
    tom, ana = Member(address, item, cast.tom), Member(address, item, cast.ana)

    def end() -> None:
        call_command("end_access", cast.tom.email)
        connection.close()

    async def meeting() -> None:
        async with pages_of([tom, ana]):
            await tom.say("While I was here")
            await asyncio.to_thread(end)
            async with asyncio.timeout(PATIENCE):
                while not tom.is_out:
                    await asyncio.sleep(0.02)
            await ana.say("Among ourselves")

    asyncio.run(meeting())
    assert tom.heard[-1] == "signed-out"
    assert "Among ourselves" not in tom.texts
    asked = [ask(address, path, cookie) for path in paths]
    assert asked == [(302, f"/accounts/login/?next={path}") for path in paths]
    assert ask(address, feed_path, cookie)[0] == 404
    assert not Document.objects.filter(owner=cast.tom).exists()
