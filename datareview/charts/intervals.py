"""Draw estimates with their intervals: a row for each group, a point and a line from the lower to the upper end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.html import escape

from datareview.charts.canvas import tag, text
from datareview.charts.marks import describe
from datareview.charts.palette import GRID, ROLE_STYLES, SOFT
from datareview.charts.scales import (
    Scale,
    categories,
    nice_ticks,
    number_text,
    text_width,
    x_position,
    y_extent,
)

if TYPE_CHECKING:
    from datareview.charts.spec import Chart

ROW, SIZE = 26, 12.5


def draw_intervals(chart: Chart, width: int) -> tuple[list[str], int]:
    """Draw the rows over a scale of the values. Returns the elements and their height."""
    names = categories(chart)
    left = min(max(text_width(name, SIZE) for name in names) + 16, width * 0.5)
    low, high = y_extent(chart)
    scale = Scale(low, high, left, width - 24)
    top, bottom = 6.0, 6.0 + ROW * len(names)
    parts = []
    for tick in nice_ticks(low, high, 5):
        if low <= tick <= high:
            x = scale(tick)
            parts.append(tag("line", x1=x, x2=x, y1=top, y2=bottom, stroke=GRID))
            parts.append(text(number_text(tick), x, bottom + 16, fill=SOFT, text_anchor="middle"))
    for line in chart.lines:
        style, across = ROLE_STYLES[line.role], scale(x_position(line.at))
        ends = {"x1": across, "x2": across, "y1": top, "y2": bottom}
        parts.append(
            tag("line", **ends, stroke=style.stroke, stroke_dasharray=style.dash, stroke_width=style.width)
        )
    for place, name in enumerate(names):
        y = round(top + (place + 0.5) * ROW, 1)
        parts.append(text(name, left - 12, y + 4, text_anchor="end", font_size=SIZE))
    for series in chart.series:
        style = ROLE_STYLES[series.role]
        for index, (name, value) in enumerate(zip(map(str, series.x), series.y, strict=True)):
            y = round(top + (names.index(name) + 0.5) * ROW, 1)
            if value is None:
                words = series.labels[index] if series.labels else ""
                parts.append(text(words, left + 8, y + 4, fill=SOFT))
                continue
            ends = {
                "x1": scale(series.low[index] or low),
                "x2": scale(series.high[index] or low),
                "y1": y,
                "y2": y,
            }
            title = f"<title>{escape(describe(series, index))}</title>"
            parts.append(tag("line", **ends, stroke=style.stroke, stroke_width=1.4))
            parts.append(tag("circle", title, cx=scale(value), cy=y, r=5, fill=style.fill))
    if chart.y_label:
        parts.append(text(chart.y_label, width - 24, bottom + 34, fill=SOFT, text_anchor="end"))
    return parts, int(bottom + (40 if chart.y_label else 22))
