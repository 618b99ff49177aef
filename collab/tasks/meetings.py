"""Meetings that nobody closed."""

from celery import shared_task

from collab.services import endings


@shared_task(name="collab.end_idle_meetings")
def end_idle_meetings() -> None:
    """Close those that everybody has left an hour ago."""
    endings.end_idle_meetings()
