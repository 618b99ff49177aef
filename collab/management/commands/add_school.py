"""`manage.py add_school`: create a school, its first administrator and its school year."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction

from collab.setup.services.schools import add_school
from teams.directory.models import User
from teams.lib.errors import DomainError
from teams.management.base import ProductCommand, first_password_hint


class Command(ProductCommand):
    """Creates a school with an administrator, who sets a password through "forgot password"."""

    help = "Add a school with its administrator and this school year."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add name, administrator, time zone and language."""
        parser.add_argument("name")
        parser.add_argument("--admin", required=True, help="email address of its administrator")
        parser.add_argument("--zone", default="America/Chicago", help="time zone, like America/Chicago")
        parser.add_argument("--language", default="en", choices=["en", "es"])

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Create the rows, or raise CommandError with the reason."""
        email = options["admin"].lower()
        try:
            validate_email(email)
            user = User.objects.filter(email__iexact=email).first() or User.objects.create_user(email)
            school = add_school(
                options["name"],
                actor=None,
                administrator=user,
                time_zone=options["zone"],
                language=options["language"],
            )
        except (ValidationError, DomainError) as error:
            raise CommandError(" ".join(getattr(error, "messages", [str(error)]))) from error
        known = user.is_active and user.has_usable_password()
        self.stdout.write(f"{school} is ready. {'' if known else first_password_hint(email)}".rstrip())
