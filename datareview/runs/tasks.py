"""Tasks of trend runs."""

from __future__ import annotations

from celery import shared_task

from datareview.runs.services.runs import run_part_job, start_nightly_runs
from teams.jobs.services.jobs import run_job


@shared_task(name="datareview.run_part")
def run_part(job_id: int) -> None:
    """Compute one part of a run."""
    run_job(job_id, run_part_job)


@shared_task(name="datareview.run_nightly")
def run_nightly() -> None:
    """Start the nightly run of every school where it is past two o'clock and there is no run today."""
    start_nightly_runs()
