"""A word-sized chart: where a row's values have gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from datareview.charts.canvas import tag
from datareview.charts.palette import ACCENT, ROLE_STYLES
from datareview.charts.scales import Scale, number_text
from datareview.charts.spec import GAP_DAYS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

WIDTH, HEIGHT, PAD = 104, 28, 4


def sparkline(
    values: Sequence[float | None], days: Sequence[dt.date], *, benchmark: float | None = None, unit: str = ""
) -> SafeString:
    """An inline <svg>: the values over their days, the last one marked, the benchmark dashed.

    Missing values are left out; gaps over 14 days break the line. Without any value: a dash.
    """
    known = [
        (day.toordinal(), float(v)) for day, v in zip(days, values, strict=True) if v is not None and v == v
    ]
    if not known:
        return mark_safe(
            f'<span class="sparkline-empty">{tag("span", "–", aria_label=_("no values"), role="img")}</span>'
        )  # noqa: S308
    heights = [value for _day, value in known] + ([benchmark] if benchmark is not None else [])
    low, high = min(heights), max(heights)
    x = (
        Scale(known[0][0], known[-1][0], PAD, WIDTH - PAD)
        if len(known) > 1
        else Scale(0, 0, PAD, WIDTH - PAD)
    )
    y = Scale(low, high, HEIGHT - PAD, PAD)
    parts = []
    if benchmark is not None:
        style = ROLE_STYLES["benchmark"]
        parts.append(tag("line", x1=0, x2=WIDTH, y1=y(benchmark), y2=y(benchmark), stroke=style.stroke,
                         stroke_dasharray="3 3", opacity=0.75))  # fmt: skip
    path = "".join(
        f"{'L' if index and day - known[index - 1][0] <= GAP_DAYS else 'M'}{x(day):g} {y(value):g}"
        for index, (day, value) in enumerate(known)
    )
    parts.append(
        tag("path", d=path, fill="none", stroke="#3C4654", stroke_width=1.4, stroke_linejoin="round")
    )
    parts.append(tag("circle", cx=x(known[-1][0]), cy=y(known[-1][1]), r=2.8, fill=ACCENT))
    return mark_safe(  # noqa: S308 (numbers, and a label escaped by tag)
        tag(
            "svg",
            *parts,
            class_="sparkline",
            viewBox=f"0 0 {WIDTH} {HEIGHT}",
            width=WIDTH,
            height=HEIGHT,
            role="img",
            aria_label=_label([value for _day, value in known], benchmark, unit),
        )  # fmt: skip
    )


def _label(values: list[float], benchmark: float | None, unit: str) -> str:
    words = _("%(n)s values, from %(first)s to %(last)s") % {
        "n": len(values), "first": number_text(values[0]), "last": f"{number_text(values[-1])} {unit}".strip(),
    }  # fmt: skip
    return words if benchmark is None else words + _("; benchmark %(at)s") % {"at": number_text(benchmark)}
