"""`manage.py confirm_address`: let the owner of an address that was never proven start anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import transaction

from teams.account.services.leaving import take_keys
from teams.directory.models import User
from teams.logs.security import log_security_event
from teams.management.base import ProductCommand


class Command(ProductCommand):
    """Removes password, second factors and sessions of an account whose address was never proven."""

    help = "Confirm whose address it is: its password and sessions end, and other schools can add the person."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the address."""
        parser.add_argument("email", help="the address that the person signs in with")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """End the password, or raise CommandError if no account has such an address."""
        user = User.objects.filter(email__iexact=options["email"], has_unproven_address=True).first()
        if user is None:
            raise CommandError("No one signs in with that address, or it is proven already.")
        take_keys(user)
        log_security_event("address confirmed", person=user)
        self.stdout.write(f"{user.email} has no password now. Set one for its owner with “changepassword”.")
