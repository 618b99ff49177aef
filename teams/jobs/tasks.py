"""The sweeper's tasks."""

from celery import shared_task

from teams.jobs.services import jobs
from teams.lib import sent_forms


@shared_task(name="teams.sweep_jobs")
def sweep_jobs() -> None:
    """Resend lost jobs, and record that the worker is alive."""
    jobs.record_worker_alive()
    jobs.sweep_jobs()


@shared_task(name="teams.forget_sent_forms")
def forget_sent_forms() -> None:
    """Forget forms sent more than a day ago."""
    sent_forms.forget_sent_forms()
