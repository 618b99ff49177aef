"""Read a timetable from a file by column names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from teams.lib.errors import DomainError
from teams.tables.limits import Limits
from teams.tables.process import read_table_apart

if TYPE_CHECKING:
    from pathlib import Path

    from teams.tables.columns import Table

MOST_BYTES = 5 * 1024 * 1024
LIMITS = Limits(MOST_BYTES, most_rows=50_000, most_seconds=60, most_memory=512 * 2**20)
COLUMNS = ("staff", "day", "period", "kind", "label")
# Alternative column names, in lower case.
NAMES = {
    "staff": ("staff", "teacher", "email", "e-mail", "name", "docente", "personal", "correo"),
    "day": ("day", "cycle day", "weekday", "día", "dia"),
    "period": ("period", "block", "slot", "hour", "período", "periodo", "bloque"),
    "kind": ("kind", "type", "duty", "tipo"),
    "label": ("label", "course", "class", "subject", "section", "room", "curso", "clase", "materia"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the file as text, with its number (the header is row 1)."""

    number: int
    staff: str
    day: str
    period: str
    kind: str
    label: str


def read_timetable(path: Path, name: str) -> list[Line]:
    """Read the rows of a CSV file or a spreadsheet, in a process of its own; DomainError if it is neither."""
    return lines_of(read_table_apart(path, name, LIMITS))


def lines_of(table: Table) -> list[Line]:
    """The rows of ``table`` by its column names; DomainError if a column is missing."""
    places = _places(table.columns)
    missing = [column for column in ("staff", "day", "period") if column not in places]
    if missing:
        raise DomainError(
            _("The first row has no column for %(missing)s. It has: %(there)s.")
            % {"missing": ", ".join(missing), "there": ", ".join(table.columns)[:200]}
        )
    # Rows with too few cells lack their last columns; rows with too many are checked by their contents.
    rows = sorted([*zip(table.lines, table.rows, strict=True), *table.ragged])
    return [
        Line(number, **{column: _at(row, places.get(column)) for column in COLUMNS}) for number, row in rows
    ]


def _places(header: list[str]) -> dict[str, int]:
    known = {name: column for column, names in NAMES.items() for name in names}
    places: dict[str, int] = {}
    for place, cell in enumerate(header):
        column = known.get(cell.strip().lower())
        if column:
            places.setdefault(column, place)
    return places


def _at(row: list[str], place: int | None) -> str:
    return row[place] if place is not None and place < len(row) else ""
