"""Computing the figures of many students in a worker before the page shows them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from datareview.cohorts.queries import cohort_of
from datareview.reports.queries.kept import are_kept, basis_of, kept_figures
from teams.jobs.models import SOON, Job
from teams.jobs.services.jobs import start_job
from teams.lib import clock
from teams.lib.request_cache import request_cache

if TYPE_CHECKING:
    from datareview.reports.queries.kept import Basis
    from teams.directory.models import User
    from teams.jobs.services.jobs import Progress

MANY = 1_000  # students
PREPARE = "datareview.prepare_report"


def is_prepared_first(basis: Basis, *, actor: User) -> bool:
    """Whether a worker computes the figures, and the page has to wait: those of many students that are not kept yet.

    Starts the job. Without a worker, or where nothing is kept, the page computes them itself.
    """
    if len(basis.grades) <= MANY or are_kept(basis):
        return False
    last = Job.objects.filter(kind=PREPARE, dedupe_key=basis.key).order_by("-pk").first()
    if last and (last.waits_long or (last.finished_at and clock.now() - last.finished_at < SOON)):
        return False
    payload = {"of": basis.cohort.key, "since": basis.since.isoformat()}
    start_job(PREPARE, school=basis.cohort.school, actor=actor, payload=payload, dedupe_key=basis.key)
    return True


def prepare_report(job: Job, progress: Progress) -> dict[str, Any]:
    """Compute the figures of a job of `is_prepared_first`, unless who asked for them may no longer see the students."""
    with request_cache():
        if job.requested_by is None or job.school is None:
            return {}
        cohort = cohort_of(job.requested_by, job.school, job.payload["of"])
        if cohort is not None:
            kept_figures(basis_of(cohort, dt.date.fromisoformat(job.payload["since"])))
    progress.step(1, 1)
    return {}
