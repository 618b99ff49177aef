"""Read untrusted CSV and spreadsheet files into rows of text.

Uses no database, settings or request: takes bytes or a path and limits, and returns a `Table` or raises a
`TableError`. Sizes are checked before and during reading, and the encoding is detected from the content.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import gzip
import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from teams.tables.delimiters import delimiter_of
from teams.tables.headers import split_header
from teams.tables.limits import (
    EXPANSION,
    MOST_CELLS,
    MOST_COLUMNS,
    EmptyTable,
    Limits,
    TableTooLarge,
    UnreadableTable,
    too_many_cells,
    too_many_columns,
    too_many_rows,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

MOST_WORDS = 10  # with accents that a note names
_WORD = re.compile(r"[^\W\d_]+")
_ESCAPED = re.compile(r'\\"[^",;\t|\r\n]')
_FOREIGN = 0.5  # share of the letters outside ASCII that may be no UTF-8 in a file of UTF-8
PART = 2**20  # bytes unpacked at once
MOST_PARTS = 2_000  # of a zipped spreadsheet
SNIFFED_BYTES = 64 * 1024
SHEETS = (".xlsx", ".xlsm", ".xls", ".ods")
ZIPPED = (".xlsx", ".xlsm", ".ods")
BINARY = (b"PK\x03\x04", b"%PDF", b"\x1f\x8b", b"\x89PNG", b"\xd0\xcf\x11\xe0")


@dataclass(frozen=True, slots=True)
class Table:
    """A header and rows of stripped text.

    ``rows`` have one cell per column; ``lines`` has the number of each row in the file (the header is 1). ``ragged``
    has (number, cells) of rows with a different number of cells, which are not in ``rows``. ``notes`` are sentences
    about assumptions (encoding, delimiter, sheet).
    """

    columns: list[str]
    rows: list[list[str]]
    lines: list[int]
    ragged: list[tuple[int, list[str]]]
    notes: list[str]


def read_table(source: bytes | Path, name: str, limits: Limits) -> Table:
    """Read a CSV or TSV file, gzipped or not, or the first sheet of a spreadsheet, by the suffix of ``name``.

    Raises EmptyTable, UnreadableTable or TableTooLarge.
    """
    data = _bytes_of(source, limits)
    lower = name.lower()
    if lower.endswith(SHEETS):
        rows, notes = _sheet_rows(data, limits, zipped=lower.endswith(ZIPPED) or data.startswith(b"PK"))
    else:
        text, notes = _decode(_gunzip(data, limits) if lower.endswith(".gz") else data)
        delimiter, note = delimiter_of(text)
        escape = "\\" if _ESCAPED.search(text) else None  # O\"Brien, as some databases write it
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, escapechar=escape)
        notes = [*notes, *note]
    return _table(rows, notes, limits)


def _bytes_of(source: bytes | Path, limits: Limits) -> bytes:
    if isinstance(source, bytes):
        data = source
    else:
        with source.open("rb") as file:
            data = file.read(limits.most_bytes + 1)
    if len(data) > limits.most_bytes:
        raise TableTooLarge(
            _("The file is larger than %(mb)d MB. Split it.") % {"mb": limits.most_bytes // 2**20}
        )
    if not data.strip():
        raise EmptyTable(_("The file is empty."))
    return data


def _gunzip(data: bytes, limits: Limits) -> bytes:
    limit = limits.most_bytes * EXPANSION
    unpacked = bytearray()
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as unzipped:
            # in parts, because reading allocates the requested memory in advance
            while len(unpacked) <= limit and (part := unzipped.read(PART)):
                unpacked += part
    except (OSError, EOFError, zlib.error) as error:
        raise UnreadableTable(
            _("The file name ends in .gz, but the file is damaged or not a gzip file.")
        ) from error
    if len(unpacked) > limit:
        raise TableTooLarge(_("The file unpacks to more than %(mb)d MB. Split it.") % {"mb": limit // 2**20})
    return bytes(unpacked)


def _decode(data: bytes) -> tuple[str, list[str]]:
    """Decode UTF-8, UTF-16 with or without a byte order mark, or else cp1252; refuse binary content.

    The order is fixed, without statistics: on short tables of names, detectors take cp1252 for cp1250 and turn ñ
    into ń.
    """
    if not data.strip():
        raise EmptyTable(_("The file is empty."))
    if encoding := _utf16(data):
        return data.decode(encoding, errors="replace"), [_("Read as UTF-16 text.")]
    if b"\x00" in data[:SNIFFED_BYTES] or data.startswith(BINARY):
        raise UnreadableTable(
            _(
                "This is not a text file, whatever its name says. Save it as CSV, or upload the spreadsheet "
                "as .xlsx."
            )
        )
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        if mixed := _mostly_utf8(data):
            return mixed
        text = data.decode("cp1252", errors="replace")
        return text, [
            _("Read as Windows text (cp1252). Check the words with accents: %(words)s.")
            % {"words": _accented(text)}
        ]


def _mostly_utf8(data: bytes) -> tuple[str, list[str]] | None:
    """UTF-8 with a few bytes of Windows text in it, as a file has that was put together from two; None if it is not."""
    wrong: list[str] = []

    def read(error: UnicodeError) -> tuple[str, int]:
        if not isinstance(error, UnicodeDecodeError):
            raise error
        wrong.append(error.object[error.start : error.end].decode("cp1252", errors="replace"))
        return wrong[-1], error.end

    codecs.register_error("collab.mixed", read)
    text = data.decode("utf-8-sig", errors="collab.mixed")
    letters = sum(not mark.isascii() for mark in text)
    if len(wrong) > _FOREIGN * letters:
        return None
    note = _("Some characters are not encoded like the others: %(letters)s. Check the words that have them.")
    return text, [note % {"letters": " ".join(dict.fromkeys(wrong[:MOST_WORDS]))}]


def _accented(text: str) -> str:
    """The first words that have letters outside ASCII, with the number of the others."""
    words = dict.fromkeys(word for word in _WORD.findall(text) if not word.isascii())
    shown = ", ".join(islice(words, MOST_WORDS)) or "—"
    more = len(words) - MOST_WORDS
    return shown if more <= 0 else _("%(words)s and %(n)d more") % {"words": shown, "n": more}


def _utf16(data: bytes) -> str:
    """The UTF-16 variant, by its byte order mark or by every second byte being zero; else ""."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = data[:SNIFFED_BYTES:2], data[1:SNIFFED_BYTES:2]
    for encoding, zeros, letters in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if zeros and zeros.count(0) > 0.7 * len(zeros) and 0 not in letters:
            return encoding
    return ""


def _sheet_rows(data: bytes, limits: Limits, *, zipped: bool) -> tuple[Iterator[list[str]], list[str]]:
    import python_calamine

    if zipped:
        _refuse_bomb(data, limits)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheet = book.get_sheet_by_index(0)
    except Exception as error:
        raise _unreadable_sheet() from error
    if sheet.height > limits.most_rows + 1:
        raise too_many_rows(limits)
    if sheet.width > MOST_COLUMNS:
        raise too_many_columns()
    if sheet.height * sheet.width > MOST_CELLS:
        raise too_many_cells()
    notes = []
    if len(book.sheet_names) > 1:
        notes.append(_("The first sheet, “%(name)s”, was read.") % {"name": book.sheet_names[0]})
    return ([_cell(cell) for cell in row] for row in sheet.iter_rows()), notes


def _refuse_bomb(data: bytes, limits: Limits) -> None:
    """Refuse a zip file whose parts declare excessive sizes, before unpacking any."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile as error:
        raise _unreadable_sheet() from error
    limit = limits.most_bytes * EXPANSION
    if sum(part.file_size for part in parts) > limit or len(parts) > MOST_PARTS:
        raise TableTooLarge(
            _("The spreadsheet unpacks to more than %(mb)d MB. Split it.") % {"mb": limit // 2**20}
        )


def _cell(cell: object) -> str:
    """Convert a spreadsheet cell to text: 1.0 to "1", dates and times to ISO dates."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    return "" if cell is None else str(cell)


def _table(rows: Iterable[list[str]], notes: list[str], limits: Limits) -> Table:
    filled = ((number, row) for number, row in enumerate(rows, start=1) if any(cell.strip() for cell in row))
    count = 0
    try:
        columns, others, told = split_header(filled)
        table = Table(columns, [], [], [], [*notes, *told])
        for number, row in others:
            if len(table.rows) + len(table.ragged) >= limits.most_rows:
                raise too_many_rows(limits)
            count += len(row)
            if count > MOST_CELLS:
                raise too_many_cells()
            cells = _as_wide([cell.strip() for cell in row], len(columns))
            if len(cells) == len(columns):
                table.rows.append(cells)
                table.lines.append(number)
            else:
                table.ragged.append((number, cells))
    except csv.Error as error:
        raise UnreadableTable(
            _("The table in this file can’t be read (%(why)s).") % {"why": error}
        ) from error
    if not (table.rows or table.ragged):
        raise EmptyTable(_("The file has no rows under its header."))
    return table


def _as_wide(cells: list[str], width: int) -> list[str]:
    """A row with empty cells at its end added or left out; one with few cells, as a last line with a sum, stays as it is."""
    if len(cells) > width and not any(cells[width:]):
        return cells[:width]
    if width > len(cells) >= max(width / 2, 2):
        return cells + [""] * (width - len(cells))
    return cells


def _unreadable_sheet() -> UnreadableTable:
    return UnreadableTable(
        _(
            "This spreadsheet can’t be read. It may be damaged or protected, or it is another type "
            "of file. Save it again, or save it as CSV."
        )
    )


def plain_number(text: str) -> str:
    """Normalize a number: without spaces, and 43146.0 as 43146."""
    text = text.strip()
    return text[:-2] if text.endswith(".0") and text[:-2].isdigit() else text
