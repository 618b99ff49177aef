"""Read untrusted CSV and spreadsheet files into rows of text.

Uses no database, settings or request: takes bytes or a path and limits, and returns `Columns` or a `Table`, or
raises a `TableError`. Sizes are checked before and during reading, and the encoding is detected from the content.
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
from array import array
from itertools import islice
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from teams.tables.columns import Columns, Places
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

    from teams.tables.columns import Table

MOST_WORDS = 10  # with accents that a note names
_WORD = re.compile(r"[^\W\d_]+")
_ESCAPED = re.compile(r'\\"[^",;\t|\r\n]')
_FOREIGN = 0.5  # share of the letters outside ASCII that may be no UTF-8 in a file of UTF-8
MIXED = "collab.mixed"  # how to read a byte that is no UTF-8, for `codecs`
PART = 2**20  # bytes unpacked at once
BATCH = 1_000  # rows taken at once
MOST_PARTS = 2_000  # of a zipped spreadsheet
SNIFFED_BYTES = 64 * 1024
SHEETS = (".xlsx", ".xlsm", ".xls", ".ods")
ZIPPED = (".xlsx", ".xlsm", ".ods")
BINARY = (b"PK\x03\x04", b"%PDF", b"\x1f\x8b", b"\x89PNG", b"\xd0\xcf\x11\xe0")


def read_table(source: bytes | Path, name: str, limits: Limits) -> Table:
    """Read a file as `read_columns` does, by rows."""
    return read_columns(source, name, limits).table()


def read_columns(source: bytes | Path, name: str, limits: Limits) -> Columns:
    """Read a CSV or TSV file, gzipped or not, or the first sheet of a spreadsheet, by the suffix of ``name``.

    Raises EmptyTable, UnreadableTable or TableTooLarge.
    """
    data = _bytes_of(source, limits)
    lower = name.lower()
    if lower.endswith(SHEETS):
        rows, notes = _sheet_rows(data, limits, zipped=lower.endswith(ZIPPED) or data.startswith(b"PK"))
    else:
        data = _gunzip(data, limits) if lower.endswith(".gz") else data
        text, how, notes = _decode(data)
        delimiter, note = delimiter_of(text)
        escape = "\\" if _ESCAPED.search(text) else None  # O\"Brien, as some databases write it
        del text  # decoded again while it is read, because all of it would take much of the memory
        lines = io.TextIOWrapper(io.BytesIO(data), *how, newline="")
        rows = csv.reader(lines, delimiter=delimiter, escapechar=escape)
        notes = [*notes, *note]
    return _columns(rows, notes, limits)


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


def _decode(data: bytes) -> tuple[str, tuple[str, str], list[str]]:
    """Decode UTF-8, UTF-16 with or without a byte order mark, or else cp1252; refuse binary content.

    Returns the text, the encoding with how to handle its errors, and notes.

    The order is fixed, without statistics: on short tables of names, detectors take cp1252 for cp1250 and turn ñ
    into ń.
    """
    if not data.strip():
        raise EmptyTable(_("The file is empty."))
    if encoding := _utf16(data):
        return data.decode(encoding, "replace"), (encoding, "replace"), [_("Read as UTF-16 text.")]
    if b"\x00" in data[:SNIFFED_BYTES] or data.startswith(BINARY):
        raise UnreadableTable(
            _(
                "This is not a text file, whatever its name says. Save it as CSV, or upload the spreadsheet "
                "as .xlsx."
            )
        )
    try:
        return data.decode("utf-8-sig"), ("utf-8-sig", "strict"), []
    except UnicodeDecodeError:
        if mixed := _mostly_utf8(data):
            return mixed
        text = data.decode("cp1252", "replace")
        note = _("Read as Windows text (cp1252). Check the words with accents: %(words)s.")
        return text, ("cp1252", "replace"), [note % {"words": _accented(text)}]


def _mostly_utf8(data: bytes) -> tuple[str, tuple[str, str], list[str]] | None:
    """UTF-8 with a few bytes of Windows text in it, as a file has that was put together from two; None if it is not."""
    wrong: list[str] = []

    def read(error: UnicodeError) -> tuple[str, int]:
        if not isinstance(error, UnicodeDecodeError):
            raise error
        wrong.append(error.object[error.start : error.end].decode("cp1252", errors="replace"))
        return wrong[-1], error.end

    codecs.register_error(MIXED, read)
    text = data.decode("utf-8-sig", MIXED)
    letters = sum(not mark.isascii() for mark in text)
    if len(wrong) > _FOREIGN * letters:
        return None
    note = _("Some characters are not encoded like the others: %(letters)s. Check the words that have them.")
    letters_told = " ".join(dict.fromkeys(wrong[:MOST_WORDS]))
    return text, ("utf-8-sig", MIXED), [note % {"letters": letters_told}]


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


def _columns(rows: Iterable[list[str]], notes: list[str], limits: Limits) -> Columns:
    """The columns of ``rows``, which are taken in batches: a cell costs much less so than one by one."""
    filled = ((number, row) for number, row in enumerate(rows, start=1) if any(map(str.strip, row)))
    lines, ragged, count = array("i"), list[tuple[int, list[str]]](), 0
    try:
        names, others, told = split_header(filled)
        places = [Places() for _name in names]
        while batch := list(islice(others, BATCH)):
            count += sum(len(row) for _number, row in batch)
            if len(lines) + len(ragged) + len(batch) > limits.most_rows:
                raise too_many_rows(limits)
            if count > MOST_CELLS:
                raise too_many_cells()
            whole = []
            for number, row in batch:
                cells = _as_wide(row, len(names))
                if len(cells) == len(names):
                    whole.append(cells)
                    lines.append(number)
                else:
                    ragged.append((number, [cell.strip() for cell in cells]))
            for place, column in zip(places, zip(*whole, strict=True), strict=False):
                place.add(column)
    except csv.Error as error:
        raise UnreadableTable(
            _("The table in this file can’t be read (%(why)s).") % {"why": error}
        ) from error
    if not (lines or ragged):
        raise EmptyTable(_("The file has no rows under its header."))
    found = {name: one.column() for name, one in zip(names, places, strict=True)}
    return Columns(found, lines, ragged, [*notes, *told])


def _as_wide(cells: list[str], width: int) -> list[str]:
    """A row with empty cells at its end added or left out; one with few cells, as a last line with a sum, stays as it is."""
    if len(cells) == width:
        return cells
    if len(cells) > width and not any(map(str.strip, cells[width:])):
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
