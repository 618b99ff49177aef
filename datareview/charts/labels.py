"""Labels at the right ends of lines, moved apart if they would overlap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from datareview.charts.canvas import tag, text
from datareview.charts.palette import ROLE_STYLES
from datareview.charts.scales import spread

if TYPE_CHECKING:
    from datareview.charts.canvas import Frame
    from datareview.charts.spec import Chart, X

LABEL_SIZE = 12.5
LABEL_GAP = 16
FAR = 5


@dataclass(frozen=True, slots=True)
class EndLabel:
    """A label, the end of its line, and its color."""

    text: str
    x: X
    y: float
    role: str
    is_bold: bool


def end_labels(chart: Chart) -> list[EndLabel]:
    """The last label of each emphasised line, and of goals and trends that have labels."""
    found = []
    for series in chart.series:
        known = [index for index, value in enumerate(series.y) if value is not None]
        if series.kind != "line" or not series.labels or not known:
            continue
        label = series.labels[-1]
        if label and (series.emphasis or series.role in ("goal", "trend")):
            value = series.y[known[-1]]
            found.append(EndLabel(label, series.x[known[-1]], value or 0.0, series.role, series.emphasis))
    return found


def draw_end_labels(chart: Chart, frame: Frame) -> list[str]:
    """Draw the labels in a column right of the plot, each with a thin line to its end if it had to move."""
    labels = end_labels(chart)
    placed = spread([frame.py(label.y) for label in labels], LABEL_GAP, frame.top + 4, frame.bottom)
    parts = []
    for label, y in zip(labels, placed, strict=True):
        style, end = ROLE_STYLES[label.role], frame.px(label.x)
        at = end + 10 if frame.categories else frame.right + 8
        if abs(y - frame.py(label.y)) > FAR or at - end > FAR * 3:
            parts.append(
                tag(
                    "line",
                    x1=end + 6,
                    y1=frame.py(label.y),
                    x2=at - 2,
                    y2=y,
                    stroke=style.stroke,
                    stroke_width=0.7,
                    opacity=0.7,
                )
            )
        parts.append(
            text(
                label.text,
                at + 2,
                y + 4,
                fill=style.text,
                font_size=LABEL_SIZE,
                font_weight=650 if label.is_bold else 500,
            )
        )
    return parts
