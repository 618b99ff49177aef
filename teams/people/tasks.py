"""The task that closes the accounts of those whose last day has passed."""

from celery import shared_task

from teams.account.services import leaving


@shared_task(name="teams.close_ended_accounts")
def close_ended_accounts() -> None:
    """Close accounts of people who work at no school any more."""
    leaving.close_ended_accounts()
