"""What a worker does for replays."""

from __future__ import annotations

from celery import shared_task

from datareview.replays import services
from teams.jobs.services.jobs import run_job


@shared_task(name=services.REPLAY)
def replay_rule(job_id: int) -> None:
    """Replay a rule on earlier terms."""
    run_job(job_id, services.replay_rule)
