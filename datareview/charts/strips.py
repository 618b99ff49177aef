"""Distributions by category: a point for each value, and a box for the middle half of them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.utils.html import escape

from datareview.charts.canvas import tag
from datareview.charts.scales import number_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datareview.charts.canvas import Frame
    from datareview.charts.palette import Style
    from datareview.charts.spec import Series, X

GOLDEN = 0.6180339887  # multiples of it, without their whole part, are spread evenly
STRIP, BOX = 0.5, 0.62  # shares of a category's width


def side_steps(x: Sequence[X]) -> list[float]:
    """How far each point stands beside the middle of its category, in shares of the category's width.

    The same points get the same places, so a drawing does not change from one day to the next.
    """
    seen: Counter[X] = Counter()
    steps = []
    for value in x:
        steps.append(round(((seen[value] * GOLDEN) % 1 - 0.5) * STRIP, 4))
        seen[value] += 1
    return steps


def draw_boxes(series: Series, frame: Frame, style: Style) -> list[str]:
    """Draw a box from the lower to the upper quartile of each category, with its median as a line."""
    parts = []
    half = frame.slot * BOX / 2
    for place, x in enumerate(series.x):
        low, middle, high = series.low[place], series.y[place], series.high[place]
        if low is None or middle is None or high is None:
            continue
        left, top = round(frame.px(x) - half, 1), frame.py(high)
        words = f"{x}: {number_text(low)}, {number_text(middle)}, {number_text(high)}"
        parts.append(
            tag(
                "rect",
                f"<title>{escape(words)}</title>",
                x=left,
                y=top,
                width=round(2 * half, 1),
                height=round(max(frame.py(low) - top, 1), 1),
                rx=3,
                fill=style.fill,
                fill_opacity=0.55,
            )
        )
        y = frame.py(middle)
        ends = {"x1": left, "x2": round(left + 2 * half, 1), "y1": y, "y2": y}
        parts.append(tag("line", **ends, stroke=style.stroke, stroke_width=2.4))
    return parts
