"""`manage.py erase_student`: delete a student with everything recorded."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.management.base import CommandError, CommandParser

from datareview.privacy.services.erasure import erase_student
from datareview.records.models import Student
from teams.directory.models import User
from teams.lib.errors import DomainError
from teams.management.base import ProductCommand


class Command(ProductCommand):
    """Erases one student of a school, after the name is typed again."""

    help = "Delete a student with all records, and the full name in what people typed. This can't be undone."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the student's number, the school, and who asks for it."""
        parser.add_argument("number", help="the school's number of the student")
        parser.add_argument("--school", required=True, help="the school's name")
        parser.add_argument("--as", dest="email", required=True, help="email address of its administrator")
        parser.add_argument("--name", required=True, help="first and last name, to be sure")

    def handle(self, *args: Any, **options: Any) -> None:
        """Erase the student and report what was left alone."""
        rows = Student.objects.filter(school__name=options["school"], local_id=options["number"])
        student, user = rows.first(), User.objects.filter(email=options["email"].lower()).first()
        if student is None or user is None or student.full_name != options["name"]:
            raise CommandError("There is no such student at that school, or no one with that email address.")
        try:
            erased = erase_student(student, actor=user)
        except PermissionDenied as error:
            raise CommandError(f"{user.email} is not an administrator of that school.") from error
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Erased. The name was replaced in {erased.texts} texts.")
        if erased.has_namesake:
            self.stdout.write("Another student has the same name, so texts with that name were left alone.")
        self.stdout.write(
            "The files that the school uploaded were deleted. Backups still have the student: delete those that do."
        )
