"""The outbox's task."""

from celery import shared_task

from teams.mail import services as mail


@shared_task(name="teams.send_mail")
def send_mail(_job_id: int = 0) -> None:
    """Send the emails that are due."""
    mail.send_waiting()
