"""`manage.py setup_code`: print a new one-time code for the first visitor of a server."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from collab.setup.services.begin import make_setup_code
from teams.management.base import ProductCommand


class Command(ProductCommand):
    """Prints a code and where to enter it. Earlier codes no longer work."""

    help = "Print a new one-time code for the page that sets up the first school."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it, or raise CommandError if someone has an account."""
        code = make_setup_code()
        if not code:
            raise CommandError(
                "Someone has an account here already. ./dev manage add_school adds another school."
            )
        self.stdout.write(
            f"Set up the first school at {settings.SITE_URL}/begin/ with the one-time code {code}"
        )
