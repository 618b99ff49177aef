"""`manage.py add_district_administrator`: for a district that nobody administers any more."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser

from collab.district.services.districts import add_administrator
from teams.directory.models import District
from teams.lib.errors import DomainError
from teams.management.base import ProductCommand


class Command(ProductCommand):
    """Lets a person who works at a school of a district administer it."""

    help = "Let a person who works at one of its schools administer a district."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the district's name and the address."""
        parser.add_argument("district")
        parser.add_argument("email", help="the address that the person signs in with")

    def handle(self, *args: Any, **options: Any) -> None:
        """Add the administrator, or raise CommandError with the reason."""
        district = District.objects.filter(name=options["district"]).first()
        if district is None:
            raise CommandError("There is no district of that name.")
        try:
            user = add_administrator(district, actor=None, email=options["email"])
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{user.email} administers {district}.")
