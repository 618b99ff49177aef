"""Small drawings that are as wide as their place: one measure over time, on the levels of its benchmarks.

The drawing has no viewBox: x is in percent and y in pixels, so that text never shrinks. Lines are in a nested <svg> that
stretches. Colors are classes of static/css/student.css.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString, mark_safe

from datareview.charts.canvas import tag
from datareview.charts.palette import level_role
from datareview.charts.scales import date_ticks, nice_ticks, number_text
from teams.lib.hidden_names import hide_names

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

BREAK_DAYS = 28  # a longer gap breaks the line
WIDE = 1000
CHARACTER = 3.4  # percent that one takes in the narrowest place


@dataclass(frozen=True, slots=True)
class Wash:
    """A level behind the line: from ``first`` to ``last``, values ``low`` to ``high`` (None: to the edge)."""

    level: int
    first: dt.date
    last: dt.date
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class SmallChart:
    """One measure from ``first`` to ``last``; ``aim`` is a goal line, ``rug`` has marks beneath as (day, class)."""

    points: Sequence[tuple[dt.date, float]]
    first: dt.date
    last: dt.date
    y_range: tuple[float, float]
    washes: Sequence[Wash] = ()
    aim: tuple[tuple[dt.date, float], tuple[dt.date, float]] | None = None
    aim_label: str = ""
    rug: Sequence[tuple[dt.date, str]] = ()
    tone: str = ""
    has_bars: bool = False

    def x(self, day: dt.date) -> float:
        """The place of ``day`` in percent."""
        span = (self.last - self.first).days or 1
        return round(100 * (day - self.first).days / span, 2)


def small_chart(chart: SmallChart, *, label: str, height: int = 92) -> SafeString:
    """Draw ``chart``; ``label`` says for screen readers what it shows."""
    low, high = chart.y_range

    def y(value: float) -> float:
        share = (value - low) / ((high - low) or 1)
        return round(height * (1 - min(max(share, 0.0), 1.0)), 1)

    parts = [_wash(chart, wash, y, height) for wash in chart.washes]
    ticks = [at for at in nice_ticks(low, high, 2) if low <= at <= high]
    for at in ticks:
        parts.append(tag("line", class_="grid", x1=0, x2="100%", y1=y(at), y2=y(at)))
        parts.append(tag("text", number_text(at), class_="t-end", x=-7, y=y(at) + 4))
    parts += _months(chart, height + 15 + (14 if chart.rug else 0))
    if chart.aim:
        (start, begin), (end, goal) = chart.aim
        parts.append(_line([(chart.x(start), y(begin)), (chart.x(end), y(goal))], "aim", height))
        parts.append(tag("text", chart.aim_label, class_="t-aim t-end", x="100%", y=max(y(goal) - 7, -4)))
    if chart.has_bars:
        parts += [_bar(chart.x(day), y(value), height) for day, value in chart.points if value]
    else:
        parts += _marks(chart, y, height)
    parts.append(tag("line", class_="axis", x1=0, x2="100%", y1=height, y2=height))
    parts += [
        tag("circle", class_=css, cx=f"{chart.x(day)}%", cy=height + 12, r=3)
        for day, css in chart.rug
        if chart.first <= day <= chart.last
    ]
    drawing = tag("svg", *parts, width="100%", height=height, role="img", aria_label=hide_names(label))
    return mark_safe(drawing)  # noqa: S308 (numbers, fixed classes, and texts escaped by tag)


def whole_range(values: Sequence[float], *, within: tuple[float, float] | None = None) -> tuple[float, float]:
    """Round ends of an axis that has all ``values``, inside the scale ``within``."""
    ticks = nice_ticks(min(values), max(values) if max(values) > min(values) else min(values) + 1, 4)
    low, high = ticks[0], ticks[-1]
    if within:
        low, high = max(low, within[0]), min(high, within[1])
    return (low, high) if high > low else (low, low + 1)


def _wash(chart: SmallChart, wash: Wash, y: Callable[[float], float], height: int) -> str:
    if wash.last <= chart.first or wash.first >= chart.last:
        return ""
    left, right = max(chart.x(wash.first), 0.0), min(chart.x(wash.last), 100.0)
    top = 0.0 if wash.high is None else y(wash.high)
    bottom = float(height) if wash.low is None else y(wash.low)
    if bottom - top < 0.1:
        return ""
    return tag(
        "rect",
        class_=f"w{level_role(wash.level)[-1]}",
        x=f"{left}%",
        width=f"{round(right - left, 2)}%",
        y=top,
        height=round(bottom - top, 1),
    )


def _marks(chart: SmallChart, y: Callable[[float], float], height: int) -> list[str]:
    if not chart.points:
        return []
    places = [(day, chart.x(day), y(value)) for day, value in chart.points]
    runs: list[list[tuple[float, float]]] = []
    for index, (day, px, py) in enumerate(places):
        if not index or (day - places[index - 1][0]).days > BREAK_DAYS:
            runs.append([])
        runs[-1].append((px, py))
    parts = [_line(run, "ink", height) for run in runs if len(run) > 1]
    if len(places) <= 24:
        parts += [tag("circle", class_="dot", cx=f"{px}%", cy=py, r=2) for _day, px, py in places[:-1]]
    _day, px, py = places[-1]
    return [*parts, tag("circle", class_=f"dot-last {chart.tone}".strip(), cx=f"{px}%", cy=py, r=4)]


def _line(places: Sequence[tuple[float, float]], css: str, height: int) -> str:
    path = "".join(f"{'L' if i else 'M'}{round(x * WIDE / 100, 1)} {y}" for i, (x, y) in enumerate(places))
    inside = tag("path", class_=css, vector_effect="non-scaling-stroke", d=path)
    return tag(
        "svg",
        inside,
        width="100%",
        height=height,
        viewBox=f"0 0 {WIDE} {height}",
        preserveAspectRatio="none",
        aria_hidden="true",
    )


def _bar(x: float, top: float, height: int) -> str:
    return tag(
        "rect", class_="bar-mark", x=f"{max(x - 1, 0)}%", width="2%", y=top, height=round(height - top, 1)
    )


def _months(chart: SmallChart, y: float) -> list[str]:
    """The months, where there is room for their names."""
    parts, free = [], 0.0
    for at, name in date_ticks(chart.first.toordinal(), chart.last.toordinal(), 5):
        x = chart.x(dt.date.fromordinal(int(at)))
        if x >= free and x <= 96:
            parts.append(tag("text", name, class_="t-mid" if x > 4 else "", x=f"{x}%", y=y))
            free = x + CHARACTER * (len(name) + 1)
    return parts
