"""Plotly's traces of flows, which have axes of their own."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from datareview.charts.flows import ribbons, sides
from datareview.charts.palette import INK, ON_FILL, PAPER, ROLE_STYLES
from datareview.charts.scales import number_text

if TYPE_CHECKING:
    from datareview.charts.spec import Chart

THICK = 0.26  # of a bar, where the bars before and after are 1 apart
STEPS = 16  # straight pieces of a ribbon's edge


def flow_traces(chart: Chart) -> list[dict[str, Any]]:
    """A bar before and one after, in segments, and a filled ribbon for each pair of levels.

    Plotly's Sankey diagram is in no bundle smaller than all of Plotly, and orders the levels itself.
    """
    made = []
    for one in ribbons(chart):
        edge = [_ease(step / STEPS) for step in range(STEPS + 1)]
        left = [one.before + (one.after - one.before) * part for part in edge]
        down = [1 - THICK / 2 - (1 - THICK) * step / STEPS for step in range(STEPS + 1)]
        right = [x + one.count for x in reversed(left)]
        made.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": [*left, *right],
                "y": [*down, *reversed(down)],
                "fill": "toself",
                "fillcolor": one.color,
                "opacity": 0.75 if one.rise else 0.55,
                "line": {"width": 0, "color": one.color},
                "hoveron": "fills",
                "hoverinfo": "text",
                "text": one.label,
                "name": one.label,
                "showlegend": False,
                **({"meta": {"page": one.link}} if one.link else {}),
            }
        )
    for series, before, after in zip(chart.series, *sides(chart), strict=True):
        made.append(
            {
                "type": "bar",
                "orientation": "h",
                "width": THICK,
                "x": [before, after],
                "y": [1, 0],
                "name": series.name,
                "text": ["" if not count else number_text(count) for count in (before, after)],
                "textposition": "inside",
                "insidetextanchor": "middle",
                "textangle": 0,
                "textfont": {"color": ON_FILL.get(series.role, INK)},
                "marker": {"color": ROLE_STYLES[series.role].fill, "line": {"color": PAPER, "width": 1}},
                "hoverinfo": "name+x",
                "showlegend": True,
            }
        )
    return made


def flow_layout(chart: Chart, layout: dict[str, Any]) -> dict[str, Any]:
    """The two days at the left, the key of the levels above; everybody is as wide as the chart."""
    legend = {"orientation": "h", "traceorder": "normal", "x": 0, "y": 1, "yanchor": "bottom"}
    layout |= {"barmode": "stack", "legend": legend, "dragmode": False}
    layout["margin"] |= {"b": 4}
    layout["xaxis"] |= {"visible": False, "range": [0, max(1.0, sum(sides(chart)[1]))]}
    ticks = {"tickvals": [1, 0], "ticktext": [chart.x_label, chart.y_label]}
    layout["yaxis"] |= {"range": [-THICK / 2, 1 + THICK / 2], "showgrid": False, **ticks}
    return layout


def _ease(part: float) -> float:
    """A curve that leaves one bar and meets the other upright."""
    return (1 - math.cos(math.pi * part)) / 2
