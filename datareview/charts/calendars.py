"""Draw days as squares: a row for each weekday, a column for each week, darker where there is more."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.html import escape

from datareview.charts.canvas import tag, text
from datareview.charts.marks import describe
from datareview.charts.palette import INK, ON_FILL, ROLE_STYLES, SOFT
from datareview.charts.scales import text_width
from datareview.charts.stacks import draw_level_key
from teams.lib import formats

if TYPE_CHECKING:
    from datareview.charts.spec import Chart

MOST_CELL, LEAST_NUMBER = 30, 21
SIZE = 12.5


def week_of(day: dt.date) -> dt.date:
    """The Monday of the week of ``day``."""
    return day - dt.timedelta(days=day.weekday())


def weekdays_in(chart: Chart) -> list[int]:
    """The weekdays that the calendar has: Monday to Friday, and others on which there are days."""
    found = {x.weekday() for series in chart.series for x in series.x if isinstance(x, dt.date)}
    return sorted(found | set(range(5)))


def draw_days(chart: Chart, width: int) -> tuple[list[str], int]:
    """Draw a calendar. Returns the elements and their height."""
    days = [x for series in chart.series for x in series.x if isinstance(x, dt.date)]
    rows = weekdays_in(chart)
    names = {row: str(WEEKDAYS_ABBR[row]) for row in rows}
    left = max(text_width(name, SIZE) for name in names.values()) + 12
    parts, top = draw_level_key(chart, left, width - 4.0)
    first = week_of(min(days))
    weeks = (week_of(max(days)) - first).days // 7 + 1
    cell = min(MOST_CELL, (width - left - 4) / weeks)
    top += 16
    for row, name in names.items():
        y = round(top + (rows.index(row) + 0.5) * cell + 4, 1)
        parts.append(text(name, left - 10, y, fill=SOFT, text_anchor="end", font_size=min(SIZE, cell + 2)))
    parts += _months(first, weeks, left, cell, top)
    for series in chart.series:
        style = ROLE_STYLES[series.role]
        for index, (day, value) in enumerate(zip(series.x, series.y, strict=True)):
            if not isinstance(day, dt.date) or value is None:
                continue
            x = round(left + (week_of(day) - first).days / 7 * cell, 1)
            y = round(top + rows.index(day.weekday()) * cell, 1)
            title = f"<title>{escape(describe(series, index))}</title>"
            size = round(cell - min(2.0, cell * 0.15), 1)
            parts.append(tag("rect", title, x=x, y=y, width=size, height=size, rx=2, fill=style.fill))
            if cell >= LEAST_NUMBER:
                ink = ON_FILL.get(series.role, INK)
                place = {"text_anchor": "middle", "font_size": 11, "fill": ink, "pointer_events": "none"}
                parts.append(
                    text(
                        formats.number(value, 0), round(x + size / 2, 1), round(y + size / 2 + 4, 1), **place
                    )
                )
    return parts, int(top + len(rows) * cell + 6)


def _months(first: dt.date, weeks: int, left: float, cell: float, top: float) -> list[str]:
    """The name of each month above the week in which it begins, where there is room."""
    parts, free, last = [], left, 0
    for nth in range(weeks):
        monday = first + dt.timedelta(weeks=nth)
        shown = monday + dt.timedelta(days=6)
        name, x = formats.month(shown, with_year=False), round(left + nth * cell, 1)
        if shown.month != last and x >= free and x + text_width(name) <= left + weeks * cell + 30:
            parts.append(text(name, x, top - 5, fill=SOFT))
            free = x + text_width(name) + 8
        last = shown.month
    return parts
