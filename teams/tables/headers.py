"""Find the header of a table: below a title, or in two rows, the upper one with names of groups of columns."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from statistics import median
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from teams.tables.limits import MOST_COLUMNS, too_many_columns
from teams.tables.ways import NAMELESS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Numbered = tuple[int, list[str]]  # a row with its number in the file

NAME_LENGTH = 120  # of a column
LOOKED_AT = 20  # rows among which the header is looked for
MOST_ABOVE = 10  # rows above it
WIDE = 0.6  # share of the cells of a usual row that a header has at least
TOLD = 80  # characters of what is above
LONG_NUMBER = 4  # digits: shorter numbers are also names of columns
_VALUE = re.compile(r"[\d\s.,/:%+-]+")
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Header:
    """The names of a table's columns and its other rows; no names without rows.

    ``number`` is that of the row with the names, the lower one of ``in_rows``; 0 if there is none. ``cells`` are those of
    that row. ``notes`` say what was left out above.
    """

    columns: list[str]
    rows: Iterator[Numbered]
    number: int = 0
    in_rows: int = 1
    cells: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def split_header(rows: Iterable[Numbered]) -> Header:
    """Find the names of a table's columns among its first rows."""
    others = iter(rows)
    first = list(islice(others, LOOKED_AT))
    if not first:
        return Header([], others)
    place = _place(first)
    if place == 0 and _is_nameless(first):
        note = _("The first row is no names of columns, so it is read as a row.")
        return replace(header_at(chain(first, others), NAMELESS, 1), notes=[note])
    if place and _filled(first[place - 1][1]) > 1 and _repeats(first[place][1]):
        return _header(first, others, place, 2)
    if place + 2 < len(first) and _are_groups(first[place][1], first[place + 1][1]):
        return _header(first, others, place + 1, 2)
    return _header(first, others, place, 1)


def header_at(rows: Iterable[Numbered], number: int, in_rows: int) -> Header:
    """The names of columns in the row that a person says; ``number`` 0: in none. ``in_rows`` 0: in one, or as they are."""
    others = iter(rows)
    if number == NAMELESS:
        first = list(islice(others, LOOKED_AT))
        width = max((len(cells) for _number, cells in first), default=0)
        return Header(column_names([""] * width), chain(first, others))
    first = []
    for row in others:
        first.append(row)
        if row[0] >= number:
            break
    if not first or first[-1][0] != number:
        return split_header(chain(first, others))  # a file without that row
    is_double = in_rows == 2 or (
        not in_rows and len(first) > 1 and _repeats(first[-1][1]) and _filled(first[-2][1]) > 1
    )
    return _header(first, others, len(first) - 1, 2 if is_double and len(first) > 1 else 1)


def _header(first: list[Numbered], others: Iterator[Numbered], place: int, in_rows: int) -> Header:
    """The header whose names are at ``place`` of the ``first`` rows, and in the row above it if ``in_rows`` is 2."""
    above, (number, cells) = first[:place], first[place]
    names = _joined(above.pop()[1], cells) if in_rows == 2 else cells
    notes = []
    if above:
        said = " ".join(cell.strip() for _number, row in above for cell in row if cell.strip())
        notes.append(_("Left out above the columns’ names: “%(text)s”.") % {"text": said[:TOLD]})
    return Header(column_names(names), chain(first[place + 1 :], others), number, in_rows, cells, notes)


def column_names(row: list[str]) -> list[str]:
    """Names without blanks or duplicates: "column 3", "score (2)"; line breaks are spaces."""
    if len(row) > MOST_COLUMNS:
        raise too_many_columns()
    names: dict[str, None] = {}
    times: dict[str, int] = {}  # how often a name was given so far, so that many equal headers stay linear
    for place, cell in enumerate(row, start=1):
        first = name = " ".join(cell.split())[:NAME_LENGTH] or f"column {place}"
        while name in names:
            times[first] = times.get(first, 1) + 1
            name = f"{first} ({times[first]})"
        names[name] = None
    return list(names)


def _filled(cells: list[str]) -> int:
    return sum(bool(cell.strip()) for cell in cells)


def _place(first: list[Numbered]) -> int:
    """Where the header is: the first row that is about as wide as the others, below short ones that are titles."""
    usual = median(_filled(cells) for _number, cells in first)
    for place, (_number, cells) in enumerate(first[: MOST_ABOVE + 1]):
        if _filled(cells) >= WIDE * usual:
            return place if place + 1 < len(first) else 0
    return 0


def _is_nameless(first: list[Numbered]) -> bool:
    """Whether a column has a long number or a date in its first cell, too, written as all below it."""
    top, below = first[0][1], [cells for _number, cells in first[1:]]
    for place, cell in enumerate(top):
        form = _DIGIT.sub("9", cell.strip())
        if form.count("9") >= LONG_NUMBER and _VALUE.fullmatch(cell.strip()) and len(below) > 1:
            forms = {_DIGIT.sub("9", row[place].strip()) for row in below if place < len(row)}
            if forms == {form}:
                return True
    return False


def _repeats(cells: list[str]) -> bool:
    names = [cell.strip() for cell in cells if cell.strip()]
    return len(set(names)) < len(names)


def _are_groups(groups: list[str], names: list[str]) -> bool:
    """Whether a row has names of groups of columns: each repeated over the same different names, as none of values."""
    under: dict[str, list[str]] = {}
    for group, name in zip(groups, names, strict=False):
        under.setdefault(group.strip(), []).append(name.strip())
    several = [found for group, found in under.items() if group and len(found) > 1]
    return (
        len(several) > 1
        and all(found == several[0] for found in several)
        and len(set(several[0])) == len(several[0])
        and not any(_VALUE.fullmatch(name) for name in several[0])
    )


def _joined(groups: list[str], header: list[str]) -> list[str]:
    """Each name with its group in front, if another column has the same name; a blank group is the one before it."""
    names = [cell.strip() for cell in header]
    joined, group = [], ""
    for place, name in enumerate(names):
        group = (groups[place].strip() if place < len(groups) else "") or group
        joined.append(f"{group} {name}" if names.count(name) > 1 and group and name else name or group)
    return joined
