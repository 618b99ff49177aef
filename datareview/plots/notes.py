"""Annotations of Plotly's figures."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from datareview.charts.labels import LABEL_GAP, LABEL_SIZE
from datareview.charts.palette import ROLE_STYLES
from datareview.charts.scales import categories, spread, text_width, x_extent, y_extent
from datareview.charts.spec import Line

if TYPE_CHECKING:
    from datareview.charts.labels import EndLabel
    from datareview.charts.spec import Band, Chart

GAP = 14  # pixels between names above a plot
LEAST_HEIGHT = 140  # pixels of a plot, by which labels are moved apart; none is lower
PAD = 0.08  # of the way between two categories


def plain_x(value: Any) -> Any:
    """A date as text, anything else as it is."""
    return value.isoformat() if hasattr(value, "isoformat") else value


def x_range(chart: Chart) -> list[Any]:
    """The range of the x axis that ends with the lines, so that names at their ends stand beside the plot."""
    if chart.x_kind == "category":
        return [-PAD, len(categories(chart)) - 1 + PAD / 4]
    ends = x_extent(chart)
    return [dt.date.fromordinal(round(x)).isoformat() for x in ends] if chart.x_kind == "date" else list(ends)


def end_notes(chart: Chart, labels: list[EndLabel]) -> list[dict[str, Any]]:
    """The names of lines at their ends, as in the drawing: moved apart if they would overlap."""
    low, high = y_extent(chart)
    wanted = [LEAST_HEIGHT * (label.y - low) / (high - low) for label in labels]
    placed = spread(wanted, LABEL_GAP, LABEL_GAP / 2, LEAST_HEIGHT)  # above the names of the x axis
    return [
        {
            "text": label.text,
            "showarrow": False,
            "font": {"color": ROLE_STYLES[label.role].text, "size": LABEL_SIZE},
            "x": plain_x(label.x),
            "xref": "x",
            "xanchor": "left",
            "xshift": 8,
            "y": label.y,
            "yref": "y",
            "yshift": round(place - want, 1),
        }
        for label, want, place in zip(labels, wanted, placed, strict=True)
    ]


def mark_note(mark: Band | Line) -> dict[str, Any]:
    """The name of a zone at its edge, or of a line at its end."""
    note = {
        "text": mark.label,
        "showarrow": False,
        "font": {"color": ROLE_STYLES[mark.role].text, "size": 12},
    }
    if isinstance(mark, Line) and mark.axis == "x":
        top = {"y": 1, "yref": "paper", "xanchor": "left", "yanchor": "bottom"}
        return {**note, **top, "x": plain_x(mark.at), "xref": "x"}
    at = mark.at if isinstance(mark, Line) else mark.low if mark.low is not None else mark.high
    return {**note, "x": 1, "xref": "paper", "y": at, "yref": "y", "xanchor": "right", "yanchor": "bottom"}


def above_plot(marks: list[Band | Line], *, beside: float) -> list[dict[str, Any]]:
    """The names of zones and lines above the plot, side by side, to the end of what is ``beside`` it (pixels)."""
    found, shift = [], beside
    for mark in reversed(marks):
        note = mark_note(mark)
        if note["xref"] == "paper":
            note |= {
                "text": f"{'– –' if isinstance(mark, Line) else '■'} {mark.label}",
                "y": 1,
                "yref": "paper",
            }
            note["xshift"] = round(shift)
            shift -= text_width(note["text"], LABEL_SIZE) + GAP
        found.append(note)
    return found[::-1]
