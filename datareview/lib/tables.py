"""Reading a table from a file that a stranger made: CSV, TSV, either gzipped, or a spreadsheet.

Nothing here trusts the file: sizes are bounded before and while reading, text is decoded by what it is and
not by what it is called, and every refusal is a sentence.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from django.utils.translation import gettext as _

from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Iterable

EXPANSION = 20  # a file may unpack to at most this many times the upload limit
MOST_COLUMNS = 2_500
SNIFFED = 64 * 1024
SHEETS = (".xlsx", ".xlsm", ".xls", ".ods")
ZIPPED = (".xlsx", ".xlsm", ".ods")


@dataclass(frozen=True, slots=True)
class TableFile:
    """A header, the rows as text, and what was assumed on the way, each as a sentence.

    ``rows`` hold one text a column, ``lines`` the file's line of each. ``ragged`` lists (line, cells found) of
    lines with another number of cells; they are not among the rows.
    """

    columns: list[str]
    rows: list[list[str]]
    lines: list[int]
    notes: list[str]
    ragged: list[tuple[int, int]]


def read_table(file: BinaryIO, name: str, *, most_bytes: int, most_rows: int) -> TableFile:
    """Read ``file``; DomainError with a sentence where it is no table or too large."""
    lower = name.lower()
    if lower.endswith(SHEETS):
        return _read_sheet(file, lower, most_bytes, most_rows)
    data = _unpacked(file, lower, most_bytes)
    text, notes = _decoded(data)
    delimiter, note = _delimiter(text[:SNIFFED])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return _table(reader, notes + ([note] if note else []), most_rows)


def _unpacked(file: BinaryIO, name: str, most_bytes: int) -> bytes:
    file.seek(0)
    if not name.endswith(".gz"):
        return file.read()
    limit = most_bytes * EXPANSION
    try:
        with gzip.GzipFile(fileobj=file) as unzipped:
            data = unzipped.read(limit + 1)
    except (OSError, EOFError) as error:
        raise DomainError(_("The file ends in .gz but is not a gzip file, or is damaged.")) from error
    if len(data) > limit:
        raise DomainError(_("The file unpacks to more than %(mb)d MB; split it.") % {"mb": limit // 2**20})
    return data


def _decoded(data: bytes) -> tuple[str, list[str]]:
    """Text, whatever its encoding; binary content is refused."""
    if not data.strip():
        raise DomainError(_("The file is empty."))
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, errors="replace"), [_("Read as UTF-16 text.")]
    if b"\x00" in data[:SNIFFED] or data.startswith(
        (b"PK\x03\x04", b"%PDF", b"\x1f\x8b", b"\x89PNG", b"\xd0\xcf\x11\xe0")
    ):
        raise DomainError(
            _(
                "This is not a text file, whatever its name says. Save it as CSV, or upload the spreadsheet as .xlsx."
            )
        )
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace"), [
            _("Read as Windows text (cp1252): check names with accents.")
        ]


def _delimiter(sample: str) -> tuple[str, str]:
    """The separator that splits the first lines into most equal parts."""
    lines = [line for line in sample.splitlines()[:20] if line.strip()]
    counts = {mark: [line.count(mark) for line in lines] for mark in (",", ";", "\t", "|")}
    best = max(counts, key=lambda mark: (min(counts[mark]) > 0, counts[mark][0] if counts[mark] else 0))
    note = {
        ";": _("Columns are separated by semicolons, as Excel writes them in many languages."),
        "\t": _("Columns are separated by tabs."),
        "|": _("Columns are separated by bars."),
    }
    return best, note.get(best, "")


def _read_sheet(file: BinaryIO, name: str, most_bytes: int, most_rows: int) -> TableFile:
    import python_calamine

    if name.endswith(ZIPPED):
        _refuse_bomb(file, most_bytes)
    file.seek(0)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(file)
        sheet = book.get_sheet_by_index(0)
    except Exception as error:
        raise DomainError(
            _("The spreadsheet cannot be opened: it is damaged, protected or not one.")
        ) from error
    if sheet.height > most_rows + 1 or sheet.width > MOST_COLUMNS:
        raise DomainError(_too_large(most_rows))
    notes = []
    if len(book.sheet_names) > 1:
        notes.append(_("The first sheet, “%(name)s”, was read.") % {"name": book.sheet_names[0]})
    rows = ([_text(cell) for cell in row] for row in sheet.iter_rows())
    return _table(rows, notes, most_rows)


def _refuse_bomb(file: BinaryIO, most_bytes: int) -> None:
    """Refuse a zip whose parts say that they unpack beyond reason, before unpacking any."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            size, parts = sum(part.file_size for part in archive.infolist()), len(archive.infolist())
    except zipfile.BadZipFile as error:
        raise DomainError(
            _("The spreadsheet cannot be opened: it is damaged, protected or not one.")
        ) from error
    if size > most_bytes * EXPANSION or parts > 2_000:
        raise DomainError(
            _("The spreadsheet unpacks to more than %(mb)d MB; split it.")
            % {"mb": most_bytes * EXPANSION // 2**20}
        )


def _text(cell: object) -> str:
    import datetime as dt

    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return "" if cell is None else str(cell)


def _table(lines: Iterable[list[str]], notes: list[str], most_rows: int) -> TableFile:
    header: list[str] | None = None
    rows: list[list[str]] = []
    places: list[int] = []
    ragged: list[tuple[int, int]] = []
    try:
        for number, line in enumerate(lines, start=1):
            if not any(cell.strip() for cell in line):
                continue
            if header is None:
                header = _header(line)
                continue
            if len(rows) + len(ragged) >= most_rows:
                raise DomainError(_too_large(most_rows))
            cells = [cell.strip() for cell in line]
            if len(cells) != len(header):
                ragged.append((number, len(cells)))
                continue
            rows.append(cells)
            places.append(number)
    except csv.Error as error:
        raise DomainError(
            _("The file is not a table that can be read (%(why)s).") % {"why": error}
        ) from error
    if header is None or not (rows or ragged):
        raise DomainError(_("The file has no rows under its header."))
    return TableFile(header, rows, places, notes, ragged)


def _header(line: list[str]) -> list[str]:
    """Column names without blanks or doubles: "column 3", "score (2)"."""
    if len(line) > MOST_COLUMNS:
        raise DomainError(_("The file has more than %(n)d columns.") % {"n": MOST_COLUMNS})
    names: list[str] = []
    for place, cell in enumerate(line, start=1):
        first = name = cell.strip()[:120] or f"column {place}"
        times = 1
        while name in names:
            times += 1
            name = f"{first} ({times})"
        names.append(name)
    return names


def _too_large(most_rows: int) -> str:
    return _("The file has more than %(n)d rows; split it.") % {"n": most_rows}
