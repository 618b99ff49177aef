"""The one mechanism for long work.

The job row is committed with the work it belongs to, its message is sent on commit, and a sweeper sends it
again when the message or the worker was lost. Progress and heartbeat go through the cache, not the
database: the work's own transaction hides its writes until the end, and SQLite has one writer. The row
gets the final counts. Work may run twice, so it must leave the same rows as running once.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
import time
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.cache import cache
from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from teams.jobs.models import Job
from teams.lib import clock
from teams.lib.errors import DomainError
from teams.lib.queue import enqueue, enqueue_on_commit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from teams.directory.models import School, User

logger = logging.getLogger(__name__)

STALE_AFTER = dt.timedelta(seconds=30)
MOST_ATTEMPTS = 5
BEAT_SECONDS = 3.0
PROGRESS_KEPT_SECONDS = 24 * 60 * 60


class Progress:
    """How far a job is, for the page that watches it; calling it often is cheap."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._state: dict[str, Any] = {"done": 0, "total": 0, "note": ""}
        self._sent = 0.0

    def step(self, done: int, total: int, note: str = "") -> None:
        """Say that ``done`` of ``total`` is finished; shown within half a second."""
        self._state = {"done": done, "total": total, "note": note}
        if done == total or time.monotonic() - self._sent > 0.5:
            self.beat()

    def beat(self) -> None:
        """Show that the worker is alive."""
        self._sent = time.monotonic()
        seen = {**self._state, "at": clock.now()}
        cache.set(_key(self._job.pk), seen, PROGRESS_KEPT_SECONDS)

    @property
    def counts(self) -> dict[str, Any]:
        """The last step, as the row's fields."""
        state = self._state
        return {
            "progress_done": state["done"],
            "progress_total": state["total"],
            "progress_note": state["note"][:200],
        }


def start_job(
    kind: str,
    *,
    school: School | None,
    actor: User | None,
    payload: dict[str, Any],
    dedupe_key: str = "",
) -> Job:
    """Make a job for task ``kind`` and send it on commit.

    With a ``dedupe_key`` that an unfinished job has already, that job is returned and nothing is sent.
    """
    make = partial(
        Job.objects.create,
        kind=kind,
        school=school,
        requested_by=actor,
        payload=payload,
        dedupe_key=dedupe_key,
    )
    try:
        with transaction.atomic():
            job = make(enqueued_at=clock.now())
    except IntegrityError:
        there = Job.objects.unfinished().exclude(dedupe_key="").filter(dedupe_key=dedupe_key).first()
        if there is not None:
            return there
        job = make(enqueued_at=clock.now())  # the other one finished between the two statements
    enqueue_on_commit(kind, job.pk)
    return job


def run_job(job_id: int, work: Callable[[Job, Progress], dict[str, Any] | None]) -> None:
    """Do ``work`` unless another worker does; store its result, or a sentence of what failed."""
    job = _claim(job_id)
    if job is None:
        return
    progress = Progress(job)
    try:
        with _heartbeat(progress), _in_words_of(job):
            result = work(job, progress)
    except DomainError as error:
        _finish(job, progress, state=Job.State.FAILED, error=str(error))
    except (OperationalError, InterfaceError):
        logger.exception("Job %s lost the database; the sweeper sends it again.", job_id)
    except Exception:
        logger.exception("Job %s failed.", job_id)
        with _in_words_of(job):
            sentence = _("Something went wrong on our side. Nothing was left half done. Please try again.")
        _finish(job, progress, state=Job.State.FAILED, error=sentence)
    else:
        _finish(job, progress, state=Job.State.DONE, result=result or {})


def sweep_jobs() -> int:
    """Send again every job whose message or worker was lost; give up after five attempts."""
    sent = 0
    for job in Job.objects.unfinished().order_by("pk"):
        if clock.now() - last_seen(job) < STALE_AFTER:
            continue
        if job.attempt >= MOST_ATTEMPTS:
            with _in_words_of(job):
                sentence = _("This was tried five times and did not finish. Ask your server’s administrator.")
            _finish(job, Progress(job), state=Job.State.FAILED, error=sentence)
            continue
        if not enqueue(job.kind, job.pk):
            break  # the broker is gone; the next sweep tries again
        Job.objects.filter(pk=job.pk).update(enqueued_at=clock.now())
        sent += 1
    return sent


def last_seen(job: Job) -> dt.datetime:
    """When a sign of life of ``job`` was last seen: sent, started, or a beat of its worker's heart."""
    beat = (cache.get(_key(job.pk)) or {}).get("at") if job.state == Job.State.RUNNING else None
    times = [job.created_at, job.enqueued_at, job.heartbeat_at, beat]
    return max(moment for moment in times if moment)


def with_progress(job: Job) -> Job:
    """``job`` with the progress its worker last told, for a page."""
    seen = cache.get(_key(job.pk)) if job.state == Job.State.RUNNING else None
    if seen:
        job.progress_done, job.progress_total, job.progress_note = seen["done"], seen["total"], seen["note"]
    return job


def _claim(job_id: int) -> Job | None:
    """Take the job if it is free or its worker is dead; compare-and-set, so that only one takes it."""
    job = Job.objects.filter(pk=job_id).first()
    if job is None or job.is_finished:
        return None
    if job.state == Job.State.RUNNING and clock.now() - _last_beat(job) < STALE_AFTER:
        return None
    taken = Job.objects.filter(pk=job_id, state=job.state, attempt=job.attempt).update(
        state=Job.State.RUNNING,
        attempt=F("attempt") + 1,
        started_at=clock.now(),
        heartbeat_at=clock.now(),
    )
    if not taken:
        return None
    job.refresh_from_db()
    return job


def _last_beat(job: Job) -> dt.datetime:
    """When the worker of a running job was last alive; being sent again is no sign of that."""
    beat = (cache.get(_key(job.pk)) or {}).get("at")
    return max(moment for moment in (job.created_at, job.heartbeat_at, beat) if moment)


def _finish(
    job: Job, progress: Progress, *, state: str, error: str = "", result: dict[str, Any] | None = None
) -> None:
    """Store the end; a worker that was taken for dead and replaced stores nothing."""
    Job.objects.filter(pk=job.pk, attempt=job.attempt).exclude(state=Job.State.DONE).update(
        state=state, error=error, result=result or {}, finished_at=clock.now(), **progress.counts
    )
    cache.delete(_key(job.pk))


@contextmanager
def _in_words_of(job: Job) -> Iterator[None]:
    """The language of who asked and the clock of the school, for every sentence and date that is stored."""
    asked = job.requested_by
    with (
        translation.override(asked.language if asked and asked.language else settings.LANGUAGE_CODE),
        timezone.override(job.school.tz if job.school else None),
    ):
        yield


@contextmanager
def _heartbeat(progress: Progress) -> Iterator[None]:
    """Beat every few seconds beside the work, however long one step of it takes."""
    stop = threading.Event()

    def beat() -> None:
        while not stop.wait(BEAT_SECONDS):
            progress.beat()

    progress.beat()
    thread = threading.Thread(target=beat, name="job-heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _key(job_id: int) -> str:
    return f"job-progress:{job_id}"
