"""Tasks of student work. They import the services, and with them the readers of pictures, only when they run."""

from __future__ import annotations

from celery import shared_task

from teams.jobs.services.jobs import run_job


@shared_task(name="collab.convert_work")
def convert_work(job_id: int) -> None:
    """Convert an uploaded piece of work."""
    from collab.student_work.services import pieces

    run_job(job_id, pieces.convert_work)


@shared_task(name="collab.finish_work")
def finish_work(job_id: int) -> None:
    """Cover names on a piece of work and show it."""
    from collab.student_work.services import pieces

    run_job(job_id, pieces.finish_work)
