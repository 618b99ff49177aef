"""Draw the layers below the marks: zones, grid, ticks, straight lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datareview.charts.canvas import halo, tag, text
from datareview.charts.palette import GRID, LINE, ROLE_STYLES, SOFT
from datareview.charts.scales import date_ticks, nice_ticks, number_text, text_width, x_position, y_extent

if TYPE_CHECKING:
    from datareview.charts.canvas import Frame
    from datareview.charts.palette import Style
    from datareview.charts.scales import Tick
    from datareview.charts.spec import Chart

PIXELS_A_TICK = 72
LABEL_SIZE = 12
KEY_ROW = 17


def draw_bands(chart: Chart, frame: Frame) -> list[str]:
    """Draw zones of the y-axis, each with a dashed edge where it begins."""
    parts = []
    inside = _marked_levels(chart)
    for band in chart.bands:
        style = ROLE_STYLES[band.role]
        top = frame.py(band.high) if band.high is not None else frame.top
        bottom = frame.py(band.low) if band.low is not None else frame.bottom
        width, height = round(frame.right - frame.left, 1), round(bottom - top, 1)
        if height > 0:
            parts.append(tag("rect", x=frame.left, y=top, width=width, height=height, fill=style.fill))
        parts += [
            _stroke(frame.left, frame.right, frame.py(edge), frame.py(edge), style)
            for edge in (band.low, band.high)
            if edge in inside
        ]
    return parts


def draw_axes(chart: Chart, frame: Frame, ticks: list[float], *, narrow: bool) -> list[str]:
    """Draw grid lines with their values, the unit above them, and the ticks of x."""
    parts = []
    marked = _marked_levels(chart)
    for value in ticks:
        y = frame.y(value)
        parts.append(tag("line", x1=frame.left, x2=frame.right, y1=y, y2=y, stroke=GRID))
        if all(abs(y - frame.y(level)) > LABEL_SIZE + 3 for level in marked):
            parts.append(text(number_text(value), frame.left - 8, y + 4, fill=SOFT, text_anchor="end"))
    bottom = frame.bottom
    parts.append(tag("line", x1=frame.left, x2=frame.right, y1=bottom, y2=bottom, stroke=LINE))
    if chart.y_label:
        parts.append(text(chart.y_label, 0, 11, fill=SOFT))
    if chart.x_label and not narrow and not marked:
        parts.append(text(chart.x_label, frame.right, 11, fill=SOFT, text_anchor="end"))
    for x, label in _x_ticks(chart, frame):
        parts.append(text(label, x, bottom + 17, fill=SOFT, text_anchor=_anchor(x, label, frame)))
    return parts


def draw_lines(chart: Chart, frame: Frame) -> list[str]:
    """Draw benchmarks and goals horizontally and phase changes vertically; overlapping names move to the next row."""
    parts: list[str] = []
    ends = [float("-inf"), float("-inf")]
    for line in sorted(chart.lines, key=lambda line: (line.axis, x_position(line.at))):
        style = ROLE_STYLES[line.role]
        if line.axis == "y":
            y = frame.py(x_position(line.at))
            parts.append(_stroke(frame.left, frame.right, y, y, style))
            continue
        x = frame.px(line.at)
        parts.append(_stroke(x, x, frame.top - 12, frame.bottom, style))
        width = text_width(line.label, LABEL_SIZE)
        start = x - width - 5 if x + width + 5 > frame.right + 40 else x + 5
        row = 0 if start > ends[0] + 8 else 1
        ends[row] = start + width
        if line.label:
            parts.append(halo(line.label, round(start, 1), frame.top - 3 + row * 15, fill=style.text))
    return parts


def draw_key(chart: Chart, frame: Frame) -> list[str]:
    """Draw the key of zones and horizontal lines, at the top right and clear of the data.

    Each entry shows the dashes of its line. The value is at the axis, in the same color.
    """
    parts = []
    for level, role in _marked_levels(chart).items():
        place = (frame.left - 8, frame.py(level) + 4)
        ink = ROLE_STYLES[role].text
        parts.append(halo(number_text(level), *place, fill=ink, text_anchor="end", font_weight=600))
    x, y = frame.right, 11 + (KEY_ROW if key_needs_row(chart, frame.right) else 0)
    for label, role in reversed(_names(chart)):
        style = ROLE_STYLES[role]
        parts.append(text(label, x, y, fill=style.text, text_anchor="end"))
        x = round(x - text_width(label, LABEL_SIZE) - 24, 1)
        parts.append(tag("rect", x=x, y=y - 10, width=18, height=12, fill=style.fill, opacity=0.9))
        parts.append(_stroke(x, x + 18, y - 4, y - 4, style))
        x -= 14
    return parts


def head_height(chart: Chart, right: float) -> int:
    """The height that the unit and the key need above the plot."""
    if not chart.y_label and not _names(chart):
        return 0
    return 18 + (KEY_ROW if key_needs_row(chart, right) else 0)


def key_needs_row(chart: Chart, right: float) -> bool:
    """Whether the unit and the key do not fit side by side."""
    key = sum(text_width(label, LABEL_SIZE) + 38 for label, _role in _names(chart))
    return bool(key and chart.y_label) and text_width(chart.y_label, LABEL_SIZE) + key > right


def _names(chart: Chart) -> list[tuple[str, str]]:
    bands = [(band.label, band.role) for band in chart.bands]
    edges = {edge for band in chart.bands if band.label for edge in (band.low, band.high)}
    lines = [
        (line.label, line.role) for line in chart.lines if line.axis == "y" and line.at not in edges
    ]  # a line along the edge of a zone shares the zone's name
    return [(label, role) for label, role in [*bands, *lines] if label]


def _marked_levels(chart: Chart) -> dict[float, str]:
    """Map y-values of zones and lines inside the scale to their roles."""
    low, high = y_extent(chart)
    edges = {edge: band.role for band in chart.bands for edge in (band.low, band.high) if edge is not None}
    across = {x_position(line.at): line.role for line in chart.lines if line.axis == "y"}
    return {level: role for level, role in (edges | across).items() if low < level < high}


def _x_ticks(chart: Chart, frame: Frame) -> list[Tick]:
    most = max(2, int((frame.right - frame.left) / PIXELS_A_TICK))
    if frame.categories:
        return [(frame.px(name), name) for name in frame.categories]
    if chart.x_kind == "date":
        found = date_ticks(frame.x.low, frame.x.high, most)
    else:
        found = [(value, number_text(value)) for value in nice_ticks(frame.x.low, frame.x.high, most)]
    return [(frame.x(at), label) for at, label in found if frame.x.low <= at <= frame.x.high]


def _anchor(x: float, label: str, frame: Frame) -> str:
    """The text anchor of a tick: centered, unless it would exceed the left or right edge of the drawing."""
    half = text_width(label, LABEL_SIZE) / 2
    return "start" if x - half < 0 else "end" if x + half > frame.right + 6 else "middle"


def _stroke(x1: float, x2: float, y1: float, y2: float, style: Style) -> str:
    dash, width = style.dash, style.width
    line = {"x1": x1, "x2": x2, "y1": y1, "y2": y2}
    return tag("line", **line, stroke=style.stroke, stroke_dasharray=dash, stroke_width=width)
