"""Tasks of the inbox. They import the services, and with them pandas, only when they run."""

from __future__ import annotations

from celery import shared_task

from teams.jobs.services.jobs import run_job


@shared_task(name="datareview.take_delivery")
def take_delivery(job_id: int) -> None:
    """Load a file that came by itself, or stop it."""
    from datareview.inbox.services.taking import take_delivery_job

    run_job(job_id, take_delivery_job)


@shared_task(name="datareview.watch_inboxes")
def watch_inboxes() -> None:
    """Take files from watched folders."""
    from datareview.inbox.services.folder import watch_folders

    watch_folders()
