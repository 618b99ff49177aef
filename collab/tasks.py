"""Agendas that fill themselves, and decisions that are looked at again."""

from __future__ import annotations

from celery import shared_task

from collab.followup.services import decisions
from collab.home import services as digests
from collab.meetings.services import invitations
from collab.planning.services import lapsing
from collab.preparation.services import agenda_mail, queue
from collab.room.services import endings
from teams.jobs.services.batches import run_steps


@shared_task(name="collab.gather_agendas")
def gather_agendas() -> None:
    """Call off what nobody started, compute what came of decisions, bring what is due to every next meeting."""
    run_steps(
        "collab.gather_agendas",
        lapsing.expire_unstarted_meetings,
        decisions.check_decisions,
        queue.fill_all_agendas,
    )


@shared_task(name="collab.send_letters")
def send_letters() -> None:
    """Invitations of the next two weeks, agendas a day before, digests in the morning; each once."""
    run_steps(
        "collab.send_letters",
        invitations.invite_coming,
        agenda_mail.publish_agendas,
        digests.send_digests,
    )


@shared_task(name="collab.end_idle_meetings")
def end_idle_meetings() -> None:
    """Close those that everybody has left an hour ago."""
    endings.end_idle_meetings()
