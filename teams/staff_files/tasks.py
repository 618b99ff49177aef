"""Tasks of files of people."""

from __future__ import annotations

from functools import partial

from celery import shared_task

from teams.checked_files.services import apply_file, check_file, undo_file
from teams.jobs.services.jobs import run_job
from teams.staff_files.kind import PEOPLE


@shared_task(name="teams.check_staff_file")
def check_staff_file(job_id: int) -> None:
    """Check a file of people."""
    run_job(job_id, partial(check_file, PEOPLE))


@shared_task(name="teams.apply_staff_file")
def apply_staff_file(job_id: int) -> None:
    """Apply a checked file of people."""
    run_job(job_id, partial(apply_file, PEOPLE))


@shared_task(name="teams.undo_staff_file")
def undo_staff_file(job_id: int) -> None:
    """Undo an applied file of people."""
    run_job(job_id, partial(undo_file, PEOPLE))
