"""The task of imports. It imports the services, and with them pandas, only when it runs."""

from __future__ import annotations

from celery import shared_task

from teams.jobs.services.jobs import run_job


@shared_task(name="datareview.read_import")
def read_import(job_id: int) -> None:
    """Read the header of a file."""
    from datareview.imports.services.reading import read_job

    run_job(job_id, read_job)
