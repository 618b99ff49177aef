"""`manage.py reset_second_factor`: for a person who lost phone and recovery codes."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser

from teams.account.services.second_factor import reset_second_factor
from teams.directory.models import User
from teams.management.base import ProductCommand


class Command(ProductCommand):
    """Removes a person's second factors and recovery codes, and ends their sessions."""

    help = "Remove the second factors of a person who lost them. Make sure first that it is this person who asks."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the address."""
        parser.add_argument("email", help="the address that the person signs in with")

    def handle(self, *args: Any, **options: Any) -> None:
        """Remove them, or raise CommandError if there is no such person."""
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError("No one signs in with that address.")
        factors = reset_second_factor(user)
        self.stdout.write(
            f"Second factors removed: {factors}. {user.email} signs in with the password alone."
        )
