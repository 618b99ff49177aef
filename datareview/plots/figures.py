"""Convert charts to Plotly figures, as plain dicts, which take the place of the drawing in the browser.

Where a point stands for something that has a page, ``customdata`` is the page's path; static/js/charts.js opens it, and
puts the theme's colors for the references to tokens.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from datareview.charts.labels import LABEL_SIZE, end_labels
from datareview.charts.marks import UNBROKEN, describe, runs
from datareview.charts.palette import GRID, INK, LINE, ON_FILL, PAPER, ROLE_STYLES, SOFT
from datareview.charts.scales import categories, number_text, text_width, y_extent
from datareview.charts.strips import BOX, side_steps
from datareview.plots.notes import above_plot, end_notes, mark_note, plain_x, x_range
from datareview.plots.traces import flow_layout, flow_traces

if TYPE_CHECKING:
    from collections.abc import Callable

    from datareview.charts.palette import Style
    from datareview.charts.spec import Band, Chart, Line, Series

DASHES = {"6 4": "dash", "5 4": "dash", "3 3": "dash", "2 4": "dot", "": "solid"}
FONT = {"family": "Inter, system-ui, sans-serif", "size": 12.5, "color": INK}


def figure(chart: Chart, *, is_small: bool = False, selects: bool = False) -> dict[str, Any]:
    """``data``, ``layout`` and ``config`` for ``Plotly.newPlot``, in JSON types only; small ones have no tools.

    With ``selects``, dragging selects the points of the chart that have a page, and zooming is a tool.
    """
    builders: dict[str, Callable[[Series, Style], list[dict[str, Any]]]] = {
        "points": _points,
        "line": _line,
        "band": _band,
        "bars": _bars,
        "stack": _stack,
        "strip": partial(_strip, categories(chart)),
        "box": partial(_box, categories(chart)),
    }
    if chart.is_all("flow"):
        data, layout = flow_traces(chart), flow_layout(chart, _page_layout())
    else:
        data = [
            trace
            for series in chart.series
            for trace in builders[series.kind](series, ROLE_STYLES[series.role])
        ]
        layout = _layout(chart)
    config = {
        "displaylogo": False,
        "displayModeBar": False if is_small else "hover",
        "modeBarButtonsToRemove": ["select2d", "lasso2d"],
    }
    if selects and any(series.kind in ("points", "strip") and series.links for series in chart.series):
        layout["dragmode"] = "lasso"
        config |= {"displayModeBar": True, "modeBarButtonsToRemove": []}
    return {"data": _without_markup(data), "layout": _without_markup(layout), "config": config}


def _without_markup(value: Any) -> Any:
    """Escape tags in every text: Plotly would make links, breaks and bold of them."""
    if isinstance(value, dict):
        return {key: _without_markup(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_without_markup(one) for one in value]
    return value.replace("<", "&lt;").replace(">", "&gt;") if isinstance(value, str) else value


def _base(series: Series, **more: Any) -> dict[str, Any]:
    return {"type": "scatter", "name": series.name, "showlegend": False, **more}


def _values(series: Series) -> dict[str, Any]:
    values = {
        "x": [plain_x(x) for x in series.x],
        "y": list(series.y),
        "text": [describe(series, index) for index in range(len(series.x))],
        "hoverinfo": "text",
    }
    return {**values, **_pages(series)}


def _pages(series: Series) -> dict[str, Any]:
    return {"customdata": list(series.links)} if series.links else {}


def _points(series: Series, style: Style) -> list[dict[str, Any]]:
    marker = {"color": style.fill, "size": 9 if series.emphasis else 7, "line": {"color": PAPER, "width": 1}}
    return [_base(series, **_values(series), mode="markers", marker=marker, cliponaxis=False)]


def _line(series: Series, style: Style) -> list[dict[str, Any]]:
    """A line broken at gaps by points without a value, as in the SVG."""
    dash = DASHES.get(style.dash, "dash") if style.dash or not series.dashed else "dash"
    line = {"color": style.stroke, "width": style.width, "dash": dash}
    values = _values(series)
    if series.role not in UNBROKEN:
        pieces = runs(series)
        values = {
            **values,
            **{
                key: _broken(values[key], pieces) for key in ("x", "y", "text", "customdata") if key in values
            },
        }
    mode = "lines+markers" if series.x and isinstance(series.x[0], str) else "lines"
    opacity = 1 if series.emphasis or not series.role.startswith("level-") else 0.6
    return [_base(series, **values, mode=mode, line=line, opacity=opacity, connectgaps=False)]


def _broken(values: list[Any], pieces: list[list[int]]) -> list[Any]:
    found: list[Any] = []
    for piece in pieces:
        found += [*([None] if found else []), *(values[index] for index in piece)]
    return found


def _band(series: Series, style: Style) -> list[dict[str, Any]]:
    x = [plain_x(value) for value in series.x]
    edge = {"width": 0, "color": style.fill}
    lower = _base(series, x=x, y=list(series.low), mode="lines", line=edge, hoverinfo="skip")
    upper = _base(series, x=x, y=list(series.high), mode="lines", line=edge, fill="tonexty", hoverinfo="skip")
    return [lower, {**upper, "fillcolor": style.fill, "opacity": 0.6}]


def _bars(series: Series, style: Style) -> list[dict[str, Any]]:
    return [_base(series, **_values(series), type="bar", marker={"color": style.fill})]


def _stack(series: Series, style: Style) -> list[dict[str, Any]]:
    counts = ["" if not value else number_text(value) for value in series.y]
    trace = _base(series, x=list(series.y), y=[str(x) for x in series.x], orientation="h", showlegend=True)
    trace |= _pages(series)
    return [
        {
            **trace,
            "type": "bar",
            "text": counts,
            "textposition": "inside",
            "insidetextanchor": "middle",
            "insidetextfont": {"color": ON_FILL.get(series.role, INK)},
            "marker": {"color": style.fill, "line": {"color": PAPER, "width": 1}},
            "hoverinfo": "name+x",
        }
    ]


def _strip(names: list[str], series: Series, style: Style) -> list[dict[str, Any]]:
    """A point for each value, beside the others of its category, whose places are the numbers from 0."""
    places = [names.index(str(x)) + step for x, step in zip(series.x, side_steps(series.x), strict=True)]
    (trace,) = _points(series, style)
    return [{**trace, "x": places, "cliponaxis": True}]


def _box(names: list[str], series: Series, style: Style) -> list[dict[str, Any]]:
    """The middle half of each category, and its median."""
    half = BOX / 2
    found = []
    for x, low, middle, high in zip(series.x, series.low, series.y, series.high, strict=True):
        at = names.index(str(x))
        sides = [at - half, at + half]
        corners = {"x": [*sides, *reversed(sides)], "y": [low, low, high, high]}
        fill = {"fill": "toself", "fillcolor": style.fill, "opacity": 0.55, "line": {"width": 0}}
        found.append(_base(series, **corners, **fill, mode="lines", hoverinfo="skip"))
        line = {"color": style.stroke, "width": 2.4}
        found.append(_base(series, x=sides, y=[middle] * 2, mode="lines", line=line, hoverinfo="skip"))
    return found


def _page_layout() -> dict[str, Any]:
    """What all layouts have: the font and the colors of the page, and axes with a quiet grid."""
    axis = {"gridcolor": GRID, "linecolor": LINE, "zeroline": False, "tickfont": {"color": SOFT, "size": 12}}
    return {
        "font": FONT,
        "paper_bgcolor": PAPER,
        "plot_bgcolor": PAPER,
        "margin": {"l": 36, "r": 12, "t": 26, "b": 26},
        "hovermode": "closest",
        "dragmode": "zoom",
        "hoverlabel": {"bgcolor": PAPER, "bordercolor": LINE, "font": FONT},
        "xaxis": {**axis, "showgrid": False, "automargin": True},
        "yaxis": {**axis, "automargin": True},
    }


def _layout(chart: Chart) -> dict[str, Any]:
    """The layout in the box of the drawing: the unit above the axis, names of zones at their edges."""
    named, ends = _named(chart), end_labels(chart)
    beside = 8 + max((text_width(label.text, LABEL_SIZE) for label in ends), default=0)
    layout = _page_layout() | {
        "shapes": [*map(_zone, chart.bands), *map(_rule, chart.lines)],
        "annotations": [
            _unit(chart),
            *(above_plot(named, beside=beside) if ends else map(mark_note, named)),
        ],
    }
    if chart.is_stack:
        return _stack_layout(layout)
    layout["yaxis"]["range"] = list(y_extent(chart))
    if ends:
        layout["annotations"] += end_notes(chart, ends)
        layout["margin"] |= {"r": beside + 12, "t": 44}  # the plot's tools stand above the names there
    layout["xaxis"]["type"] = {"date": "date", "category": "category", "number": "linear"}[chart.x_kind]
    if chart.x_label and chart.x_kind == "number":
        layout["xaxis"]["title"] = {"text": chart.x_label, "font": {"color": SOFT, "size": 12}, "standoff": 4}
    if chart.has_slots:
        names = categories(chart)
        ticks = {"tickvals": list(range(len(names))), "ticktext": names}
        layout["xaxis"] |= {"type": "linear", "range": [-0.5, len(names) - 0.5], **ticks}
    elif chart.x_kind == "category":
        layout["xaxis"] |= {"categoryorder": "array", "categoryarray": categories(chart)}
    if ends and not chart.has_slots:
        layout["xaxis"]["range"] = x_range(chart)
    return layout


def _stack_layout(layout: dict[str, Any]) -> dict[str, Any]:
    """Rows of shares: the key above them, no numbers beneath, since each segment has its count."""
    legend = {"orientation": "h", "traceorder": "normal", "x": 0, "y": 1, "yanchor": "bottom"}
    layout |= {"barmode": "stack", "barnorm": "percent", "bargap": 0.25, "legend": legend, "annotations": []}
    layout["margin"] = {"l": 36, "r": 12, "t": 26, "b": 4}
    layout["xaxis"] |= {"visible": False}
    layout["yaxis"] |= {"autorange": "reversed", "type": "category", "dtick": 1}
    return layout


def _unit(chart: Chart) -> dict[str, Any]:
    place = {"x": 0, "xref": "paper", "xanchor": "left", "y": 1, "yref": "paper", "yanchor": "bottom"}
    return {"text": chart.y_label, "showarrow": False, "font": {"color": SOFT, "size": 12}, **place}


def _named(chart: Chart) -> list[Band | Line]:
    """Zones and lines with names; a line along the edge of a named zone shares the zone's."""
    zones = [band for band in chart.bands if band.label]
    edges = {edge for band in zones for edge in (band.low, band.high)}
    lines = [line for line in chart.lines if line.label and (line.axis == "x" or line.at not in edges)]
    return [*zones, *lines]


def _zone(band: Band) -> dict[str, Any]:
    """A zone; open ends reach far beyond any scale and are cut by the axis range."""
    style = ROLE_STYLES[band.role]
    low, high = (-1e6 if band.low is None else band.low), (1e6 if band.high is None else band.high)
    return {
        "type": "rect",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "yref": "y",
        "y0": low,
        "y1": high,
        "layer": "below",
        "fillcolor": style.fill,
        "line": {"width": 0},
    }


def _rule(line: Line) -> dict[str, Any]:
    style = ROLE_STYLES[line.role]
    stroke = {"color": style.stroke, "width": style.width, "dash": DASHES.get(style.dash, "dash")}
    at = plain_x(line.at)
    if line.axis == "y":
        return {
            "type": "line",
            "xref": "paper",
            "x0": 0,
            "x1": 1,
            "yref": "y",
            "y0": at,
            "y1": at,
            "line": stroke,
        }
    return {
        "type": "line",
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "xref": "x",
        "x0": at,
        "x1": at,
        "line": stroke,
    }
