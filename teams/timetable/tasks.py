"""Tasks of timetable files."""

from __future__ import annotations

from celery import shared_task

from teams.jobs.services.jobs import run_job
from teams.timetable import services


@shared_task(name="teams.check_timetable")
def check_timetable(job_id: int) -> None:
    """Check a timetable file."""
    run_job(job_id, services.check_timetable_file)


@shared_task(name="teams.apply_timetable")
def apply_timetable(job_id: int) -> None:
    """Apply a checked timetable file."""
    run_job(job_id, services.apply_timetable_file)
