"""Real workers and a real broker: what happens if one is killed."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time

import pytest
from django.conf import settings

from teams.directory.models import School
from teams.jobs.models import Job
from teams.jobs.services import jobs
from tests.faults.tasks import QUICKLY
from tests.processes import ROOT
from tests.servers import PATIENCE, wait_until

pytestmark = [pytest.mark.process, pytest.mark.django_db(transaction=True)]
TASKS = "tests.faults.tasks"
NO_REDIS = "redis://127.0.0.1:1/0"


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    for name, value in QUICKLY.items():
        monkeypatch.setattr(jobs, name, value)


@pytest.fixture
def gate(tmp_path):
    return tmp_path / "gate"


def start(gate) -> Job:
    return jobs.start_job("tests.add_schools", school=None, actor=None, payload={"gate": str(gate)})


def reached(job: Job, **values) -> bool:
    job.refresh_from_db()
    return all(getattr(job, name) == value for name, value in values.items())


def test_a_worker_does_a_job_and_shows_progress_before_it_commits(programs, gate):
    programs.worker(tasks=TASKS)
    job = start(gate)
    wait_until(lambda: reached(job, state="running"), "The job was not taken.")
    wait_until(lambda: jobs.with_progress(job).progress_done == 1, "No progress was seen.")
    assert School.objects.count() == 0
    gate.touch()
    wait_until(lambda: reached(job, state="done"), "The job did not finish.")
    assert (job.result, job.progress_done, School.objects.count()) == ({"schools": 2}, 2, 2)


def test_the_job_of_a_killed_worker_leaves_nothing_half_done_and_finishes_with_the_next(programs, gate):
    worker = programs.worker(tasks=TASKS)
    job = start(gate)
    wait_until(lambda: jobs.with_progress(Job.objects.get(pk=job.pk)).progress_done == 1, "It did not begin.")
    worker.kill()
    assert School.objects.count() == 0
    programs.worker(tasks=TASKS)
    gate.touch()
    wait_until(lambda: jobs.sweep_jobs() == 1, "The sweeper did not find it.")
    wait_until(lambda: reached(job, state="done"), "The job did not finish.")
    assert (job.attempt, School.objects.count()) == (2, 2)
    assert set(School.objects.values_list("name", flat=True)) == {"First of attempt 2", "Second of attempt 2"}


def test_two_messages_of_one_job_do_it_once(programs, gate):
    programs.worker(tasks=TASKS)
    programs.worker(tasks=TASKS)
    gate.touch()
    job = start(gate)
    for _again in range(4):
        jobs.enqueue(job.kind, job.pk)
    wait_until(lambda: reached(job, state="done"), "The job did not finish.")
    time.sleep(1)
    assert (School.objects.count(), job.attempt) == (2, 1)


def test_saving_does_not_wait_for_an_unavailable_broker_and_its_job_is_done_later(programs, gate):
    code = (
        "import time; waits = []; time.sleep = waits.append\n"
        "import django; django.setup()\n"
        "from teams.jobs.services.jobs import start_job\n"
        f"start_job('tests.add_schools', school=None, actor=None, payload={{'gate': {str(gate)!r}}})\n"
        "print(sum(waits))"
    )
    saved = subprocess.run(
        [sys.executable, "-c", code],
        env={**programs.environment, "REDIS_URL": NO_REDIS},
        cwd=ROOT,
        text=True,
        capture_output=True,
        check=True,
        timeout=PATIENCE,
    )
    assert float(saved.stdout) == 0
    assert "the broker does not answer" in saved.stderr
    job = Job.objects.get()
    gate.touch()
    programs.worker(tasks=TASKS)
    assert job.state == "queued"
    wait_until(lambda: jobs.sweep_jobs() == 1, "The sweeper did not find it.")
    wait_until(lambda: reached(job, state="done"), "The job did not finish.")


def test_beat_and_worker_sweep_automatically(programs, gate):
    """The production path: only beat calls the sweeper."""
    gate.touch()
    job = Job.objects.create(kind="tests.add_schools", payload={"gate": str(gate)})  # its message was lost
    programs.worker(tasks=TASKS)
    schedule = "{'sweep': {'task': 'teams.sweep_jobs', 'schedule': 0.5}}"
    code = (
        "import django; django.setup()\n"
        f"from collab.config.celery import app; app.conf.beat_schedule = {schedule}\n"
        "app.Beat(max_interval=0.5, loglevel='WARNING').run()"
    )
    program = programs.folder / "beat_quickly.py"
    program.write_text(code)
    programs.environment["PYTHONPATH"] = f"{programs.folder}:{ROOT}"
    programs.start("beat", "beat_quickly")
    wait_until(lambda: reached(job, state="done"), "The job did not finish.")


def test_pages_work_while_redis_is_unavailable(programs, cast, client):
    import urllib.request

    address = programs.web(REDIS_URL=NO_REDIS)
    client.force_login(cast.ana, backend="teams.account.backends.ScopeBackend")
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    request = urllib.request.Request(f"{address}/", headers={"Cookie": cookie})
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        assert answer.status == 200


@pytest.mark.skipif(bool(settings.REDIS_URL), reason="Redis has no folder")
def test_a_worker_survives_the_folder_of_its_queue(programs, gate):
    worker = programs.worker(tasks=TASKS)
    shutil.rmtree(settings.QUEUE_DIR)
    gate.touch()
    job = start(gate)
    wait_until(lambda: reached(job, state="done"), "The job did not finish.")
    assert worker.process.poll() is None
