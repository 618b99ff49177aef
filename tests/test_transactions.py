"""The watch over transactions finds loops, processes, connections and written files inside them, and nothing outside."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest
from django.db import connection, transaction

from datareview.imports.services.files import start_undo
from datareview.loading.services.undoing import undo_job
from datareview.records.models import Score, Student
from teams.jobs.models import Job
from tests.factories.imports import Quiet, load, today
from tests.transactions import MOST_ROWS, MOST_STATEMENTS, findings

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


def write_rows(many):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE many_rows (n integer)")
        cursor.executemany("INSERT INTO many_rows VALUES (%s)", [(n,) for n in range(many)])


@pytest.mark.skipif(connection.vendor != "sqlite", reason="Others write meanwhile")
@pytest.mark.parametrize(("many", "found"), [(MOST_ROWS, False), (MOST_ROWS + 1, True)])
def test_a_service_that_writes_many_rows_at_once_is_found(many, found):
    service(lambda: write_rows(many))()
    assert findings() == [f"teams.nowhere.services.work: {many} rows"] * found


@pytest.mark.sweep
def test_a_large_file_is_written_and_undone_in_short_transactions(cast):
    """The watch fails this test if not. Every part is a transaction of its own, whatever the number of rows."""
    students = Student.objects.bulk_create(
        Student(school=cast.school, local_id=str(20_000 + n), grade=4) for n in range(MOST_ROWS + 100)
    )
    lines = [f"{student.local_id},{today(cast)},{n % 90},orf" for n, student in enumerate(students)]
    row = load(cast, "student_id,date,score,measure\n" + "\n".join(lines))
    assert Score.objects.filter(imported_by=row).count() == MOST_ROWS + 100
    start_undo(row, actor=cast.ada)
    undo_job(Job(payload={"import": row.pk}), Quiet())
    assert not Score.objects.filter(imported_by=row).exists()


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
