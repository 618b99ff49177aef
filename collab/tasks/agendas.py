"""Agendas that fill themselves, and decisions that are looked at again."""

from celery import shared_task

from collab.services import decisions, queue


@shared_task(name="collab.gather_agendas")
def gather_agendas() -> None:
    """Compute what came of decisions whose day has come; bring what is due to every team's next meeting."""
    decisions.check_decisions()
    queue.gather_all()
