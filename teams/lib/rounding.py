"""Rounding that never moves a figure onto, or over, what it is held against."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_PLACES = 6  # to which figures are rounded where they are computed


def fewest_places(
    values: Iterable[float], marks: Iterable[float], *, least: int = 0, rounds_marks: bool = False
) -> int:
    """Return the fewest digits after the point that keep each rounded value on its side of every mark.

    ``least`` is where counting starts. Marks are shown as they are; with ``rounds_marks`` they are rounded to as
    many digits as the values. What agrees to `MOST_PLACES` digits is equal.
    """
    pairs = [(round(value, MOST_PLACES), round(mark, MOST_PLACES)) for value in values for mark in marks]

    def keeps_sides(places: int) -> bool:
        shown = ((round(v, places), round(m, places) if rounds_marks else m) for v, m in pairs)
        return all(_side(*one) == _side(*pair) for one, pair in zip(shown, pairs, strict=True))

    return next(filter(keeps_sides, range(least, MOST_PLACES)), MOST_PLACES)


def _side(value: float, mark: float) -> int:
    return (value > mark) - (value < mark)
