"""Tasks of class lists. They import the services, and with them pandas, only when they run."""

from __future__ import annotations

from celery import shared_task

from teams.jobs.services.jobs import run_job


@shared_task(name="datareview.load_class_list")
def load_class_list(job_id: int) -> None:
    """Load a class list."""
    from datareview.class_lists.services.loading import class_list_job

    run_job(job_id, class_list_job)
