"""The stream of a live meeting, read from a real server."""

import http.client
import threading
import time
import uuid
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from collab.discussion import services as contributions
from collab.room.services import lifecycle
from teams.directory.models import TeamMember

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]


class Listener:
    """Reads a stream in a thread; ``events`` holds (name, seconds since the epoch)."""

    def __init__(self, address: str, path: str, cookie: str) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=20)
        self.connection.request("GET", path, headers={"Cookie": cookie})
        self.response = self.connection.getresponse()
        self.events: list[tuple[str, float]] = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        try:
            for line in self.response:
                if line.startswith(b"event: "):
                    self.events.append((line[7:].strip().decode(), time.time()))
        except (OSError, ValueError, AttributeError):
            pass  # the test is over

    def wait_for(self, name: str, seconds: float = 5) -> float:
        """When the event came; fails when it does not."""
        end = time.time() + seconds
        while time.time() < end:
            for seen, at in self.events:
                if seen == name:
                    return at
            time.sleep(0.02)
        raise AssertionError(f"no {name} in {self.events}")


@pytest.fixture
def live(cast):
    return lifecycle.start_meeting(cast.meeting, actor=cast.ana)


@pytest.fixture
def listen(programs, client, settings):
    address = programs.web()
    listeners = []

    def listen(user, meeting, since):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
        path = reverse("collab:meeting-stream", args=[meeting.uuid]) + f"?since={since}"
        listeners.append(Listener(address, path, cookie if user else ""))
        return listeners[-1]

    yield listen
    for listener in listeners:
        listener.connection.close()


def test_a_contribution_reaches_another_screen_within_a_second(cast, live, listen):
    listener = listen(cast.tom, live, live.revision)
    time.sleep(0.6)
    assert listener.response.status == 200
    at = time.time()
    contributions.add_contribution(
        live.items.get(state="current"), actor=cast.ana, kind="notice", text="Now", client_key=uuid.uuid4()
    )
    assert listener.wait_for("contributions") - at < 1.0


def test_a_screen_that_comes_back_is_told_what_it_missed(cast, live, listen):
    contributions.add_contribution(
        live.items.get(state="current"), actor=cast.ana, kind="notice", text="Missed", client_key=uuid.uuid4()
    )
    listener = listen(cast.tom, live, live.revision)
    listener.wait_for("contributions")


def test_who_is_removed_from_the_team_is_told_so_and_hears_no_more(cast, live, listen):
    listener = listen(cast.tom, live, live.revision)
    time.sleep(0.6)
    at = time.time()
    TeamMember.objects.get(staff=cast.staff.tom).delete()
    assert listener.wait_for("signed-out") - at < 1.0
    assert [name for name, _at in listener.events] == ["signed-out"]


def test_a_stranger_gets_no_stream(cast, live, listen):
    assert listen(cast.zed, live, 0).response.status == 404


def test_an_expired_session_is_told_on_the_page(cast, live, listen, client):
    listener = listen(cast.tom, live, live.revision)
    time.sleep(0.6)
    client.logout()
    contributions.add_contribution(
        live.items.get(state="current"), actor=cast.ana, kind="notice", text="After", client_key=uuid.uuid4()
    )
    listener.wait_for("signed-out")
