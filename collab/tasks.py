"""Periodic tasks that involve several areas."""

from __future__ import annotations

from celery import shared_task

from collab.decisions.services import checks
from collab.home import services as digests
from collab.meetings.services import invitations
from collab.planning.services import lapsing, team_ends
from collab.preparation.services import queue
from collab.publishing import services as publishing
from collab.room.services import endings
from collab.student_work import tasks as student_work
from collab.student_work.services import pieces
from teams.jobs.services.batches import run_steps

__all__ = ["student_work"]


@shared_task(name="collab.gather_agendas")
def gather_agendas() -> None:
    """Cancel meetings that were never started, archive ended teams, check decisions, delete old work, fill agendas."""
    run_steps(
        "collab.gather_agendas",
        lapsing.expire_unstarted_meetings,
        team_ends.archive_ended_teams,
        checks.check_decisions,
        pieces.delete_old_work,
        queue.fill_all_agendas,
    )


@shared_task(name="collab.send_letters")
def send_letters() -> None:
    """Send due emails, each once: invitations two weeks ahead, agendas a day ahead, morning digests."""
    run_steps(
        "collab.send_letters",
        invitations.invite_coming,
        publishing.publish_agendas,
        digests.send_digests,
    )


@shared_task(name="collab.end_idle_meetings")
def end_idle_meetings() -> None:
    """Close meetings that everybody left an hour ago."""
    endings.end_idle_meetings()
