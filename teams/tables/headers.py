"""Find the header of a table: below a title, or in two rows, the upper one with names of groups of columns."""

from __future__ import annotations

import re
from itertools import chain, islice
from statistics import median
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from teams.tables.limits import MOST_COLUMNS, too_many_columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Numbered = tuple[int, list[str]]  # a row with its number in the file

NAME_LENGTH = 120  # of a column
LOOKED_AT = 20  # rows among which the header is looked for
MOST_ABOVE = 10  # rows above it
WIDE = 0.6  # share of the cells of a usual row that a header has at least
TOLD = 80  # characters of what is above
_VALUE = re.compile(r"[\d\s.,/:%+-]+")


def split_header(rows: Iterable[Numbered]) -> tuple[list[str], Iterator[Numbered], list[str]]:
    """The column names of a table, its other rows, and sentences on what was left out above; no names without rows."""
    others = iter(rows)
    first = list(islice(others, LOOKED_AT))
    if not first:
        return [], others, []
    place = _place(first)
    above, header = first[:place], first[place][1]
    notes = []
    if place and _filled(above[-1][1]) > 1 and _repeats(header):
        header = _joined(above.pop()[1], header)
    elif place + 2 < len(first) and _are_groups(header, first[place + 1][1]):
        place += 1
        header = _joined(header, first[place][1])
    if above:
        said = " ".join(cell.strip() for _number, cells in above for cell in cells if cell.strip())
        notes.append(_("Left out above the columns’ names: “%(text)s”.") % {"text": said[:TOLD]})
    return column_names(header), chain(first[place + 1 :], others), notes


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
