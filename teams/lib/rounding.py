"""Rounding, and how many digits keep a figure off, or on its side of, what it is held against."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_PLACES = 6  # to which figures are rounded where they are computed


def rounded(value: float | Decimal, places: int) -> Decimal:
    """Return ``value`` with ``places`` digits after the point; halves go up, away from zero.

    What agrees to `MOST_PLACES` digits is equal: a float that is a half in decimals is a half. There is no −0.
    """
    exact = value if isinstance(value, Decimal) else Decimal(repr(round(float(value), MOST_PLACES)))
    return exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) + 0


def fewest_places(
    values: Iterable[float], marks: Iterable[float], *, least: int = 0, rounds_marks: bool = False
) -> int:
    """Return the fewest digits after the point that keep each rounded value on its side of every mark.

    ``least`` is where counting starts. Marks are shown as they are; with ``rounds_marks`` they are rounded to as
    many digits as the values. What agrees to `MOST_PLACES` digits is equal.
    """
    pairs = [(rounded(value, MOST_PLACES), rounded(mark, MOST_PLACES)) for value in values for mark in marks]

    def keeps_sides(places: int) -> bool:
        shown = ((rounded(v, places), rounded(m, places) if rounds_marks else m) for v, m in pairs)
        return all(_side(*one) == _side(*pair) for one, pair in zip(shown, pairs, strict=True))

    return next(filter(keeps_sides, range(least, MOST_PLACES)), MOST_PLACES)


def _side(value: Decimal, mark: Decimal) -> int:
    return (value > mark) - (value < mark)
