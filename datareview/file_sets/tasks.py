"""Tasks of sets of files. They import the services, and with them pandas, only when they run."""

from __future__ import annotations

from celery import shared_task

from teams.jobs.services.jobs import run_job


@shared_task(name="datareview.check_set")
def check_set(job_id: int) -> None:
    """Read and check the files of a set."""
    from datareview.file_sets.services.working import check_set_job

    run_job(job_id, check_set_job)


@shared_task(name="datareview.load_set")
def load_set(job_id: int) -> None:
    """Apply the files of a set."""
    from datareview.file_sets.services.working import load_set_job

    run_job(job_id, load_set_job)


@shared_task(name="datareview.undo_set")
def undo_set(job_id: int) -> None:
    """Undo the files of a set."""
    from datareview.file_sets.services.working import undo_set_job

    run_job(job_id, undo_set_job)
