"""Annotations of Plotly's figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from datareview.charts.labels import LABEL_GAP, LABEL_SIZE
from datareview.charts.palette import ROLE_STYLES
from datareview.charts.scales import spread, y_extent

if TYPE_CHECKING:
    from datareview.charts.labels import EndLabel
    from datareview.charts.spec import Chart

USUAL_HEIGHT = 190  # pixels of a plot, by which labels are moved apart


def plain_x(value: Any) -> Any:
    """A date as text, anything else as it is."""
    return value.isoformat() if hasattr(value, "isoformat") else value


def end_notes(chart: Chart, labels: list[EndLabel]) -> list[dict[str, Any]]:
    """The names of lines at their ends, as in the drawing: moved apart if they would overlap."""
    low, high = y_extent(chart)
    wanted = [USUAL_HEIGHT * (label.y - low) / (high - low) for label in labels]
    placed = spread(wanted, LABEL_GAP, 0, USUAL_HEIGHT)
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
