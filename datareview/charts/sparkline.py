"""Sparklines: word-sized charts in table rows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from datareview.charts.canvas import tag
from datareview.charts.palette import ACCENT, INK, ROLE_STYLES
from datareview.charts.scales import Scale, number_text
from datareview.charts.spec import GAP_DAYS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

WIDTH, HEIGHT, PAD = 104, 28, 4


def sparkline(
    values: Sequence[float | None], days: Sequence[dt.date], *, benchmark: float | None = None, unit: str = ""
) -> SafeString:
    """Draw an inline <svg> of values over days, with the last one marked and the benchmark dashed.

    Missing values are left out, and gaps over 14 days break the line. Without any value, returns a dash.
    """
    pairs = zip(days, values, strict=True)
    known = [(day.toordinal(), float(v)) for day, v in pairs if v is not None and not math.isnan(v)]
    if not known:
        dash = tag("span", "–", aria_label=_("no values"), role="img", class_="sparkline-empty")
        return mark_safe(dash)  # noqa: S308 (a fixed text)
    heights = [value for _day, value in known] + ([benchmark] if benchmark is not None else [])
    x = Scale(known[0][0], known[-1][0], PAD, WIDTH - PAD)
    y = Scale(min(heights), max(heights), HEIGHT - PAD, PAD)
    path = "".join(
        f"{'L' if index and day - known[index - 1][0] <= GAP_DAYS else 'M'}{x(day):g} {y(value):g}"
        for index, (day, value) in enumerate(known)
    )
    drawing = tag(
        "svg",
        "" if benchmark is None else _dashes(y(benchmark)),
        tag("path", d=path, fill="none", stroke=INK, stroke_width=1.4, stroke_linejoin="round"),
        tag("circle", cx=x(known[-1][0]), cy=y(known[-1][1]), r=2.8, fill=ACCENT),
        class_="sparkline",
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        width=WIDTH,
        height=HEIGHT,
        role="img",
        aria_label=_label([value for _day, value in known], benchmark, unit),
    )
    return mark_safe(drawing)  # noqa: S308 (numbers, and a label escaped by tag)


def _dashes(y: float) -> str:
    stroke = ROLE_STYLES["benchmark"].stroke
    return tag("line", x1=0, x2=WIDTH, y1=y, y2=y, stroke=stroke, stroke_dasharray="3 3", opacity=0.75)


def _label(values: list[float], benchmark: float | None, unit: str) -> str:
    last = f"{number_text(values[-1])} {unit}".strip()
    facts = {"n": len(values), "first": number_text(values[0]), "last": last}
    words = _("%(n)s values, from %(first)s to %(last)s") % facts
    return words if benchmark is None else words + _("; benchmark %(at)s") % {"at": number_text(benchmark)}
