"""Draw how students moved between levels: the levels before, the levels after, and ribbons between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.html import escape

from datareview.charts.canvas import tag, text
from datareview.charts.palette import INK, LINE, ON_FILL, PAPER, ROLE_STYLES
from datareview.charts.scales import categories, number_text, text_width
from datareview.charts.stacks import draw_level_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datareview.charts.spec import Chart, Series

BAR, RIBBON = 30, 120
SIZE = 12.5
LEAST_CELL = 4  # pixels of a student from which each one is a cell


@dataclass(frozen=True, slots=True)
class Ribbon:
    """Students who came from one level to another: positions in ``before`` and ``after``, counted in students."""

    before: float
    after: float
    count: float
    rise: int
    label: str
    link: str

    @property
    def color(self) -> str:
        """Green for those who rose, brown for those who fell."""
        if not self.rise:
            return LINE
        return ROLE_STYLES["level-3" if self.rise > 0 else "level-1"].fill


def ribbons(chart: Chart) -> list[Ribbon]:
    """The ribbons of a flow, with where they begin and end; those who stayed first, so that others are on top."""
    names = categories(chart)
    counts = [dict(zip(map(str, series.x), series.y, strict=True)) for series in chart.series]
    links = [
        dict(zip(map(str, series.x), series.links or [""] * len(series.x), strict=True))
        for series in chart.series
    ]
    starts = _sums([sum(row.get(name) or 0 for row in counts) for name in names])
    ends = _sums([sum(value or 0 for value in row.values()) for row in counts])
    found = []
    for place, name in enumerate(names):
        for end, series in enumerate(chart.series):
            count = counts[end].get(name) or 0
            if count:
                label = f"{name} → {series.name}: {number_text(count)}"
                rise = (end > place) - (end < place)
                found.append(Ribbon(starts[place], ends[end], count, rise, label, links[end].get(name, "")))
                starts[place] += count
                ends[end] += count
    return sorted(found, key=lambda ribbon: abs(ribbon.rise))


def sides(chart: Chart) -> tuple[list[float], list[float]]:
    """How many students were at each level before and after, in the order of the series."""
    before = dict.fromkeys(categories(chart), 0.0)
    for series in chart.series:
        for name, value in zip(map(str, series.x), series.y, strict=True):
            before[name] += value or 0
    return list(before.values()), [sum(value or 0 for value in series.y) for series in chart.series]


def draw_flow(chart: Chart, width: int) -> tuple[list[str], int]:
    """Draw a flow. Returns the elements and their height."""
    left = max(text_width(label, SIZE) for label in (chart.x_label, chart.y_label)) + 12
    right = width - 4.0
    parts, top = draw_level_key(chart, left, right)
    before, after = sides(chart)
    scale = (right - left) / max(1.0, sum(after))
    low = top + BAR + RIBBON
    parts += [_ribbon(one, left, scale, top + BAR, low) for one in ribbons(chart)]
    for label, counts, y in ((chart.x_label, before, top), (chart.y_label, after, low)):
        parts.append(
            text(label, left - 10, y + BAR / 2 + 4.5, text_anchor="end", font_size=SIZE, font_weight=500)
        )
        parts += _bar(chart.series, counts, (left, y, scale))
    return parts, int(low + BAR + 4)


def _sums(counts: list[float]) -> list[float]:
    """Where each begins if they follow one another."""
    found, total = [], 0.0
    for count in counts:
        found.append(total)
        total += count
    return found


def _ribbon(one: Ribbon, left: float, scale: float, top: float, low: float) -> str:
    x0, x1 = round(left + one.before * scale, 1), round(left + one.after * scale, 1)
    wide, middle = round(one.count * scale, 1), (top + low) / 2
    path = (
        f"M{x0:g} {top:g}C{x0:g} {middle:g} {x1:g} {middle:g} {x1:g} {low:g}h{wide:g}"
        f"C{x1 + wide:g} {middle:g} {x0 + wide:g} {middle:g} {x0 + wide:g} {top:g}Z"
    )
    title = f"<title>{escape(one.label)}</title>"
    return tag("path", title, d=path, fill=one.color, fill_opacity=0.75 if one.rise else 0.55)


def _bar(series: Sequence[Series], counts: list[float], place: tuple[float, float, float]) -> list[str]:
    left, y, scale = place
    parts, x = [], left
    for one, count in zip(series, counts, strict=True):
        span = count * scale
        if span:
            words = f"<title>{escape(f'{one.name}: {number_text(count)}')}</title>"
            box = {"x": round(x, 1), "y": y, "width": round(span, 1), "height": BAR}
            parts.append(tag("rect", words, **box, fill=ROLE_STYLES[one.role].fill, stroke=PAPER))
            if scale >= LEAST_CELL:
                cells = "".join(f"M{x + nth * scale:.1f} {y:g}v{BAR}" for nth in range(1, int(count)))
                parts.append(tag("path", d=cells, stroke=PAPER, stroke_width=0.8, fill="none"))
            parts += _count(one, count, x, span, y)
        x += span
    return parts


def _count(one: Series, count: float, x: float, span: float, y: float) -> list[str]:
    """The count in the middle of its segment, on a plate that covers the lines between cells."""
    label = number_text(count)
    wide = text_width(label, 13) + 8
    if span < wide + 2:
        return []
    style, middle = ROLE_STYLES[one.role], round(x + span / 2, 1)
    return [
        tag(
            "rect",
            x=round(middle - wide / 2, 1),
            y=y + 6,
            width=round(wide, 1),
            height=BAR - 12,
            fill=style.fill,
        ),
        text(
            label,
            middle,
            y + BAR / 2 + 4.5,
            text_anchor="middle",
            font_size=13,
            font_weight=600,
            fill=ON_FILL.get(one.role, INK),
        ),
    ]
