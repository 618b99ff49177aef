"""The task of warnings."""

from celery import shared_task

from teams.operation import services


@shared_task(name="teams.warn_of_failures")
def warn_of_failures() -> None:
    """Warn the server's administrator of what keeps failing."""
    services.warn_of_failures()
