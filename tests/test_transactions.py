"""The watch over transactions finds loops, processes, connections and written files inside them, and nothing outside."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest
from django.db import connection, transaction

from tests.transactions import MOST_STATEMENTS, findings

pytestmark = pytest.mark.django_db


def service(work):
    """``work`` in a transaction, as a service of ours."""
    work.__module__, work.__qualname__ = "teams.nowhere.services", "work"
    return transaction.atomic(work)


def run(times):
    with connection.cursor() as cursor:
        for _time in range(times):
            cursor.execute("SELECT 1")


def connect():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass


def start():
    subprocess.run([sys.executable, "-c", ""], check=True)


def write(path):
    with open(path, "ab"):  # noqa: PTH123 (as storage does)
        pass


@pytest.mark.parametrize(
    ("work", "found"),
    [
        (lambda: run(MOST_STATEMENTS), []),
        (
            lambda: run(MOST_STATEMENTS + 1),
            [f"teams.nowhere.services.work: {MOST_STATEMENTS + 1} statements"],
        ),
        (start, ["teams.nowhere.services.work: subprocess.Popen"]),
        (connect, ["teams.nowhere.services.work: socket.connect"]),
        (lambda: write(os.devnull), ["teams.nowhere.services.work: open /dev/null"]),
    ],
    ids=["few statements", "many statements", "process", "network", "file"],
)
def test_what_a_service_does_in_a_transaction_is_found(work, found):
    def body():
        work()

    service(body)()
    assert findings() == found


def test_an_inner_transaction_belongs_to_the_outer_one():
    def outer():
        for _time in range(MOST_STATEMENTS + 1):
            service(lambda: run(1))()

    service(outer)()
    assert findings() == [f"teams.nowhere.services.work: {MOST_STATEMENTS + 1} statements"]


def test_what_others_do_and_what_comes_before_or_after_is_not_found():
    with transaction.atomic():  # of a test
        run(MOST_STATEMENTS + 1)
        start()
    start()
    service(lambda: run(1))()
    connect()
    run(MOST_STATEMENTS + 1)
    assert findings() == []


def test_a_service_that_fails_is_no_longer_watched():
    def fail():
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 (raised here)
        service(fail)()
    start()
    assert findings() == []
