"""Template tags for charts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template
from django.utils.html import escape
from django.utils.safestring import mark_safe

from datareview.charts import svg
from datareview.charts.scales import number_text
from datareview.charts.sparkline import sparkline as draw_sparkline
from datareview.plots.figures import figure
from teams.lib.hidden_names import are_hidden, hide_names

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence

    from django.utils.safestring import SafeString

    from datareview.charts.spec import Chart, SeriesKind

register = template.Library()

WIDE, PHONE, SMALL, LARGE, PAPER = (700, 245), (360, 240), (340, 180), (960, 330), (380, 190)
DRAWN: tuple[SeriesKind, ...] = ("days", "interval")  # kinds of which Plotly would show nothing more


@register.inclusion_tag("components/chart.html")
def chart(
    chart: Chart, heading: int = 2, size: str = "", explore: bool = True, selects: bool = False
) -> dict[str, Any]:
    """``{% chart chart heading=2 %}``: title, drawing, sentence, table, and Plotly's version.

    ``heading`` is the heading level of the title (0: a paragraph; 1: the page's own, so there is none here);
    ``size="small"`` is for small multiples, ``size="large"`` for the only chart of a wide page. Kinds in ``DRAWN`` are
    only drawn. With ``selects``, points can be selected by drawing around them.
    """
    chart = chart.with_texts(hide_names) if are_hidden() else chart
    is_small = size == "small"
    narrow = SMALL if is_small else PHONE
    width, height = LARGE if size == "large" else WIDE
    is_plotted = explore and not chart.is_empty and not any(chart.is_all(kind) for kind in DRAWN)
    return {
        "chart": chart,
        "heading": heading,
        "is_small": is_small,
        "wide": "" if is_small else svg.render(chart, width=width, height=height),
        "narrow": svg.render(chart, width=narrow[0], height=narrow[1]),
        "rows": mark_safe("".join(_rows(chart))),  # noqa: S308 (every text is escaped)
        "columns": [(name, _column_is_number(chart, i)) for i, name in enumerate(chart.table.columns)],
        "plotly": figure(chart, is_small=is_small, selects=selects) if is_plotted else None,
    }


@register.inclusion_tag("components/chart_paper.html")
def paper_chart(chart: Chart, table: bool = False, about: str = "") -> dict[str, Any]:
    """``{% paper_chart chart %}``: a chart in a PDF file, half as wide as the page, drawn once.

    ``table`` adds its table, and ``about`` a line above it.
    """
    chart = chart.with_texts(hide_names) if are_hidden() else chart
    return {
        "chart": chart,
        "about": about,
        "drawing": svg.render(chart, width=PAPER[0], height=PAPER[1]),
        "rows": mark_safe("".join(_rows(chart))) if table else "",  # noqa: S308 (every text is escaped)
    }


@register.simple_tag
def sparkline(
    values: Sequence[float | None], days: Sequence[dt.date], benchmark: float | None = None, unit: str = ""
) -> SafeString:
    """``{% sparkline values days benchmark=120 %}``: a word-sized chart for lists."""
    return draw_sparkline(values, days, benchmark=benchmark, unit=unit)


def _rows(chart: Chart) -> Iterator[str]:
    """Rows of the table, which may have thousands of cells: the first of each is its header, and some open a page."""
    for index, row in enumerate(chart.table.rows):
        links = chart.table.links[index] if chart.table.links else ("",) * len(row)
        first, *rest = [
            (escape(_cell(cell)), ' class="num"' if _is_number(cell) else "", link)
            for cell, link in zip(row, links, strict=True)
        ]
        cells = [f"<td{css}>{_linked(text, link)}</td>" for text, css, link in rest]
        yield f'<tr><th scope="row">{_linked(first[0], first[2])}</th>{"".join(cells)}</tr>'


def _linked(text: str, address: str) -> str:
    return f'<a href="{escape(address)}">{text}</a>' if address else text


def _is_number(cell: object) -> bool:
    return isinstance(cell, int | float)


def _cell(cell: object) -> str:
    if cell is None:
        return "–"
    return number_text(float(cell)) if isinstance(cell, int | float) else str(cell)


def _column_is_number(chart: Chart, index: int) -> bool:
    cells = [row[index] for row in chart.table.rows if index < len(row)]
    return any(_is_number(cell) for cell in cells) and all(cell is None or _is_number(cell) for cell in cells)
