"""Tasks of timetable files."""

from __future__ import annotations

from functools import partial

from celery import shared_task

from teams.checked_files.services import apply_file, check_file, undo_file
from teams.jobs.services.jobs import run_job
from teams.timetable.kind import TIMETABLES


@shared_task(name="teams.check_timetable")
def check_timetable(job_id: int) -> None:
    """Check a timetable file."""
    run_job(job_id, partial(check_file, TIMETABLES))


@shared_task(name="teams.apply_timetable")
def apply_timetable(job_id: int) -> None:
    """Apply a checked timetable file."""
    run_job(job_id, partial(apply_file, TIMETABLES))


@shared_task(name="teams.undo_timetable")
def undo_timetable(job_id: int) -> None:
    """Undo an applied timetable file."""
    run_job(job_id, partial(undo_file, TIMETABLES))
