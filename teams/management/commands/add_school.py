"""`manage.py add_school`: create a school, its first administrator and its school year."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction

from teams.account.services.joining import give_role
from teams.directory.models import Role, School, SchoolYear, User
from teams.management.base import ProductCommand


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
        school = School(name=options["name"], time_zone=options["zone"], language=options["language"])
        try:
            school.full_clean()
            validate_email(email)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        school.save()
        today = school.today()
        first = today.year if today.month >= 7 else today.year - 1
        SchoolYear.objects.create(
            school=school,
            name=f"{first}–{(first + 1) % 100:02d}",
            starts_on=dt.date(first, 7, 1),
            ends_on=dt.date(first + 1, 6, 30),
        )
        user = User.objects.filter(email__iexact=email).first() or User.objects.create_user(email)
        give_role(user, school=school, role=Role.ADMINISTRATOR)
        self.stdout.write(
            f"{school} is ready. {email} signs in after setting a password at /accounts/password/reset/."
        )
