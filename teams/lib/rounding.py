"""Rounding, and the digits needed to keep a rounded value on its side of a threshold."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_PLACES = 6  # figures are rounded to so many when they are computed


def rounded(value: float | Decimal, places: int) -> Decimal:
    """Return ``value`` rounded to ``places`` digits after the point; halves are rounded away from zero.

    Values are first rounded to `MOST_PLACES` digits, so that 0.15 stored as a float counts as a half. Never −0.
    """
    exact = value if isinstance(value, Decimal) else Decimal(repr(round(float(value), MOST_PLACES)))
    return exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP) + 0


def fewest_places(
    values: Iterable[float], marks: Iterable[float], *, least: int = 0, rounds_marks: bool = False
) -> int:
    """Return the fewest digits after the point that keep each rounded value on its side of every mark.

    ``least`` is the smallest number returned. Marks are compared unrounded, or with ``rounds_marks`` rounded to as
    many digits as the values. Numbers that agree to `MOST_PLACES` digits are equal.
    """
    pairs = [(rounded(value, MOST_PLACES), rounded(mark, MOST_PLACES)) for value in values for mark in marks]

    def keeps_sides(places: int) -> bool:
        shown = ((rounded(v, places), rounded(m, places) if rounds_marks else m) for v, m in pairs)
        return all(_side(*one) == _side(*pair) for one, pair in zip(shown, pairs, strict=True))

    return next(filter(keeps_sides, range(least, MOST_PLACES)), MOST_PLACES)


def _side(value: Decimal, mark: Decimal) -> int:
    return (value > mark) - (value < mark)
