"""Reads files of photos. The reader of pictures is imported only when it runs."""

from __future__ import annotations

from celery import shared_task

from teams.jobs.services.jobs import run_job


@shared_task(name="datareview.read_photos")
def read_photos(job_id: int) -> None:
    """Read an uploaded file of photos."""
    from datareview.photos import services

    run_job(job_id, services.read_photos)
