"""Background jobs in one process; tests/faults runs them with real workers."""

import datetime as dt
import threading

import pytest
from django.core.cache import cache
from django.db import OperationalError, transaction

from teams.jobs.models import Job
from teams.jobs.services import jobs
from teams.lib import clock
from teams.lib import queue as sending
from teams.lib.errors import DomainError

OLD = dt.timedelta(minutes=5)


@pytest.fixture(autouse=True)
def sent(monkeypatch):
    """Collect the messages instead of sending them to a broker."""
    messages = []
    monkeypatch.setattr(sending.current_app, "send_task", lambda kind, args: messages.append((kind, *args)))
    cache.clear()
    return messages


@pytest.fixture
def job(cast):
    return Job.objects.create(kind="a.task", school=cast.school, requested_by=cast.ada, payload={"id": 7})


def aged(job, **fields):
    """Make the job five minutes old."""
    past = clock.now() - OLD
    Job.objects.filter(pk=job.pk).update(created_at=past, enqueued_at=past, heartbeat_at=past, **fields)
    cache.clear()
    job.refresh_from_db()
    return job


def test_a_job_is_sent_when_its_transaction_commits(cast, sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        job = jobs.start_job("a.task", school=cast.school, actor=cast.ada, payload={"id": 7})
        assert sent == []
    assert sent == [("a.task", job.pk)]
    assert (job.state, job.payload, job.requested_by) == ("queued", {"id": 7}, cast.ada)


def test_a_job_of_a_failed_transaction_is_neither_stored_nor_sent(
    cast, sent, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(DomainError), transaction.atomic():
        jobs.start_job("a.task", school=cast.school, actor=cast.ada, payload={})
        raise DomainError("no")
    assert (sent, Job.objects.count()) == ([], 0)


def test_a_second_job_of_the_same_key_is_the_first_one(cast, sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        first = jobs.start_job("a.task", school=cast.school, actor=cast.ada, payload={}, dedupe_key="x")
        second = jobs.start_job("a.task", school=cast.school, actor=cast.pia, payload={}, dedupe_key="x")
    assert second == first
    assert sent == [("a.task", first.pk)]


def test_a_finished_job_leaves_its_key(cast):
    first = jobs.start_job("a.task", school=cast.school, actor=cast.ada, payload={}, dedupe_key="x")
    jobs.run_job(first.pk, lambda job, progress: None)
    assert jobs.start_job("a.task", school=cast.school, actor=cast.ada, payload={}, dedupe_key="x") != first


def test_a_missing_broker_fails_no_save(cast, monkeypatch, django_capture_on_commit_callbacks, caplog):
    def refuse(kind, args):
        raise ConnectionError("refused")

    monkeypatch.setattr(sending.current_app, "send_task", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        job = jobs.start_job("a.task", school=cast.school, actor=cast.ada, payload={})
    assert Job.objects.get().state == "queued"
    assert f"Job {job.pk} (a.task) waits: the broker does not answer (ConnectionError)." in caplog.text


def test_work_gets_the_job_and_its_result_is_stored(job):
    def work(job, progress):
        progress.step(3, 3, "rows")
        return {"rows": job.payload["id"]}

    jobs.run_job(job.pk, work)
    job.refresh_from_db()
    assert (job.state, job.result, job.attempt, job.error) == ("done", {"rows": 7}, 1, "")
    assert (job.progress_done, job.progress_total, job.progress_note) == (3, 3, "rows")
    assert job.finished_at >= job.started_at


def test_progress_is_seen_while_the_work_is_in_its_transaction(job):
    seen = []

    def work(job, progress):
        with transaction.atomic():
            progress.step(10, 10, "rows")
            seen.append(jobs.with_progress(Job.objects.get(pk=job.pk)).progress_done)

    jobs.run_job(job.pk, work)
    assert seen == [10]


def test_a_domain_error_is_stored_word_for_word(job):
    def work(job, progress):
        raise DomainError("The file has no column “Score”.")

    jobs.run_job(job.pk, work)
    job.refresh_from_db()
    assert (job.state, job.error) == ("failed", "The file has no column “Score”.")


def test_an_unexpected_error_is_stored_as_a_sentence_and_logged_in_full(job, caplog):
    jobs.run_job(job.pk, lambda job, progress: 1 / 0)
    job.refresh_from_db()
    assert job.state == "failed"
    assert job.error == "Something went wrong on our side. Nothing was left half done. Please try again."
    assert "ZeroDivisionError" in caplog.text


def test_a_database_that_went_away_leaves_the_job_to_the_sweeper(job, caplog):
    def work(job, progress):
        raise OperationalError("server closed the connection")

    jobs.run_job(job.pk, work)
    job.refresh_from_db()
    assert job.state == "running"
    assert "the sweeper sends it again" in caplog.text


def test_a_finished_job_is_not_run_again(job):
    runs = []
    for _twice in range(2):
        jobs.run_job(job.pk, lambda job, progress: runs.append(1))
    assert runs == [1]


def test_a_running_job_is_not_started_again(job):
    runs = []

    def work(job, progress):
        runs.append("outer")
        jobs.run_job(job.pk, lambda job, progress: runs.append("inner"))

    jobs.run_job(job.pk, work)
    assert runs == ["outer"]


def test_a_deleted_job_is_ignored(db):
    jobs.run_job(404, lambda job, progress: pytest.fail("ran"))


def test_a_worker_that_was_replaced_stores_nothing(job):
    def work(job, progress):
        Job.objects.filter(pk=job.pk).update(attempt=2, result={"by": "the other"})
        return {"by": "the late one"}

    jobs.run_job(job.pk, work)
    job.refresh_from_db()
    assert job.result == {"by": "the other"}


def test_the_sweeper_leaves_live_jobs_alone(job, sent):
    assert (jobs.sweep_jobs(), sent) == (0, [])


def test_the_sweeper_sends_a_lost_message_again_once(job, sent):
    aged(job)
    assert [jobs.sweep_jobs(), jobs.sweep_jobs()] == [1, 0]
    assert sent == [("a.task", job.pk)]


def test_the_sweeper_sends_the_job_of_a_dead_worker_and_it_runs_again(job, sent):
    aged(job, state="running", attempt=1)
    assert jobs.sweep_jobs() == 1
    jobs.run_job(job.pk, lambda job, progress: {"ok": True})
    job.refresh_from_db()
    assert (job.state, job.attempt, job.result) == ("done", 2, {"ok": True})


def test_a_heartbeat_in_the_cache_keeps_a_job_alive(job, sent):
    aged(job, state="running", attempt=1)
    jobs.Progress(job).beat()
    assert jobs.sweep_jobs() == 0
    jobs.run_job(job.pk, lambda job, progress: pytest.fail("ran beside its worker"))


def test_the_sweeper_gives_up_after_five_attempts(job, sent):
    aged(job, state="running", attempt=5)
    assert (jobs.sweep_jobs(), sent) == (0, [])
    job.refresh_from_db()
    assert job.state == "failed"
    assert job.error.startswith("This was tried five times")


def test_the_sweeper_waits_for_a_missing_broker(job, monkeypatch):
    def refuse(kind, args):
        raise ConnectionError

    aged(job)
    monkeypatch.setattr(sending.current_app, "send_task", refuse)
    assert jobs.sweep_jobs() == 0
    job.refresh_from_db()
    assert clock.now() - job.enqueued_at > OLD - dt.timedelta(minutes=1)


def test_the_heartbeat_runs_beside_the_work_and_stops_with_it(job, monkeypatch):
    monkeypatch.setattr(jobs, "BEAT_SECONDS", 0.01)
    beats = []
    monkeypatch.setattr(jobs.Progress, "beat", lambda self: beats.append(threading.current_thread().name))

    def work(job, progress):
        while beats.count("job-heartbeat") < 3:
            pass

    jobs.run_job(job.pk, work)
    assert "job-heartbeat" not in {thread.name for thread in threading.enumerate()}


def test_sentences_are_in_the_requesters_language(job, cast, settings):
    from django.utils import translation

    cast.ada.language = "es"
    cast.ada.save()
    spoken = []
    jobs.run_job(job.pk, lambda job, progress: spoken.append(translation.get_language()))
    assert spoken == ["es"]
