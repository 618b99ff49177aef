"""Draw charts as SVG on the server: for the first paint, phones, print, and browsers without JavaScript.

Uses presentation attributes only, so that the strict content security policy holds. Colors are references to tokens of
the style sheets, so that one drawing serves the light and the dark theme. `render` is pure: equal charts give equal bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from datareview.charts.axes import draw_axes, draw_bands, draw_key, draw_lines, head_height
from datareview.charts.calendars import draw_days
from datareview.charts.canvas import Frame, tag, text
from datareview.charts.flows import draw_flow
from datareview.charts.intervals import draw_intervals
from datareview.charts.labels import LABEL_SIZE, draw_end_labels, end_labels
from datareview.charts.marks import draw_series
from datareview.charts.palette import SOFT
from datareview.charts.scales import (
    Scale,
    categories,
    nice_ticks,
    number_text,
    text_width,
    x_extent,
    y_extent,
)
from datareview.charts.stacks import draw_stack

if TYPE_CHECKING:
    from datareview.charts.spec import Chart, Series

NARROW = 480
LOW = 190
DRAWING_ORDER = {"band": 0, "box": 0, "bars": 1, "line": 2, "points": 3, "strip": 3}


def render(chart: Chart, *, width: int = 760, height: int = 260) -> SafeString:
    """Draw a chart as an <svg> of ``width`` × ``height`` units that scales to its container."""
    if chart.is_empty:
        nothing = _("No data to show yet.")
        parts = [text(nothing, width / 2, height / 2, fill=SOFT, text_anchor="middle", font_size=13)]
    elif chart.is_stack:
        parts, height = draw_stack(chart, width)
    elif chart.is_all("flow"):
        parts, height = draw_flow(chart, width)
    elif chart.is_all("interval"):
        parts, height = draw_intervals(chart, width)
    elif chart.is_all("days"):
        parts, height = draw_days(chart, width)
    else:
        parts = _draw_plot(chart, width, height)
    # Focusable elements must not be inside role="img", whose content assistive technology ignores.
    can_focus = any('tabindex="0"' in part for part in parts)
    drawing = tag(
        "svg",
        *parts,
        viewBox=f"0 0 {width} {height}",
        role="group" if can_focus else "img",
        aria_label=chart.sentence or chart.title,
        font_family="Inter, ui-sans-serif, system-ui, sans-serif",
    )
    return mark_safe(drawing)  # noqa: S308 (every text went through escape)


def _draw_plot(chart: Chart, width: int, height: int) -> list[str]:
    narrow = width < NARROW
    frame, ticks = _frame(chart, width, height)
    ordered = sorted(chart.series, key=lambda s: (s.emphasis, DRAWING_ORDER.get(s.kind, 0)))
    return [
        *draw_bands(chart, frame),
        *draw_axes(chart, frame, ticks, narrow=narrow),
        *draw_lines(chart, frame),
        *(part for series in ordered for part in draw_series(series, frame, _count_of(chart, series))),
        *draw_key(chart, frame),
        *draw_end_labels(chart, frame),
    ]


def _count_of(chart: Chart, series: Series) -> int:
    """The number of positions along x that share the width with the bars of ``series``."""
    return len({x for other in chart.series if other.kind == series.kind for x in other.x})


def _frame(chart: Chart, width: int, height: int) -> tuple[Frame, list[float]]:
    """Compute margins that fit the labels, and the ticks of the y-axis."""
    low, high = y_extent(chart)
    ticks = [tick for tick in nice_ticks(low, high, 3 if height < LOW else 5) if low <= tick <= high]
    left = max((text_width(number_text(tick)) for tick in ticks), default=0) + 10
    labels = end_labels(chart)
    widest = max((text_width(label.text, LABEL_SIZE) for label in labels), default=0)
    right = max(width - (widest + 18 if labels else 6), width * 0.55)
    top = 8 + head_height(chart, right) + (16 if _has_phases(chart) else 0)
    bottom = height - (24 if height >= LOW else 20)
    names = tuple(categories(chart)) if chart.x_kind == "category" else ()
    first, last = (0.0, 1.0) if names else x_extent(chart)
    y, x = Scale(low, high, bottom, top), Scale(first, last, left, right)
    return Frame(left, right, top, bottom, y, x, names, chart.has_slots), ticks


def _has_phases(chart: Chart) -> bool:
    return any(line.axis == "x" and line.label for line in chart.lines)
