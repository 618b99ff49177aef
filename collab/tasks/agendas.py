"""Agendas that fill themselves, and decisions that are looked at again."""

from celery import shared_task

from collab.services import decisions, endings, queue
from teams.jobs.services.batches import in_turn


@shared_task(name="collab.gather_agendas")
def gather_agendas() -> None:
    """Call off what nobody started, compute what came of decisions, bring what is due to every next meeting."""
    in_turn("collab.gather_agendas", endings.lapse_meetings, decisions.check_decisions, queue.gather_all)
