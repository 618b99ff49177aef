"""What the commands of this project share."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from teams.operation.queries import missing_migrations


class ProductCommand(BaseCommand):
    """A command that reads or writes the product's rows. Refuses a database that ./dev migrate has not prepared."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        """Run the command, or raise CommandError with the command to run first."""
        if missing_migrations():
            raise CommandError("The database is not that of this version. Run ./dev migrate first.")
        return super().execute(*args, **options)
