"""What lies under the marks: zones, grid, ticks, straight lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datareview.charts.canvas import halo, tag, text
from datareview.charts.palette import GRID, LINE, ROLE_STYLES, SOFT
from datareview.charts.scales import date_ticks, nice_ticks, number_text, text_width, x_position

if TYPE_CHECKING:
    from datareview.charts.canvas import Frame
    from datareview.charts.scales import Tick
    from datareview.charts.spec import Chart

PIXELS_A_TICK = 72
LABEL_SIZE = 12


def draw_bands(chart: Chart, frame: Frame) -> list[str]:
    """Zones of the y-axis, with a dashed edge where they begin and their name at the right end of it."""
    parts = []
    for band in chart.bands:
        style = ROLE_STYLES[band.role]
        top = frame.py(band.high) if band.high is not None else frame.top
        bottom = frame.py(band.low) if band.low is not None else frame.bottom
        if bottom - top > 0:
            parts.append(tag("rect", x=frame.left, y=top, width=frame.right - frame.left, height=round(bottom - top, 1),
                             fill=style.fill))  # fmt: skip
        edge = bottom if band.low is not None else top
        parts.append(_dashes(frame.left, frame.right, edge, edge, style.stroke, style.dash, style.width))
        if band.label:
            over = edge - 6 if edge - frame.top > LABEL_SIZE + 6 else edge + LABEL_SIZE + 3
            parts.append(halo(band.label, frame.left + 8, round(over, 1), fill=style.text, stroke=style.fill))
    return parts


def draw_axes(chart: Chart, frame: Frame, ticks: list[float], *, narrow: bool) -> list[str]:
    """Hairlines with their values, the unit over them, and the ticks of x."""
    parts = []
    for value in ticks:
        y = frame.y(value)
        parts.append(tag("line", x1=frame.left, x2=frame.right, y1=y, y2=y, stroke=GRID))
        parts.append(text(number_text(value), frame.left - 8, y + 4, fill=SOFT, text_anchor="end"))
    parts.append(tag("line", x1=frame.left, x2=frame.right, y1=frame.bottom, y2=frame.bottom, stroke=LINE))
    if chart.y_label:
        parts.append(text(chart.y_label, 0, 11, fill=SOFT))
    parts += [text(label, x, frame.bottom + 17, fill=SOFT, text_anchor=_anchor(x, label, frame))
              for x, label in _x_ticks(chart, frame)]  # fmt: skip
    if chart.x_label and not narrow:
        parts.append(text(chart.x_label, frame.right, 11, fill=SOFT, text_anchor="end"))
    return parts


def draw_lines(chart: Chart, frame: Frame) -> list[str]:
    """Benchmarks and goals across, phase changes down; names that would meet take the next row."""
    parts: list[str] = []
    ends = [float("-inf"), float("-inf")]
    for line in sorted(chart.lines, key=lambda line: (line.axis, str(line.at))):
        style = ROLE_STYLES[line.role]
        if line.axis == "y":
            y = frame.py(x_position(line.at))
            parts.append(_dashes(frame.left, frame.right, y, y, style.stroke, style.dash, style.width))
            parts.append(halo(line.label, frame.left + 8, y - 6, fill=style.text) if line.label else "")
            continue
        x = frame.px(line.at)
        parts.append(_dashes(x, x, frame.top - 10, frame.bottom, style.stroke, style.dash, style.width))
        if line.label:
            width = text_width(line.label, LABEL_SIZE)
            start = x - width - 5 if x + width + 5 > frame.right + 40 else x + 5
            row = 0 if start > ends[0] + 8 else 1
            ends[row] = start + width
            parts.append(halo(line.label, round(start, 1), frame.top - 2 + row * 15, fill=style.text))
    return parts


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
    """Ticks are centred, but never stick out of the drawing at the left or far over the right edge."""
    half = text_width(label) / 2
    return "start" if x - half < 0 else "end" if x + half > frame.right + 6 else "middle"


def _dashes(x1: float, x2: float, y1: float, y2: float, stroke: str, dash: str, width: float) -> str:
    return tag("line", x1=x1, x2=x2, y1=y1, y2=y2, stroke=stroke, stroke_dasharray=dash, stroke_width=width)
