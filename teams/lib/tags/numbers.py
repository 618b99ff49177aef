"""Template filters for numbers (`teams.lib.formats`); None gives ""."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template

from teams.lib import formats
from teams.lib.rounding import MOST_PLACES

if TYPE_CHECKING:
    from decimal import Decimal

register = template.Library()
NOTHING = (None, "")  # Django gives filters "" for a variable that is not there


@register.filter
def number(value: float | Decimal | None, most: int = MOST_PLACES) -> str:
    """1,234.5 or −3, with at most ``most`` digits after the point."""
    return "" if value in NOTHING else formats.number(value, most)


@register.filter
def fixed(value: float | Decimal | None, places: int) -> str:
    """3.0, with exactly ``places`` digits after the point."""
    return "" if value in NOTHING else formats.fixed(value, places)


@register.filter
def percent(value: float | Decimal | None, most: int = MOST_PLACES) -> str:
    """10.5% for 10.5, with at most ``most`` digits after the point."""
    return "" if value in NOTHING else formats.percent(value, most)


class Count(int):
    """An integer that is written as readers write it: "1,234"."""

    def __str__(self) -> str:
        return formats.number(int(self))


@register.filter
def counted(value: int | None) -> Count:
    """A number for ``{% blocktranslate count n=rows|counted %}``, which chooses the form by it and writes it: 1,234."""
    return Count(value or 0)
