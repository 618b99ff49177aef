"""`manage.py end_access`: end a person's access at once."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import transaction

from teams.account.services.leaving import end_access
from teams.directory.models import School, User
from teams.management.base import ProductCommand


class Command(ProductCommand):
    """Ends a person's access at one school, or everywhere: sessions, open meetings, calendar links, second factors."""

    help = "End a person's access at once, at one school or everywhere. What they wrote stays."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the address, and the school if it is only one."""
        parser.add_argument("email", help="the address that the person signs in with")
        parser.add_argument("--school", help="only at the school with this name; everywhere if left out")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """End the access, or raise CommandError if there is no such person or school."""
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError("No one signs in with that address.")
        school = None
        if options["school"]:
            school = School.objects.filter(name=options["school"], staff__user=user).first()
            if school is None:
                raise CommandError("This person has not worked at a school of that name.")
        schools = end_access(user, school=school)
        names = ", ".join(str(one) for one in schools) or "no school (had ended before)"
        self.stdout.write(f"Access ended at: {names}.")
        if user.is_active:
            self.stdout.write("The account stays open: the person works at another school.")
