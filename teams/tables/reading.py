"""Read untrusted CSV and spreadsheet files into rows of text.

Uses no database, settings or request: takes bytes or a path and limits, and returns `Columns` or a `Table`, or
raises a `TableError`. Sizes are checked before and during reading, and the encoding is detected from the content.
"""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from array import array
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from teams.tables.columns import Columns, Places
from teams.tables.ends import is_end
from teams.tables.headers import header_at, split_header
from teams.tables.limits import (
    EXPANSION,
    MOST_CELLS,
    EmptyTable,
    Limits,
    TableTooLarge,
    UnreadableTable,
    too_many_cells,
    too_many_rows,
)
from teams.tables.several import LOOKED_AT, largest, rows_within, tables_in
from teams.tables.sheets import sheet_rows
from teams.tables.texts import text_rows
from teams.tables.ways import AUTO, Way

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from teams.tables.columns import Table
    from teams.tables.headers import Header, Numbered

PART = 2**20  # bytes unpacked at once
BATCH = 1_000  # rows taken at once
LINES_TOLD, LINE_TOLD = 20, 120  # first rows that a person can choose from, and characters of each
SHEETS = (".xlsx", ".xlsm", ".xls", ".ods")
ZIPPED = (".xlsx", ".xlsm", ".ods")


def read_table(source: bytes | Path, name: str, limits: Limits, way: Way = AUTO) -> Table:
    """Read a file as `read_columns` does, by rows."""
    return read_columns(source, name, limits, way).table()


def read_columns(source: bytes | Path, name: str, limits: Limits, way: Way = AUTO) -> Columns:
    """Read a CSV or TSV file, gzipped or not, or a sheet of a spreadsheet, by the suffix of ``name``.

    What ``way`` leaves open is found by the contents. Raises EmptyTable, UnreadableTable or TableTooLarge.
    """
    data = _bytes_of(source, limits)
    lower = name.lower()
    if lower.endswith(SHEETS):
        is_zip = lower.endswith(ZIPPED) or data.startswith(b"PK")
        rows, notes, as_read = sheet_rows(data, limits, way.sheet, zipped=is_zip)
    else:
        rows, notes, as_read = text_rows(_gunzip(data, limits) if lower.endswith(".gz") else data, way)
    return _columns(rows, notes, limits, way, as_read)


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


def _columns(
    rows: Iterable[list[str]], notes: list[str], limits: Limits, way: Way, as_read: dict[str, Any]
) -> Columns:
    """The columns of ``rows``, which are taken in batches: a cell costs much less so than one by one."""
    filled = ((number, row) for number, row in enumerate(rows, start=1) if any(map(str.strip, row)))
    lines, ragged, count = array("i"), list[tuple[int, list[str]]](), 0
    try:
        header, told = _header_of(filled, way, as_read)
        names, others = header.columns, header.rows
        places = [Places() for _name in names]
        while batch := list(islice(others, BATCH)):
            count += sum(len(row) for _number, row in batch)
            if len(lines) + len(ragged) + len(batch) > limits.most_rows:
                raise too_many_rows(limits)
            if count > MOST_CELLS:
                raise too_many_cells()
            whole = []
            for number, row in batch:
                if row == header.cells or (way.last and number > way.last):
                    continue  # the header of the next printed page, or behind the last row
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
    found = {name: one.column() for name, one in zip(names, places, strict=True)}
    columns = Columns(found, lines, ragged, [*notes, *told, *header.notes], as_read)
    columns.notes.extend(_without_end(columns))
    if not (lines or ragged):
        raise EmptyTable(_("The file has no rows under its header."))
    return columns


def _header_of(filled: Iterator[Numbered], way: Way, as_read: dict[str, Any]) -> tuple[Header, list[str]]:
    """The header of the table in a file, or of one of several, with a note on which; tells ``as_read`` what it found."""
    first = list(islice(filled, LOOKED_AT))
    tables, notes = tables_in(first) if first else [], []
    rows: Iterator[Numbered] = chain(first, filled)
    if tables:
        number = way.table if 0 < way.table <= len(tables) else largest(tables, first)
        table = tables[number - 1]
        rows = rows_within(rows, table)
        as_read |= {"table": number, "tables": [one.name for one in tables]}
        if not way.table and sum(not one.is_part for one in tables) > 1:
            note = _("The file has several tables. The one with “%(columns)s” was read.")
            notes.append(note % {"columns": table.name})
    header = split_header(rows) if way.header is None else header_at(rows, way.header, way.header_rows)
    as_read |= {"header": header.number, "header_rows": header.in_rows}
    as_read["lines"] = [[number, _line(cells)] for number, cells in first[:LINES_TOLD]]
    return header, notes


def _line(cells: list[str]) -> str:
    return " · ".join(cell.strip() for cell in cells if cell.strip())[:LINE_TOLD]


def _without_end(found: Columns) -> list[str]:
    """Take totals and printed lines below a table out of its rows. Returns a note on them."""
    ends, lines, ragged = list[list[str]](), found.lines, found.ragged
    while ragged and is_end(ragged[-1][1]) and (not lines or ragged[-1][0] > lines[-1]):
        ends.append(ragged.pop()[1])
    while len(lines) > 1 and is_end(_row(found, -1)) and _filled(_row(found, -1)) < _filled(_row(found, -2)):
        ends.append(_row(found, -1))
        lines.pop()
        for column in found.cells.values():
            column.places.pop()
    if not ends:
        return []
    said = "; ".join(_line(cells) for cells in reversed(ends))
    return [_("Left out below the table: “%(text)s”.") % {"text": said[:LINE_TOLD]}]


def _row(found: Columns, place: int) -> list[str]:
    return [column.texts[column.places[place]] for column in found.cells.values()]


def _filled(cells: list[str]) -> int:
    return sum(bool(cell) for cell in cells)


def _as_wide(cells: list[str], width: int) -> list[str]:
    """A row with empty cells at its end added or left out; one with few cells, as a last line with a sum, stays as it is."""
    if len(cells) == width:
        return cells
    if len(cells) > width and not any(map(str.strip, cells[width:])):
        return cells[:width]
    if width > len(cells) >= max(width / 2, 2):
        return cells + [""] * (width - len(cells))
    return cells


def plain_number(text: str) -> str:
    """Normalize a number: without spaces, and 43146.0 as 43146."""
    text = text.strip()
    return text[:-2] if text.endswith(".0") and text[:-2].isdigit() else text
