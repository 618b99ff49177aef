"""A timetable out of a file: rows of text, whatever program wrote it."""

from __future__ import annotations

import base64
import csv
import io
import zlib
from dataclasses import dataclass

from django.utils.translation import gettext as _

from teams.lib.errors import DomainError

MOST_BYTES, MOST_ROWS = 5 * 1024 * 1024, 50_000
MOST_PACKED = 1_900_000  # letters that fit into a form: settings.DATA_UPLOAD_MAX_MEMORY_SIZE
COLUMNS = ("staff", "day", "period", "kind", "label")
# What columns are called elsewhere, in lower case.
NAMES = {
    "staff": ("staff", "teacher", "email", "e-mail", "name", "docente", "personal", "correo"),
    "day": ("day", "cycle day", "weekday", "día", "dia"),
    "period": ("period", "block", "slot", "hour", "período", "periodo", "bloque"),
    "kind": ("kind", "type", "duty", "tipo"),
    "label": ("label", "course", "class", "subject", "section", "room", "curso", "clase", "materia"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row as written, with its number in the file (the header is row 1)."""

    number: int
    staff: str
    day: str
    period: str
    kind: str
    label: str


def read_timetable(content: bytes, name: str) -> list[Line]:
    """The rows of a CSV or a spreadsheet; DomainError where it is neither, or a column is missing."""
    if len(content) > MOST_BYTES:
        raise DomainError(_("The file is larger than 5 MB. A timetable is not: is it the right one?"))
    rows = _spreadsheet(content) if name.lower().endswith((".xlsx", ".xls", ".ods")) else _text(content)
    if not rows:
        raise DomainError(_("The file is empty."))
    places = _places(rows[0])
    missing = [column for column in ("staff", "day", "period") if column not in places]
    if missing:
        raise DomainError(
            _("The first row has no column for %(missing)s. It has: %(there)s.")
            % {"missing": ", ".join(missing), "there": ", ".join(cell for cell in rows[0] if cell)}
        )
    if len(rows) > MOST_ROWS:
        raise DomainError(_("The file has more than 50 000 rows. Is it the right one?"))
    return [
        Line(number, **{column: _at(row, places.get(column)) for column in COLUMNS})
        for number, row in enumerate(rows[1:], start=2)
        if any(cell.strip() for cell in row)
    ]


def pack(lines: list[Line]) -> str:
    """``lines`` as letters that a form carries from the check to the applying."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([getattr(line, column) for column in COLUMNS] for line in lines)
    packed = base64.b64encode(zlib.compress(text.getvalue().encode())).decode()
    if len(packed) > MOST_PACKED:
        raise DomainError(_("That is too much for one file. Load it in two parts."))
    return packed


def unpack(packed: str) -> list[Line]:
    """What `pack` was given; DomainError where it is something else."""
    try:
        # one byte more than a file may have, so that a small thing that grows without end is refused
        text = zlib.decompressobj().decompress(base64.b64decode(packed, validate=True), MOST_BYTES + 1)
    except (ValueError, zlib.error) as error:
        raise DomainError(_("Choose the file again.")) from error
    return read_timetable(text, "")


def _text(content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if "\0" in text:
        raise DomainError(_("This is not a table. Save it as CSV or as a spreadsheet."))
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    return [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text), delimiter=delimiter)]


def _spreadsheet(content: bytes) -> list[list[str]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    except (CalamineError, OSError, ValueError, IndexError) as error:
        raise DomainError(_("This spreadsheet cannot be read. Save it again, or save it as CSV.")) from error
    return [[_cell(value) for value in row] for row in rows]


def _cell(value: object) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()


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
