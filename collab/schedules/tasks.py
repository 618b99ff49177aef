"""The solver's task."""

from __future__ import annotations

from celery import shared_task

from collab.schedules.services import solve_job
from teams.jobs.services.jobs import run_job


@shared_task(name="collab.solve_schedule")
def solve_schedule(job_id: int) -> None:
    """Run the search in the worker."""
    run_job(job_id, solve_job)
