"""What the commands of this project share."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from teams.mail.queries import mail_is_configured
from teams.operation.queries import missing_migrations


def first_password_hint(email: str) -> str:
    """How an account without a password gets one on this server."""
    if mail_is_configured():
        return f"{email} signs in after setting a password at /accounts/password/reset/."
    return f"{email} has no password yet. Set one with ./dev manage changepassword {email}."


class ProductCommand(BaseCommand):
    """A command that reads or writes the product's rows. Refuses a database that ./dev migrate has not prepared."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run the command, or raise CommandError with the command to run first."""
        if missing_migrations():
            raise CommandError("The database is not that of this version. Run ./dev migrate first.")
        return super().execute(*args, **options)
