"""Join bands in which only a few students are of classes that the reader may not open."""

from __future__ import annotations

import pandas as pd

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


def _has_too_few(band: BandRow, closed: frozenset[int]) -> bool:
    return 0 < len(closed.intersection(band[1].index)) < LEAST_CLOSED


def _joined(one: BandRow, other: BandRow) -> BandRow:
    return [*one[0], *other[0]], pd.concat([one[1], other[1]])
