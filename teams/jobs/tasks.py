"""The sweeper's task."""

from celery import shared_task

from teams.jobs.services import jobs


@shared_task(name="teams.sweep_jobs")
def sweep_jobs() -> None:
    """Resend lost jobs."""
    jobs.sweep_jobs()
