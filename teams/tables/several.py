"""Several tables on one sheet: below each other with blank rows between them, or side by side."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from teams.tables.headers import Numbered

LOOKED_AT = 2_000  # rows among which tables are looked for
FEWEST_ROWS = 2  # a header and a row below
FEWEST_COLUMNS = 2
NAMED = 5  # columns that name a table
_VALUE = re.compile(r"[<>≤≥]?[\d\s.,/:%+-]*\d[\d\s.,/:%+-]*")


@dataclass(frozen=True, slots=True)
class TableAt:
    """Where a table is: its first and last row in the file (0: up to the end) and its columns, from 0, the last excluded.

    ``name`` has its first columns. ``is_part``: it is beside another one, and both are in a table before it in the list.
    """

    first: int
    last: int
    left: int
    right: int
    name: str
    is_part: bool = False


def tables_in(rows: list[Numbered]) -> list[TableAt]:
    """The tables among rows without the blank ones; none if there is only one. A header that repeats begins no other."""
    starts: list[tuple[int, list[str]]] = []
    blocks = _blocks(rows)
    for block in blocks:
        header = _header_of(block)
        if header and header not in (names for _first, names in starts):
            starts.append((block[0][0], header))
    whole = [
        TableAt(first if place else rows[0][0], 0, 0, _width(rows), _name(header))
        for place, (first, header) in enumerate(starts)
    ]
    found: list[TableAt] = []
    for place, one in enumerate(whole):
        last = whole[place + 1].first - 1 if place + 1 < len(whole) else 0
        found.append(TableAt(one.first, last, one.left, one.right, one.name))
        found += _beside([row for row in rows if row[0] >= one.first and (not last or row[0] <= last)], last)
    return found if len(found) > 1 else []


def rows_within(rows: Iterable[Numbered], table: TableAt) -> Iterator[Numbered]:
    """The rows of a table with its cells, without those that are blank in it."""
    for number, cells in rows:
        if table.last and number > table.last:
            return
        here = cells[table.left : table.right] if table.is_part else cells
        if number >= table.first and any(cell.strip() for cell in here):
            yield number, here


def largest(tables: list[TableAt], rows: list[Numbered]) -> int:
    """The number, from 1, of the table with the most rows, of those that are no part of another."""

    def size(place: int) -> int:
        one = tables[place]
        return sum(one.first <= number and (not one.last or number <= one.last) for number, _cells in rows)

    return 1 + max((place for place, one in enumerate(tables) if not one.is_part), key=size)


def _blocks(rows: list[Numbered]) -> list[list[Numbered]]:
    """Rows that follow each other without a blank one between them."""
    numbered = enumerate(rows)
    return [
        [row for _place, row in group] for _key, group in groupby(numbered, lambda one: one[1][0] - one[0])
    ]


def _width(rows: list[Numbered]) -> int:
    return max((len(cells) for _number, cells in rows), default=0)


def _header_of(block: list[Numbered]) -> list[str]:
    """The names in the header of a block, at most two rows below its beginning; empty if it is no table."""
    for place, (_number, cells) in enumerate(block[:3]):
        names = [cell.strip() for cell in cells if cell.strip()]
        below = [cells for _number, cells in block[place + 1 :]]
        if len(names) < FEWEST_COLUMNS or len(below) < FEWEST_ROWS - 1:
            continue
        if any(_VALUE.fullmatch(name) for name in names):
            return []
        values = any(
            cell.strip() and at < len(row) and _VALUE.fullmatch(row[at].strip())
            for at, cell in enumerate(cells)
            for row in below
        )
        return names if values else []
    return []


def _beside(rows: list[Numbered], last: int) -> list[TableAt]:
    """The tables side by side in a block of rows; none if there is only one."""
    width = _width(rows)
    filled = [
        any(place < len(cells) and cells[place].strip() for _n, cells in rows) for place in range(width)
    ]
    groups = [
        [place for place, _is in group]
        for is_filled, group in groupby(enumerate(filled), lambda one: one[1])
        if is_filled
    ]
    found = []
    for group in groups:
        left, right = group[0], group[-1] + 1
        cut = [(number, cells[left:right]) for number, cells in rows]
        cut = [(number, cells) for number, cells in cut if any(cell.strip() for cell in cells)]
        if cut and (header := _header_of(cut)):
            found.append(TableAt(rows[0][0], last, left, right, _name(header), is_part=True))
    return found if len(found) > 1 else []


def _name(header: list[str]) -> str:
    return " · ".join(header[:NAMED])
