"""A worker killed during an import leaves nothing half-written, and the import finishes after a restart."""

import datetime as dt
import io
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from openpyxl import Workbook

from collab.discussion.services import add_contribution
from collab.room.services import lifecycle
from datareview.imports.models import Import
from datareview.imports.services import files
from datareview.loading.rows import A_PART
from datareview.progress.services.sessions import log_session
from datareview.records.models import Score, Student
from teams.groups.services import set_norms
from teams.jobs.services import jobs
from tests.factories.meetings import current
from tests.faults.tasks import QUICKLY
from tests.servers import wait_until

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    for name, value in QUICKLY.items():
        monkeypatch.setattr(jobs, name, value)


def imported():
    return Score.objects.filter(imported_by__isnull=False).count()


def state_of(row):
    return Import.objects.get(pk=row.pk).state


@pytest.fixture
def checked(cast, programs):
    """``checked(rows)``: a checked file with a score of that many new students, and a worker that runs."""

    def make(many, **environment):
        Student.objects.bulk_create(
            Student(school=cast.school, local_id=str(20_000 + n), grade=4) for n in range(many)
        )
        lines = [f"{20_000 + n},{40 + n % 90},{cast.school.today()}" for n in range(many)]
        content = ContentFile(("student_id,score,date\n" + "\n".join(lines)).encode())
        row = files.upload_file(cast.school, actor=cast.ada, file=content, name="many.csv")
        worker = programs.worker(tasks="tests.faults.loading", **environment)
        wait_until(lambda: state_of(row) == "uploaded", "It was not read.")
        row.refresh_from_db()
        mapping = {"columns": row.mapping["columns"], "options": {"measure_name": "Orf"}}
        row = files.start_check(row, actor=cast.ada, kind="scores", mapping=mapping)
        wait_until(lambda: state_of(row) == "checked", "It was not checked.")
        row.refresh_from_db()
        return row, worker

    return make


@pytest.mark.parametrize("part", [0, 1])
def test_a_killed_worker_leaves_a_file_that_the_next_one_applies_and_undoes_whole(
    cast, programs, checked, part
):
    """On SQLite each part stays, on PostgreSQL none; in the end there is every score once, and then none."""
    row, worker = checked(7_000, KILL_IN_PART=str(part))
    row = files.start_apply(row, actor=cast.ada)
    wait_until(lambda: worker.process.poll() is not None or "exited" in worker.output, "It was not killed.")
    worker.kill()
    assert imported() == (part * A_PART if connection.vendor == "sqlite" else 0)
    second = programs.worker(tasks="tests.faults.tasks")
    wait_until(lambda: (jobs.sweep_jobs(), state_of(row) == "applied")[1], "It did not finish.")
    row.refresh_from_db()
    assert (imported(), row.counts["new"], row.writing_since) == (7_000, 7_000, None)
    second.kill()
    third = programs.worker(tasks="tests.faults.loading", KILL_IN_PART=str(part))
    row = files.start_undo(row, actor=cast.ada)
    wait_until(lambda: third.process.poll() is not None or "exited" in third.output, "It was not killed.")
    third.kill()
    assert imported() == 7_000 - (part * A_PART if connection.vendor == "sqlite" else 0)
    programs.worker(tasks="tests.faults.tasks")
    wait_until(lambda: (jobs.sweep_jobs(), state_of(row) == "undone")[1], "It was not undone.")
    assert imported() == 0


def test_colleagues_save_while_a_large_file_is_applied_and_undone(cast, checked):
    """Notes in a live meeting, sessions and norms are written faster than people can: each is saved."""
    row, _worker = checked(20_000)
    lifecycle.start_meeting(cast.meeting, actor=cast.ana)
    for person in (cast.ana, cast.tom):
        lifecycle.join_meeting(cast.meeting, actor=person)
    item = current(cast.meeting)
    done = threading.Event()

    def note(person, number):
        add_contribution(item, actor=person, kind="notice", text=f"Note {number}", client_key=uuid.uuid4())

    def session(person, number):
        log_session(cast.plan, actor=person, held_on=cast.plan.starts_on + dt.timedelta(days=number))

    def norms(person, number):
        set_norms(cast.team, actor=person, lines=[f"Norm {number}"])

    def save(work, person, most):
        saved = 0
        try:
            while not done.is_set() and saved < most:
                work(person, saved)
                saved += 1
                time.sleep(0.03)
        finally:
            connection.close()
        return saved

    days = (cast.school.today() - cast.plan.starts_on).days
    with ThreadPoolExecutor(4) as people:
        writers = [
            people.submit(save, note, cast.ana, 10_000),
            people.submit(save, note, cast.tom, 10_000),
            people.submit(save, session, cast.sol, days),
            people.submit(save, norms, cast.ana, 10_000),
        ]
        try:
            row = files.start_apply(row, actor=cast.ada)
            wait_until(lambda: (jobs.sweep_jobs(), state_of(row) == "applied")[1], "It was not applied.")
            assert imported() == 20_000
            row.refresh_from_db()
            row = files.start_undo(row, actor=cast.ada)
            wait_until(lambda: (jobs.sweep_jobs(), state_of(row) == "undone")[1], "It was not undone.")
        finally:
            done.set()
        saved = [one.result() for one in writers]
    assert imported() == 0
    assert min(saved) > 0
    assert item.contributions.count() == saved[0] + saved[1]
    assert cast.plan.sessions.count() == saved[2]
    assert cast.team.norms.get().text == f"Norm {saved[3] - 1}"


def test_a_file_that_would_abort_its_reader_leaves_the_worker_alive(cast, programs):
    """A workbook of 5 kB with one cell at the far corner: its file fails, and the worker reads the next one."""
    book, content = Workbook(), io.BytesIO()
    book.active["A1"], book.active["XFD1048576"] = "student_id", 1
    book.save(content)
    upload = {"actor": cast.ada, "school": cast.school}
    far = files.upload_file(file=ContentFile(content.getvalue()), name="far.xlsx", **upload)
    worker = programs.worker(tasks="tests.faults.tasks")
    wait_until(lambda: state_of(far) == "failed", "It did not fail.")
    far.refresh_from_db()
    assert "needs more than 1024 MB of memory" in far.error
    good = files.upload_file(file=ContentFile(b"student_id,score\n1001,7\n"), name="good.csv", **upload)
    wait_until(lambda: state_of(good) == "uploaded", "It was not read.")
    assert worker.process.poll() is None
