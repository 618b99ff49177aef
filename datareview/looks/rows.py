"""Rows of bands that give no few students of closed classes away, at once or by what they were before."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

BandRow = tuple[list[str], pd.DataFrame]  # names of the bands in a row, and their students by items
LEAST_CLOSED = 5  # students of closed classes in a row


def large_enough(bands: list[BandRow], closed: frozenset[int]) -> list[BandRow]:
    """The bands, with those that have fewer than `LEAST_CLOSED` of the ``closed`` students joined to their neighbors.

    Else what one student answered would follow by subtracting those whom the reader does see.
    """
    found: list[BandRow] = []
    for names, own in bands:
        if found and _has_too_few(found[-1], closed):
            found[-1] = _joined(found[-1], (names, own))
        else:
            found.append((names, own))
    while len(found) > 1 and _has_too_few(found[-1], closed):
        last = found.pop()
        found[-1] = _joined(found[-1], last)
    return found


def rows_over_time(
    bands: list[BandRow], closed: frozenset[int], before: Sequence[frozenset[int]]
) -> list[BandRow]:
    """The rows that `large_enough` makes of the students whom the reader saw first, with those who came later.

    ``before`` are the students in the numbers that the reader saw, the first ones first. Of those who came together, a row
    takes none if fewer than `LEAST_CLOSED` are ``closed``: the row before and after would tell what they answered.
    """
    came = [*before, frozenset[int]().union(*(own.index for _names, own in bands))]
    known = frozenset(came[-1] - closed)
    first = came[0] | known
    rows = large_enough(
        [(names, part) for names, own in bands if not (part := own[own.index.isin(first)]).empty], closed
    )
    seen = set(first)
    for together in came[1:]:
        new = [(names, own[own.index.isin(together - seen)]) for names, own in bands]
        seen |= together
        for names, more in new:
            at = next((place for place, (row, _own) in enumerate(rows) if set(names) <= set(row)), None)
            if at is None and not more.empty and not _has_too_few((names, more), closed):
                rows.append((names, more))
            elif at is not None and not more.empty and not _has_too_few((names, more), closed):
                rows[at] = rows[at][0], pd.concat([rows[at][1], more])
    order = [names[0] for names, _own in bands]
    return sorted(rows, key=lambda row: order.index(row[0][0]))


def first_apart(bandings: Sequence[list[BandRow]], closed: frozenset[int]) -> list[list[BandRow]]:
    """Those of ``bandings`` (the same students in bands by one standard after the other) that may be shown side by side.

    One in which rows together differ from rows of an earlier one by fewer than `LEAST_CLOSED` ``closed`` students is a
    single row: the difference would tell what they answered.
    """
    found: list[list[BandRow]] = []
    sums: list[frozenset[int]] = []
    for rows in bandings:
        own = _unions(rows, closed)
        if any(0 < len(one ^ other) < LEAST_CLOSED for one in own for other in sums):
            names = [name for row, _own in rows for name in row]
            found.append([(names, pd.concat([part for _names, part in found[0]]))])
        else:
            found.append(rows)
            sums += own
    return found


def _unions(rows: list[BandRow], closed: frozenset[int]) -> list[frozenset[int]]:
    """The ``closed`` students of each set of ``rows``."""
    parts = [closed.intersection(own.index) for _names, own in rows]
    chosen = (some for n in range(len(parts) + 1) for some in combinations(parts, n))
    return [frozenset[int]().union(*some) for some in chosen]


def _has_too_few(band: BandRow, closed: frozenset[int]) -> bool:
    return 0 < len(closed.intersection(band[1].index)) < LEAST_CLOSED


def _joined(one: BandRow, other: BandRow) -> BandRow:
    return [*one[0], *other[0]], pd.concat([one[1], other[1]])
