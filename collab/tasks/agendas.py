"""Agendas that fill themselves."""

from celery import shared_task

from collab.services import queue


@shared_task(name="collab.gather_agendas")
def gather_agendas() -> None:
    """Bring what is due to every team's next meeting."""
    queue.gather_all()
