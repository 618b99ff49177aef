"""`manage.py load_file`: import a file from the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.management.base import CommandError, CommandParser

from datareview.imports.models import Import
from teams.directory.models import School, User
from teams.lib.errors import DomainError
from teams.lib.parameters import int_or_none
from teams.management.base import ProductCommand


class Command(ProductCommand):
    """Uploads, checks and applies a file; with --dry-run no data are imported."""

    help = "Load a file of students, scores, attendance, incidents, grades or the roster into a school."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add file, school, user, and the mapping of columns."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--school", required=True, help="the school's name")
        parser.add_argument("--as", dest="email", required=True, help="email address of its administrator")
        parser.add_argument("--kind", choices=Import.Kind.values)
        parser.add_argument(
            "--map", nargs="*", default=[], metavar="FIELD=COLUMN", help="student=id_student …"
        )
        parser.add_argument(
            "--set", nargs="*", default=[], metavar="OPTION=VALUE", help="day_zero=2026-09-01 …"
        )
        parser.add_argument(
            "--measure", nargs="*", default=[], metavar="COLUMN=NAME", help="columns that are measures"
        )
        parser.add_argument(
            "--confirm", action="store_true", help="apply even if many stored values would change"
        )
        parser.add_argument("--dry-run", action="store_true", help="only check")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the import in this process and print the result."""
        from datareview.loading.services.now import apply_file_now, check_file_now, read_file_now

        school = School.objects.filter(name=options["school"]).first()
        user = User.objects.filter(email=options["email"].lower()).first()
        if school is None or user is None:
            raise CommandError("There is no such school, or no one with that email address.")
        try:
            with options["file"].open("rb") as file:
                name = options["file"].name
                row = read_file_now(school, actor=user, file=File(file), name=name)
            kind = options["kind"] or row.kind
            row = check_file_now(row, actor=user, kind=kind, mapping=_mapping(row, kind, options))
            self._tell(row)
            if not options["dry_run"]:
                apply_file_now(row, actor=user, confirm=options["confirm"])
                self.stdout.write("Applied. Trends and flags are computed by the worker.")
        except (DomainError, OSError) as error:
            raise CommandError(str(error)) from error

    def _tell(self, row: Import) -> None:
        counts = row.counts
        self.stdout.write(f"{counts['new']} new, {counts['changed']} changed, {counts['same']} the same.")
        for problem in row.problems.order_by("row")[:20]:
            self.stdout.write(f"  row {problem.row}, {problem.column}: {problem.value}: {problem.message}")


def _mapping(row: Import, kind: str, options: dict[str, Any]) -> dict[str, Any]:
    """The guessed mapping with what the options say; without the guess for another kind."""
    mapping = row.mapping if kind == row.kind else {"columns": {}, "options": {}}
    mapping["columns"] |= _pairs(options["map"])
    mapping["options"] |= _pairs(options["set"])
    if options["measure"]:
        mapping["measures"] = _pairs(options["measure"])
    return mapping


def _pairs(words: list[str]) -> dict[str, Any]:
    pairs = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            raise CommandError(f"Write NAME=VALUE instead of “{word}”.")
        grade = int_or_none(value) if name == "grade" else None
        pairs[name] = value if grade is None else grade
    return pairs
