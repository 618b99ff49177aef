"""Start, run and retry background jobs.

The job row is committed together with the change that needs it, its message is sent on commit, and a sweeper
sends the message again if it or the worker was lost. Progress and heartbeat are kept in the cache, not the
database: the work's own transaction would hide them until the end, and SQLite has one writer. The row gets
the final counts. Work may run twice, so it must be idempotent.
"""

from __future__ import annotations

import datetime as dt
import logging
import threading
import time
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog
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
    from contextlib import AbstractContextManager

    from teams.directory.models import School, User

logger = logging.getLogger(__name__)

STALE_AFTER = dt.timedelta(seconds=30)
MOST_ATTEMPTS = 5
BEAT_SECONDS = 3.0
PROGRESS_KEPT_SECONDS = 24 * 60 * 60
WORKER_KEY = "worker-seen"


class PostponedError(DomainError):
    """The work has to wait for other work; the sweeper sends its job again, as often as necessary."""


class Progress:
    """Reports the progress of a job to the page that watches it. Frequent calls are cheap."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._state: dict[str, Any] = {"done": 0, "total": 0, "note": ""}
        self._sent = 0.0

    def step(self, done: int, total: int, note: str = "") -> None:
        """Report that ``done`` of ``total`` is finished; the page shows it within half a second."""
        self._state = {"done": done, "total": total, "note": note}
        if done == total or time.monotonic() - self._sent > 0.5:
            self.beat()

    def beat(self) -> None:
        """Record that the worker is alive."""
        self._sent = time.monotonic()
        seen = {**self._state, "at": clock.now()}
        cache.set(_key(self._job.pk), seen, PROGRESS_KEPT_SECONDS)

    @property
    def counts(self) -> dict[str, Any]:
        """The last reported step, as fields of the job row."""
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
    """Create a job for task ``kind`` and send it on commit.

    If an unfinished job already has the ``dedupe_key``, return that job and send nothing.
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
        job = make(enqueued_at=clock.now())  # the other job finished between the two statements
    enqueue_on_commit(kind, job.pk)
    return job


def run_job(job_id: int, work: Callable[[Job, Progress], dict[str, Any] | None]) -> None:
    """Claim the job and run ``work``; store its result, or a sentence about the failure."""
    job = _claim(job_id)
    if job is None:
        return
    progress = Progress(job)
    try:
        with _heartbeat(progress), _localized_for(job), _logged_as(job):
            result = work(job, progress)
    except PostponedError:
        ours = Job.objects.filter(pk=job.pk, attempt=job.attempt)
        ours.update(state=Job.State.QUEUED, attempt=F("attempt") - 1, enqueued_at=clock.now())
    except DomainError as error:
        _finish(job, progress, state=Job.State.FAILED, error=str(error))
    except (OperationalError, InterfaceError):
        with _logged_as(job):
            logger.exception("The job lost the database; the sweeper sends it again.")
    except Exception:
        with _logged_as(job):
            logger.exception("The job failed.")
        with _localized_for(job):
            sentence = _("Something went wrong on our side. Nothing was left half done. Please try again.")
        _finish(job, progress, state=Job.State.FAILED, error=sentence)
    else:
        _finish(job, progress, state=Job.State.DONE, result=result or {})


def sweep_jobs() -> int:
    """Resend every job whose message or worker was lost; give up after five attempts. Returns the number resent."""
    sent = 0
    for job in Job.objects.unfinished().order_by("pk"):
        if clock.now() - last_seen(job) < STALE_AFTER:
            continue
        if job.attempt >= MOST_ATTEMPTS:
            with _localized_for(job):
                sentence = _("This was tried five times and did not finish. Ask your server’s administrator.")
            _finish(job, Progress(job), state=Job.State.FAILED, error=sentence)
            continue
        if not enqueue(job.kind, job.pk):
            break  # the broker is down; the next sweep tries again
        Job.objects.filter(pk=job.pk).update(enqueued_at=clock.now())
        sent += 1
    return sent


def record_worker_alive() -> None:
    """Record that a worker is doing what beat asks for."""
    cache.set(WORKER_KEY, clock.now(), PROGRESS_KEPT_SECONDS)


def worker_seen_at() -> dt.datetime | None:
    """When a worker was last heard of: it swept the jobs, or works on a long one. None if never."""
    swept = cache.get(WORKER_KEY)
    beats = [_last_beat(job) for job in Job.objects.filter(state=Job.State.RUNNING)]
    return max([*beats, *([swept] if swept else [])], default=None)


def last_seen(job: Job) -> dt.datetime:
    """Time of the last activity of ``job``: sent, started, or a heartbeat of its worker."""
    beat = (cache.get(_key(job.pk)) or {}).get("at") if job.state == Job.State.RUNNING else None
    times = [job.created_at, job.enqueued_at, job.heartbeat_at, beat]
    return max(moment for moment in times if moment)


def with_progress(job: Job) -> Job:
    """``job`` with the progress last reported by its worker."""
    seen = cache.get(_key(job.pk)) if job.state == Job.State.RUNNING else None
    if seen:
        job.progress_done, job.progress_total, job.progress_note = seen["done"], seen["total"], seen["note"]
    return job


def _claim(job_id: int) -> Job | None:
    """Claim the job by compare-and-set if it is free or its worker is dead; None if another worker has it."""
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
    """Time of the last heartbeat or start of a running job; a resend does not count."""
    beat = (cache.get(_key(job.pk)) or {}).get("at")
    return max(moment for moment in (job.created_at, job.heartbeat_at, beat) if moment)


def _finish(
    job: Job, progress: Progress, *, state: str, error: str = "", result: dict[str, Any] | None = None
) -> None:
    """Store the final state, unless another worker has replaced this one."""
    Job.objects.filter(pk=job.pk, attempt=job.attempt).exclude(state=Job.State.DONE).update(
        state=state, error=error, result=result or {}, finished_at=clock.now(), **progress.counts
    )
    cache.delete(_key(job.pk))


@contextmanager
def _localized_for(job: Job) -> Iterator[None]:
    """Activate the user's language and the school's time zone for stored sentences and dates."""
    asked = job.requested_by
    with (
        translation.override(asked.language if asked and asked.language else settings.LANGUAGE_CODE),
        timezone.override(job.school.tz if job.school else None),
    ):
        yield


def _logged_as(job: Job) -> AbstractContextManager[None]:
    """Add the job, its task and the person who started it to log lines."""
    asked = job.requested_by
    return structlog.contextvars.bound_contextvars(
        job=str(job.uuid), task=job.kind, person=str(asked.uuid) if asked else None
    )


@contextmanager
def _heartbeat(progress: Progress) -> Iterator[None]:
    """Send a heartbeat every few seconds from a thread, even during long steps of the work."""
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
