"""A worker killed during an import leaves nothing half-written, and the import finishes after a restart."""

import io

import pytest
from django.core.files.base import ContentFile
from openpyxl import Workbook

from datareview.imports.models import Import
from datareview.imports.services import files
from datareview.records.models import Score, Student
from teams.jobs.services import jobs
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


def test_a_killed_worker_leaves_nothing_half_written_and_the_next_finishes(cast, programs):
    Student.objects.bulk_create(
        Student(school=cast.school, local_id=str(20_000 + n), grade=4) for n in range(4_000)
    )
    lines = [f"{20_000 + n},{40 + n % 90},{cast.school.today()}" for n in range(4_000)]
    content = ContentFile(("student_id,score,date\n" + "\n".join(lines)).encode())
    row = files.upload_file(cast.school, actor=cast.ada, file=content, name="many.csv")
    worker = programs.worker(tasks="tests.faults.tasks")
    wait_until(lambda: state_of(row) == "uploaded", "It was not read.")
    row.refresh_from_db()
    mapping = {"columns": row.mapping["columns"], "options": {"measure_name": "Orf"}}
    row = files.start_check(row, actor=cast.ada, kind="scores", mapping=mapping)
    wait_until(lambda: state_of(row) == "checked", "It was not checked.")
    row.refresh_from_db()
    row = files.start_apply(row, actor=cast.ada)
    wait_until(
        lambda: jobs.with_progress(type(row.job).objects.get(pk=row.job_id)).progress_done > 0,
        "It did not begin.",
    )
    worker.kill()
    assert imported() in (0, 4_000)
    programs.worker(tasks="tests.faults.tasks")
    wait_until(lambda: (jobs.sweep_jobs(), state_of(row) == "applied")[1], "It did not finish.")
    assert imported() == 4_000


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
