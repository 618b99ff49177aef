"""What a worker does for plans."""

from __future__ import annotations

from celery import shared_task

from datareview.plans.services import worked


@shared_task(name=worked.KEEP)
def keep_worked() -> None:
    """Keep what worked here, once a month."""
    worked.keep_worked_everywhere()
