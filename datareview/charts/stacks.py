"""Draw distributions by level: one row per window or group, one segment per level, lowest at the left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.html import escape
from django.utils.translation import ngettext

from datareview.charts.canvas import tag, text
from datareview.charts.palette import INK, ON_FILL, PAPER, ROLE_STYLES, SOFT
from datareview.charts.scales import categories, number_text, text_width

if TYPE_CHECKING:
    from datareview.charts.spec import Chart

ROW, BAR, KEY = 46, 32, 26
SIZE = 12.5


def draw_stack(chart: Chart, width: int) -> tuple[list[str], int]:
    """Draw the rows and the key. Returns the elements and their height."""
    names = categories(chart)
    left = max(text_width(name, SIZE) for name in names) + 14
    right = width - 34
    parts, key_height = draw_level_key(chart, left, right)
    for index, name in enumerate(names):
        parts += _row(chart, name, left, right, key_height + index * ROW)
    return parts, int(key_height + len(names) * ROW - (ROW - BAR) + 4)


def draw_level_key(chart: Chart, left: float, right: float) -> tuple[list[str], float]:
    """Draw the levels in order, each next to its color; wraps in narrow drawings."""
    parts: list[str] = []
    x, y = left, 12.0
    for series in chart.series:
        width = 18 + text_width(series.name, 12) + 16
        if x + width - 16 > right + 30 and x > left:
            x, y = left, y + 19
        parts.append(
            tag("rect", x=x, y=y - 10, width=12, height=12, rx=2, fill=ROLE_STYLES[series.role].fill)
        )
        parts.append(text(series.name, round(x + 18, 1), y, fill=SOFT))
        x = round(x + width, 1)
    return parts, y + KEY - 10


def _row(chart: Chart, name: str, left: float, right: float, top: float) -> list[str]:
    counts = [
        (series, dict(zip(map(str, series.x), series.y, strict=True)).get(name) or 0.0)
        for series in chart.series
    ]
    total = sum(count for _, count in counts)
    middle = round(top + BAR / 2 + 4.5, 1)
    parts = [text(name, left - 12, middle, text_anchor="end", font_size=SIZE, font_weight=500)]
    x = left
    for series, count in counts:
        span = (right - left) * count / total if total else 0.0
        if not span:
            continue
        title = f"<title>{escape(f'{name}, {series.name}: {number_text(count)}')}</title>"
        parts.append(
            tag(
                "rect",
                title,
                x=round(x, 1),
                y=top,
                width=round(span, 1),
                height=BAR,
                stroke=PAPER,
                stroke_width=1.5,
                fill=ROLE_STYLES[series.role].fill,
            )
        )
        if span > text_width(number_text(count), 13) + 6:
            parts.append(
                text(
                    number_text(count),
                    round(x + span / 2, 1),
                    middle,
                    text_anchor="middle",
                    font_size=13,
                    font_weight=600,
                    fill=ON_FILL.get(series.role, INK),
                )
            )
        x += span
    words = ngettext("%(n)s student", "%(n)s students", int(total)) % {"n": number_text(total)}
    parts.append(
        tag(
            "text",
            f"<title>{escape(words)}</title>",
            number_text(total),
            x=right + 8,
            y=middle,
            fill=SOFT,
            font_size=12,
        )
    )
    return parts
