"""Read a timetable from a file by column names, and carry its rows through a form."""

from __future__ import annotations

import base64
import csv
import io
import zlib
from dataclasses import dataclass

from django.utils.translation import gettext as _

from teams.lib.errors import DomainError
from teams.lib.tabular import Limits, read_table

MOST_BYTES, MOST_ROWS = 5 * 1024 * 1024, 50_000
MOST_PACKED = 1_900_000  # characters that fit into a form: settings.DATA_UPLOAD_MAX_MEMORY_SIZE
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


def read_timetable(content: bytes, name: str) -> list[Line]:
    """Read the rows of a CSV file or a spreadsheet; DomainError if it is neither or a column is missing."""
    if len(content) > MOST_BYTES:
        raise DomainError(_("The file is larger than 5 MB. Check that it is the right one."))
    table = read_table(content, name, Limits(MOST_BYTES, MOST_ROWS))
    places = _places(table.columns)
    missing = [column for column in ("staff", "day", "period") if column not in places]
    if missing:
        raise DomainError(
            _("The first row has no column for %(missing)s. It has: %(there)s.")
            % {"missing": ", ".join(missing), "there": ", ".join(table.columns)}
        )
    # Rows with too few cells lack their last columns; rows with too many are checked by their contents.
    rows = sorted([*zip(table.lines, table.rows, strict=True), *table.ragged])
    return [
        Line(number, **{column: _at(row, places.get(column)) for column in COLUMNS}) for number, row in rows
    ]


def pack(lines: list[Line]) -> str:
    """Serialize ``lines`` to text, which a form carries from the check to the import."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([getattr(line, column) for column in COLUMNS] for line in lines)
    packed = base64.b64encode(zlib.compress(text.getvalue().encode())).decode()
    if len(packed) > MOST_PACKED:
        raise DomainError(_("The file has too many rows. Import it in two parts."))
    return packed


def unpack(packed: str) -> list[Line]:
    """Deserialize the text of `pack`; DomainError if it is anything else."""
    try:
        # unpacks at most one byte more than a file may have, so that a decompression bomb is refused
        text = zlib.decompressobj().decompress(base64.b64decode(packed, validate=True), MOST_BYTES + 1)
    except (ValueError, zlib.error) as error:
        raise DomainError(_("Choose the file again.")) from error
    return read_timetable(text, "")


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
