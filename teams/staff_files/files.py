"""Read people from a file by column names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from teams.lib.errors import DomainError
from teams.people.rows import split_name
from teams.tables.emails import name_in_email
from teams.tables.limits import Limits
from teams.tables.process import read_table_apart

if TYPE_CHECKING:
    from pathlib import Path

    from teams.tables.columns import Table

MOST_BYTES = 2 * 1024 * 1024
LIMITS = Limits(MOST_BYTES, most_rows=5_000, most_seconds=60, most_memory=512 * 2**20)
COLUMNS = ("first name", "last name", "email", "role", "staff id", "title", "teams")
# Alternative column names, in lower case.
NAMES = {
    "name": (
        "name",
        "full name",
        "teacher",
        "staff",
        "staff name",
        "teacher name",
        "nombre completo",
        "docente",
    ),
    "first name": ("first name", "first", "given name", "nombre", "firstname"),
    "last name": (
        "last name",
        "last",
        "family name",
        "surname",
        "apellido",
        "apellidos",
        "lastname",
    ),
    "email": (
        "email",
        "e-mail",
        "email address",
        "e-mail address",
        "mail",
        "work email",
        "staff email",
        "school email",
        "teacher email",
        "correo",
        "correo electrónico",
    ),
    "role": ("role", "rol", "job", "position", "staff role", "cargo"),
    "staff id": (
        "staff id",
        "id",
        "employee id",
        "staff number",
        "employee number",
        "employee #",
        "local id",
        "número de personal",
    ),
    "title": ("title", "job title", "position title", "título"),
    "teams": ("teams", "team", "equipos", "equipo"),
}
OF_STUDENTS = re.compile(
    r"student|pupil|alumno|estudiante|guardian|parent|section|course|class|grade level", re.IGNORECASE
)
ADDRESSES = 0.8  # of the rows of a list of staff have one
BETWEEN_TEAMS = re.compile(r"[;|\n]")


@dataclass(frozen=True, slots=True)
class StaffLine:
    """One row of the file, with its number (the header is row 1)."""

    number: int
    first_name: str
    last_name: str
    email: str
    role: str
    local_id: str
    title: str
    teams: tuple[str, ...]


def read_staff_file(path: Path, name: str) -> list[StaffLine]:
    """Read the rows of a CSV file or a spreadsheet, in a process of its own; DomainError if it is neither."""
    return staff_lines_of(read_table_apart(path, name, LIMITS))


def is_staff_list(table: Table) -> bool:
    """Whether a table is one of staff: with email addresses, and a role, a title or staff ids, and nothing of students."""
    places = _places_of(table.columns)
    names = {" ".join(cell.lower().replace("_", " ").split()) for cell in table.columns}
    says = {"role", "title", "teams"} & places.keys() or ({*NAMES["staff id"]} - {"id", "local id"}) & names
    if "email" not in places or not says or any(map(OF_STUDENTS.search, table.columns)):
        return False
    addresses = sum("@" in row[places["email"]] for row in table.rows)
    return bool(table.rows) and addresses >= ADDRESSES * len(table.rows)


def staff_lines_of(table: Table) -> list[StaffLine]:
    """The rows of ``table`` by its column names; DomainError if there is no column for email addresses.

    A name that is missing is guessed from the address.
    """
    places = _places_of(table.columns)
    if "email" not in places:
        raise DomainError(
            _("The first row has no column for %(missing)s. It has: %(there)s.")
            % {"missing": _("email"), "there": ", ".join(table.columns)[:200]}
        )
    rows = sorted([*zip(table.lines, table.rows, strict=True), *table.ragged])
    return [_line(number, row, places) for number, row in rows if any(row)]


def _places_of(columns: list[str]) -> dict[str, int]:
    known = {name: column for column, names in NAMES.items() for name in names}
    places: dict[str, int] = {}
    for place, cell in enumerate(columns):
        if column := known.get(" ".join(cell.lower().replace("_", " ").split())):
            places.setdefault(column, place)
    return places


def _line(number: int, row: list[str], places: dict[str, int]) -> StaffLine:
    def cell(column: str) -> str:
        place = places.get(column)
        return " ".join(row[place].split()) if place is not None and place < len(row) else ""

    first, last = cell("first name"), cell("last name")
    if not first and not last:
        first, last = split_name([cell("name")]) if cell("name") else name_in_email(cell("email"))
    place = places.get("teams")
    teams = row[place] if place is not None and place < len(row) else ""
    return StaffLine(
        number,
        first,
        last,
        cell("email").lower(),
        cell("role"),
        cell("staff id"),
        cell("title"),
        tuple(name for part in BETWEEN_TEAMS.split(teams) if (name := " ".join(part.split()))),
    )
