"""Real workers, a real broker, and a mail server that refuses, drops and dies: every email once, or its reason."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import socketserver
import subprocess
import sys
import threading
import time
from collections import Counter

import pytest

from teams.lib import clock
from teams.lib.queue import enqueue
from teams.mail.models import Mail
from teams.mail.services import outbox
from tests.processes import ROOT
from tests.servers import PATIENCE, wait_until

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]
NO_REDIS = "redis://127.0.0.1:1/0"
PEOPLE = ("ana", "tom", "gil", "sol", "cora", "pia")


class MailServer(socketserver.ThreadingTCPServer):
    """A minimal SMTP server that records mail and can misbehave. ``refuses`` are addresses it rejects."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Talk)
        self.taken: list[tuple[str, bytes]] = []
        self.refuses: set[str] = set()
        self.drops = False
        self.gate = threading.Event()
        self.gate.set()
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def port(self) -> int:
        return self.server_address[1]

    @property
    def recipients(self) -> list[str]:
        return [to for to, _letter in self.taken]


class Talk(socketserver.StreamRequestHandler):
    """One connection."""

    server: MailServer

    def handle(self) -> None:
        to = ""
        self._say(220, "ready")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"RCPT":
                to = line.decode().split("<")[1].split(">")[0]
                self._say(*((550, "nobody here") if to in self.server.refuses else (250, "yes")))
            elif word == b"DATA":
                if self.server.drops:
                    return
                self._say(354, "go on")
                email = b"".join(iter(self.rfile.readline, b".\r\n"))
                self.server.gate.wait(30)
                self.server.taken.append((to, email))
                self._say(250, "taken")
            else:
                self._say(221 if word == b"QUIT" else 250, "yes")

    def _say(self, code: int, text: str) -> None:
        self.wfile.write(f"{code} {text}\r\n".encode())


@pytest.fixture
def server():
    started = MailServer()
    yield started
    started.gate.set()
    started.shutdown()
    started.server_close()


@pytest.fixture
def worker(programs, server):
    """``worker()``: a worker that sends through the mail server; claims expire after two seconds."""

    def start(**environment):
        here = {"EMAIL_URL": f"smtp://127.0.0.1:{server.port}/"}
        return programs.worker(tasks="tests.faults.mailing", **{**here, **environment})

    return start


def emails(cast, count: int = 1, **fields) -> list[Mail]:
    users = [getattr(cast, name) for name in PEOPLE]
    return [
        outbox.queue_mail(
            users[n % len(users)],
            kind="digest",
            subject=f"Letter {n}",
            text="A promise is due, señor.",
            dedupe_key=f"letter-{n}",
            urgent=True,
            **fields,
        )
        for n in range(count)
    ]


def send_now() -> None:
    """Send mail, as beat does every minute."""
    enqueue("teams.send_mail", 0)


def all_sent(count: int) -> bool:
    return Mail.objects.exclude(sent_at=None).count() == count


def test_an_email_is_sent_after_the_commit_automatically(cast, worker, server):
    worker()
    emails(cast, calendar="BEGIN:VCALENDAR\r\nSUMMARY:Año\r\nEND:VCALENDAR\r\n", method="REQUEST")
    wait_until(lambda: all_sent(1), "It was not sent.")
    ((to, raw),) = server.taken
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert (to, message["Subject"]) == ("ana@lincoln.test", "Letter 0")
    assert message["Message-ID"].startswith(f"<{Mail.objects.get().uuid}@")
    parts = {part.get_content_type(): part for part in message.walk()}
    assert "señor" in parts["text/plain"].get_content()
    assert "SUMMARY:Año" in parts["text/calendar"].get_content()
    assert "SUMMARY:Año".encode() in parts["application/ics"].get_content()


def test_two_workers_and_many_messages_send_each_email_once(cast, worker, server):
    emails(cast, 40)
    worker()
    worker()
    for _message in range(8):
        send_now()
    wait_until(lambda: all_sent(40), "Not all were sent.")
    time.sleep(1)
    assert Counter(Counter(email for _to, email in server.taken).values()) == {1: 40}


def test_the_emails_of_a_killed_worker_are_sent_by_the_next(cast, worker, server):
    server.gate.clear()
    first = worker()
    emails(cast, 3)
    wait_until(lambda: Mail.objects.filter(attempts=1).count() == 1, "No email was claimed.")
    first.kill()
    assert Mail.objects.filter(sent_at=None).count() == 3
    server.gate.set()
    worker()

    def sent() -> bool:
        send_now()
        time.sleep(0.2)
        return all_sent(3)

    wait_until(sent, "The emails of the killed worker were not sent.")
    # The killed worker's email may have reached the server already. A mail program that gets it twice sees the
    # same Message-ID.
    ids = [email.message_from_bytes(raw)["Message-ID"] for _to, raw in server.taken]
    assert len(set(ids)) == 3
    assert len(ids) <= 4


def test_a_refused_address_delays_nobody_and_its_reason_is_kept(cast, worker, server):
    server.refuses.add("ana@lincoln.test")
    worker()
    emails(cast, 6)
    wait_until(lambda: all_sent(5), "The others were not sent.")
    wait_until(
        lambda: Mail.objects.filter(sent_at=None, error__contains="nobody here").exists(), "No reason."
    )
    refused = Mail.objects.get(to=cast.ana)
    assert (refused.attempts, refused.given_up_at) == (1, None)
    assert "ana@lincoln.test" not in server.recipients
    server.refuses.clear()
    Mail.objects.filter(pk=refused.pk).update(send_after=clock.now())
    send_now()
    wait_until(lambda: all_sent(6), "It was not tried again.")


def test_a_connection_that_breaks_is_retried(cast, worker, server):
    server.drops = True
    worker()
    begun = clock.now()
    emails(cast)
    wait_until(lambda: Mail.objects.filter(attempts=1).exclude(error="").exists(), "It was not tried.")
    server.drops = False
    row = Mail.objects.get()
    assert row.send_after - begun > dt.timedelta(seconds=30)  # it waits instead of retrying at once
    Mail.objects.update(send_after=clock.now())
    send_now()
    wait_until(lambda: all_sent(1), "It was not sent.")


def test_emails_wait_for_an_unavailable_server_and_none_is_given_up(cast, worker, server):
    port = server.port
    server.shutdown()
    server.server_close()
    worker()
    emails(cast, 3)
    for _minute in range(7):
        send_now()
    wait_until(lambda: Mail.objects.exclude(error="").count() == 3, "The reason was not stored.")
    assert set(Mail.objects.values_list("attempts", "given_up_at")) == {(0, None)}
    back = MailServer(port)
    send_now()
    wait_until(lambda: all_sent(3), "They were not sent when it was back.")
    back.shutdown()
    back.server_close()


def test_a_change_does_not_wait_for_an_unavailable_broker_and_its_emails_are_sent_later(
    cast, programs, worker, server
):
    code = (
        "import time; waits = []; time.sleep = waits.append\n"
        "import django; django.setup()\n"
        "from django.db import transaction\n"
        "from teams.directory.models import User; from teams.mail.services.outbox import queue_mail\n"
        "with transaction.atomic():\n"
        "    for user in User.objects.order_by('pk')[:6]:\n"
        "        queue_mail(user, kind='digest', subject='x', text='x', dedupe_key=user.email, urgent=True)\n"
        "print(sum(waits))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**programs.environment, "REDIS_URL": NO_REDIS},
        cwd=ROOT,
        text=True,
        capture_output=True,
        check=True,
        timeout=PATIENCE,
    )
    assert float(done.stdout) == 0
    worker()
    assert Mail.objects.filter(sent_at=None).count() == 6
    send_now()
    wait_until(lambda: all_sent(6), "They were not sent.")
    assert len(server.taken) == 6
