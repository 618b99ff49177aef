"""The outbox's task."""

from celery import shared_task

from teams.mail.services import sending


@shared_task(name="teams.send_mail")
def send_mail(_job_id: int = 0) -> None:
    """Send the emails that are due."""
    sending.send_waiting()
