"""The rows of a sheet in a spreadsheet."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections import deque
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from teams.tables.limits import (
    EXPANSION,
    MOST_CELLS,
    MOST_COLUMNS,
    Limits,
    TableTooLarge,
    UnreadableTable,
    too_many_cells,
    too_many_columns,
    too_many_rows,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST_PARTS = 2_000  # of a zipped spreadsheet
MOST_SHEETS = 10  # among which the first with a table is looked for


def sheet_rows(
    data: bytes, limits: Limits, wanted: str, *, zipped: bool
) -> tuple[Iterator[list[str]], list[str], dict[str, Any]]:
    """The rows of the sheet ``wanted``, or else of the first that has a table, with notes and how it was read."""
    import python_calamine

    if zipped:
        _refuse_bomb(data, limits)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = book.sheet_names
        sheet = book.get_sheet_by_name(wanted) if wanted in names else _first_table(book)
        merged = sheet.merged_cell_ranges or []
    except Exception as error:
        raise _unreadable_sheet() from error
    if sheet.height > limits.most_rows + 1:
        raise too_many_rows(limits)
    if sheet.width > MOST_COLUMNS:
        raise too_many_columns()
    if sheet.height * sheet.width > MOST_CELLS:
        raise too_many_cells()
    notes = []
    if len(names) > 1 and sheet.name != wanted:
        note = (
            _("The first sheet, “%(name)s”, was read.")
            if sheet.name == names[0]
            else _("The sheet “%(name)s” was read.")
        )
        notes.append(note % {"name": sheet.name})
    rows = ([_cell(cell) for cell in row] for row in sheet.iter_rows())
    return _with_merged(rows, merged), notes, {"sheet": sheet.name, "sheets": names}


def _first_table(book: Any) -> Any:
    """The first sheet with a header and a row of at least two columns; else the first."""
    for place in range(min(len(book.sheet_names), MOST_SHEETS)):
        sheet = book.get_sheet_by_index(place)
        if sheet.height > 1 and sheet.width > 1:
            return sheet
    return book.get_sheet_by_index(0)


def _with_merged(
    rows: Iterable[list[str]], merged: Iterable[tuple[tuple[int, int], tuple[int, int]]]
) -> Iterator[list[str]]:
    """Rows with the text of cells that are merged downwards in each of their rows: a class beside its students."""
    down = sorted((top, left, bottom) for (top, left), (bottom, _right) in merged if bottom > top)
    waiting, texts = deque(down), {}
    for place, row in enumerate(rows):
        while waiting and waiting[0][0] == place:
            _top, left, bottom = waiting.popleft()
            texts[left] = (bottom, row[left] if left < len(row) else "")
        for left, (bottom, text) in texts.items():
            if place <= bottom and left < len(row) and not row[left]:
                row[left] = text
        yield row


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


def _unreadable_sheet() -> UnreadableTable:
    return UnreadableTable(
        _(
            "This spreadsheet can’t be read. It may be damaged or protected, or it is another type "
            "of file. Save it again, or save it as CSV."
        )
    )
