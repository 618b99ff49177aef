"""Scales from values to pixels, and positions of ticks."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from teams.lib import formats

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datareview.charts.spec import Chart, X

Tick = tuple[float, str]
DATE_STEPS_DAYS = (1, 2, 7, 14)
MONTH_STEPS = (1, 2, 3, 6, 12)
CATEGORY_INSET, CATEGORY_END = 28, 8  # pixels before the first and after the last category


@dataclass(frozen=True, slots=True)
class Scale:
    """A linear map from values ``low`` … ``high`` to pixels ``start`` … ``end``."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The pixel of ``value``, rounded to a tenth."""
        span = self.high - self.low
        share = (value - self.low) / span if span else 0.5
        return round(self.start + share * (self.end - self.start), 1)


def number_text(value: float) -> str:
    """Format 12, 12.5, 1,200: at most one decimal, or two below one."""
    return formats.number(value, 2 if abs(value) < 1 else 1)


def nice_ticks(low: float, high: float, most: int = 5) -> list[float]:
    """Round tick values that cover ``low`` … ``high``, about ``most`` at most."""
    if high <= low:
        high = low + 1
    raw = (high - low) / max(1, most)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= raw * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(index * step, 10) for index in range(first, last + 1)]


def y_values(chart: Chart) -> list[float]:
    """All y-values that the axis must include: values, inner edges of bands, horizontal lines."""
    marks = [v for s in chart.series for v in (*s.y, *s.low, *s.high) if v is not None]
    edges = [v for band in chart.bands for v in (band.low, band.high) if v is not None]
    levels = [line.at for line in chart.lines if line.axis == "y" and isinstance(line.at, float | int)]
    zero = [0.0] if any(series.kind == "bars" for series in chart.series) else []
    return [*marks, *edges, *levels, *zero]


def y_extent(chart: Chart) -> tuple[float, float]:
    """Lowest and highest y to show; 0 to 1 if there is no value."""
    if chart.y_range:
        return _with_room(chart, *chart.y_range)
    values = y_values(chart)
    if not values:
        return 0.0, 1.0
    low, high = min(values), max(values)
    pad = (high - low) * 0.06 or max(1.0, abs(high) * 0.1)
    return (low if low == 0 else low - pad), high + pad


def _with_room(chart: Chart, low: float, high: float) -> tuple[float, float]:
    """A given range, wider where a dot would be cut by its edge."""
    dots = [y for series in chart.series if series.kind == "points" for y in series.y if y is not None]
    room = (high - low) * 0.06
    if dots and min(dots) < low + room / 2:
        low -= room
    if dots and max(dots) > high - room / 2:
        high += room
    return low, high


def x_position(value: X) -> float:
    """Convert a date or a number to a float. Not for categories, which are placed by order."""
    return float(value.toordinal()) if isinstance(value, dt.date) else float(value)


def x_extent(chart: Chart) -> tuple[float, float]:
    """First and last x, including vertical lines."""
    values = [x_position(x) for series in chart.series for x in series.x]
    values += [x_position(line.at) for line in chart.lines if line.axis == "x"]
    if not values:
        return 0.0, 1.0
    low, high = min(values), max(values)
    pad = max((high - low) * 0.015, 0.5)
    return low - pad, high + pad


def categories(chart: Chart) -> list[str]:
    """The categories of x in order of first appearance."""
    return list(dict.fromkeys(str(x) for series in chart.series for x in series.x))


def date_ticks(low: float, high: float, most: int) -> list[Tick]:
    """At most ``most`` ticks: Mondays for a few weeks, first days of months for longer spans."""
    first, last = dt.date.fromordinal(math.ceil(low)), dt.date.fromordinal(math.floor(high))
    days = (last - first).days + 1
    for step in DATE_STEPS_DAYS:
        if days / step <= most:
            start = first if step < 7 else first + dt.timedelta(days=-first.weekday() % 7)
            found = [start + dt.timedelta(days=step * i) for i in range(days // step + 1)]
            return [(float(d.toordinal()), formats.short_day(d, with_year=False)) for d in found if d <= last]
    months = _month_starts(first, last)
    step = next((s for s in MONTH_STEPS if len(months) / s <= most), 12)
    chosen = [d for d in months if (d.month - 1) % step == 0]
    return [(float(d.toordinal()), _month_text(d, d is chosen[0])) for d in chosen]


def _month_starts(first: dt.date, last: dt.date) -> list[dt.date]:
    index, end = first.year * 12 + first.month - 1, last.year * 12 + last.month - 1
    starts = [dt.date(i // 12, i % 12 + 1, 1) for i in range(index, end + 1)]
    return [day for day in starts if first <= day <= last]


def _month_text(day: dt.date, is_first: bool) -> str:
    """Format "Nov"; with the year in January, except for the first tick."""
    return formats.month(day, with_year=day.month == 1 and not is_first)


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Positions close to ``wanted``, in the same order, at least ``gap`` apart, within low … high.

    Labels that would overlap are pooled and centered on the mean of their wanted positions, as in isotonic
    regression. If there are more labels than fit, they stay ``gap`` apart and overflow at the end.
    """
    order = sorted(range(len(wanted)), key=lambda i: (wanted[i], i))
    blocks: list[list[float]] = []  # [mean of (wanted - rank * gap), size]
    for rank, index in enumerate(order):
        blocks.append([wanted[index] - rank * gap, 1])
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            mean, size = blocks.pop()
            blocks[-1] = [
                (blocks[-1][0] * blocks[-1][1] + mean * size) / (blocks[-1][1] + size),
                blocks[-1][1] + size,
            ]
    flat = [mean for mean, size in blocks for _ in range(int(size))]
    ceiling = high - (len(order) - 1) * gap
    placed = [0.0] * len(wanted)
    for rank, index in enumerate(order):
        placed[index] = round(max(low, min(flat[rank], ceiling)) + rank * gap, 1)
    return placed


def text_width(text: str, size: float = 12) -> float:
    """Approximate width of ``text`` in the font Inter, in pixels."""
    narrow, wide = set("iIljt.,:;'|! ()[]f"), set("mwMW%@")
    units = sum(0.32 if c in narrow else 0.88 if c in wide else 0.66 if c.isupper() else 0.575 for c in text)
    return units * size
