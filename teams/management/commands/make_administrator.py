"""`manage.py make_administrator`: for a school that nobody administers any more."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction

from teams.account.services.administrators import make_administrator
from teams.directory.models import School, User
from teams.lib.errors import DomainError
from teams.management.base import ProductCommand, first_password_hint


class Command(ProductCommand):
    """Makes a person administrator of a school, also one who left it or has no account yet."""

    help = "Make a person administrator of a school. Make sure first that the school wants it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the address and the school."""
        parser.add_argument("email", help="the address that the person signs in with")
        parser.add_argument("--school", required=True, help="the name of the school")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Give the role, or raise CommandError with the reason."""
        school = School.objects.filter(name=options["school"]).first()
        if school is None:
            raise CommandError("There is no school of that name.")
        email = options["email"].lower()
        try:
            validate_email(email)
            user = User.objects.filter(email__iexact=email).first() or User.objects.create_user(email)
            make_administrator(user, school=school)
        except (ValidationError, DomainError) as error:
            raise CommandError(" ".join(getattr(error, "messages", [str(error)]))) from error
        user.refresh_from_db()
        self.stdout.write(f"{user.email} administers {school}.")
        if not user.has_usable_password():
            self.stdout.write(first_password_hint(user.email))
