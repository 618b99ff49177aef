"""The stream of a live meeting, read from a real server."""

import http.client
import socket
import threading
import uuid
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from collab.discussion import services as contributions
from collab.room.services import lifecycle
from teams.directory.models import TeamMember
from tests.servers import PATIENCE, wait_until

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]


class Listener:
    """Reads a stream in a thread; ``events`` are the names received."""

    def __init__(self, address: str, path: str, cookie: str) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)
        self.connection.request("GET", path, headers={"Cookie": cookie})
        self.socket = self.connection.sock
        self.response = self.connection.getresponse()
        self.events: list[str] = []
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        try:
            for line in self.response:
                if line.startswith(b"event: "):
                    self.events.append(line[7:].strip().decode())
        except (OSError, ValueError, AttributeError):
            pass  # the test is over

    def close(self) -> None:
        """Stop reading. Closing the connection alone would wait until the thread has read the next line."""
        self.socket.shutdown(socket.SHUT_RDWR)
        self.connection.close()

    def wait_for(self, name: str) -> None:
        """Wait until the event has arrived."""
        wait_until(lambda: name in self.events, f"No {name}.")


@pytest.fixture
def live(cast):
    return lifecycle.start_meeting(cast.meeting, actor=cast.ana)


@pytest.fixture
def listen(programs, client, settings):
    address = programs.web()
    listeners = []

    def listen(user, meeting, since):
        client.force_login(user, backend="teams.account.backends.ScopeBackend")
        cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
        path = reverse("collab:meeting-stream", args=[meeting.uuid]) + f"?since={since}"
        listeners.append(Listener(address, path, cookie if user else ""))
        return listeners[-1]

    yield listen
    for listener in listeners:
        listener.close()


def test_a_contribution_reaches_another_screen(cast, live, listen):
    listener = listen(cast.tom, live, live.revision)
    assert listener.response.status == 200
    contributions.add_contribution(
        live.items.get(state="current"), actor=cast.ana, kind="notice", text="Now", client_key=uuid.uuid4()
    )
    listener.wait_for("contributions")


def test_a_reconnecting_screen_gets_what_it_missed(cast, live, listen):
    contributions.add_contribution(
        live.items.get(state="current"), actor=cast.ana, kind="notice", text="Missed", client_key=uuid.uuid4()
    )
    listener = listen(cast.tom, live, live.revision)
    listener.wait_for("contributions")


def test_removed_members_are_notified_and_disconnected(cast, live, listen):
    listener = listen(cast.tom, live, live.revision)
    TeamMember.objects.get(staff=cast.staff.tom).delete()
    listener.wait_for("signed-out")
    assert listener.events == ["alive", "signed-out"]


def test_a_stranger_gets_no_stream(cast, live, listen):
    assert listen(cast.zed, live, 0).response.status == 404


def test_an_expired_session_is_shown_on_the_page(cast, live, listen, client):
    listener = listen(cast.tom, live, live.revision)
    client.logout()
    contributions.add_contribution(
        live.items.get(state="current"), actor=cast.ana, kind="notice", text="After", client_key=uuid.uuid4()
    )
    listener.wait_for("signed-out")
