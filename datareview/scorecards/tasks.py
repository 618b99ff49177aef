"""What a worker does for scorecards."""

from __future__ import annotations

from celery import shared_task

from datareview.scorecards import services
from teams.jobs.services.jobs import run_job


@shared_task(name=services.LEARN)
def learn_scorecard(job_id: int) -> None:
    """Learn a scorecard from earlier terms."""
    run_job(job_id, services.learn)
