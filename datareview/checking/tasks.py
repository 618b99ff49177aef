"""The task of checking. It imports the services, and with them pandas, only when it runs."""

from __future__ import annotations

from celery import shared_task

from teams.jobs.services.jobs import run_job


@shared_task(name="datareview.check_import")
def check_import(job_id: int) -> None:
    """Check a file."""
    from datareview.checking.services.checking import check_job

    run_job(job_id, check_job)
