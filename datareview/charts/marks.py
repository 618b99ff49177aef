"""Draw the marks of a series: points, lines, bands, bars."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils.html import escape

from datareview.charts.canvas import halo, tag
from datareview.charts.palette import PAPER, ROLE_STYLES
from datareview.charts.scales import number_text
from datareview.charts.spec import GAP_DAYS
from datareview.charts.strips import draw_boxes, side_steps
from teams.lib import formats

if TYPE_CHECKING:
    from collections.abc import Iterator

    from datareview.charts.canvas import Frame
    from datareview.charts.palette import Style
    from datareview.charts.spec import Series, X

MANY = 150  # points from which a drawing does not name each one
UNBROKEN = frozenset({"goal", "trend", "expected"})
Place = tuple[int, float, float]


def draw_series(series: Series, frame: Frame, bars: int) -> list[str]:
    """Draw a series; ``bars`` is the number of bars that share the width."""
    style = ROLE_STYLES[series.role]
    if series.kind == "band":
        return _band(series, frame, style)
    if series.kind == "bars":
        return _bars(series, frame, style, bars)
    if series.kind == "box":
        return draw_boxes(series, frame, style)
    if series.kind in ("points", "strip"):
        places = list(_places(series, frame))
        if series.kind == "strip":
            steps = side_steps(series.x)
            places = [(nth, round(x + steps[nth] * frame.slot, 1), y) for nth, x, y in places]
        if len(places) > MANY and not series.emphasis:
            return [_dots(places, style)]
        return [_point(series, index, x, y, style) for index, x, y in places]
    return _line(series, frame, style)


def runs(series: Series) -> list[list[int]]:
    """Split a series into runs of indices that a line may join: no missing value and no gap over 14 days."""
    found: list[list[int]] = []
    last: X | None = None
    for index, value in enumerate(series.y if series.kind != "band" else series.low):
        if value is None or (series.kind == "band" and series.high[index] is None):
            last = None
            continue
        now = series.x[index]
        if last is None or (series.role not in UNBROKEN and _is_far(last, now)):
            found.append([])
        found[-1].append(index)
        last = now
    return found


def _is_far(before: X, after: X) -> bool:
    return isinstance(before, dt.date) and isinstance(after, dt.date) and (after - before).days > GAP_DAYS


def _places(series: Series, frame: Frame) -> Iterator[Place]:
    for index, (x, y) in enumerate(zip(series.x, series.y, strict=True)):
        if y is not None:
            yield index, frame.px(x), frame.py(y)


def describe(series: Series, index: int) -> str:
    """The tooltip of a point: its label, or else the series' name, the day and the value."""
    if index < len(series.labels) and series.labels[index]:
        return series.labels[index]
    x, value = series.x[index], series.y[index]
    when = formats.short_day(x) if isinstance(x, dt.date) else number_text(x) if isinstance(x, float) else x
    return f"{series.name}, {when}: {number_text(value)}" if value is not None else f"{series.name}, {when}"


def _point(series: Series, index: int, x: float, y: float, style: Style) -> str:
    label = describe(series, index)
    title = f"<title>{escape(label)}</title>"
    if not series.emphasis:
        return tag("circle", title, cx=x, cy=y, r=3.2, fill=style.fill, stroke=PAPER, stroke_width=0.8)
    return tag(
        "g",
        title,
        tag("circle", class_="halo", cx=x, cy=y, r=9, fill=style.fill, fill_opacity=0.2),
        tag("circle", cx=x, cy=y, r=4.6, fill=style.fill, stroke=PAPER, stroke_width=1.4),
        halo(label, x, y - 11, class_="tip", text_anchor="middle", fill=style.text, font_weight=600),
        class_="mark",
        tabindex=0,
        role="img",
        aria_label=label,
    )


def _dots(places: list[Place], style: Style) -> str:
    """Hundreds of points as one path of lines without length, whose round ends are the points."""
    path = "".join([f"M{x:g} {y:g}h0" for _index, x, y in places])
    return tag("path", d=path, stroke=style.fill, stroke_width=6.4, stroke_linecap="round", fill="none")


def _line(series: Series, frame: Frame, style: Style) -> list[str]:
    pieces = runs(series)
    dash = style.dash or ("5 4" if series.dashed else "")
    width = style.width + (0.5 if series.emphasis else 0)
    path = " ".join(_path(series, piece, frame) for piece in pieces)
    faint = not series.emphasis and series.role.startswith("level-")
    stroke = {"stroke": style.stroke, "stroke_width": width, "stroke_dasharray": dash, "fill": "none"}
    ink = tag(
        "path",
        class_="ink",
        d=path,
        stroke_linejoin="round",
        stroke_linecap="round",
        opacity=0.6 if faint else None,
        **stroke,
    )
    if not frame.categories:
        return [ink]
    return [_slope(series, frame, style, path, ink)]


def _slope(series: Series, frame: Frame, style: Style, path: str, ink: str) -> str:
    """Draw one person's line between categories, with dots at its ends and the name as a focusable tooltip."""
    places = list(_places(series, frame))
    dots = [
        tag("circle", cx=x, cy=y, r=3.4 if series.emphasis else 2.8, fill=style.stroke) for _, x, y in places
    ]
    values = ", ".join(f"{series.x[i]} {number_text(series.y[i] or 0.0)}" for i, _, _ in places)
    label = f"{series.name}: {values}"
    _, x, y = places[-1]
    hit = tag("path", class_="hit", d=path, stroke="transparent", stroke_width=10, fill="none")
    shown = series.emphasis and series.labels
    tip = "" if shown else halo(series.name, x + 10, y + 4, class_="tip", fill=style.text, font_weight=600)
    focus: dict[str, object] = {"tabindex": 0, "role": "img", "aria_label": label} if series.emphasis else {}
    return tag("g", f"<title>{escape(label)}</title>", hit, ink, *dots, tip, class_="mark", **focus)


def _path(series: Series, indices: list[int], frame: Frame) -> str:
    points = [(frame.px(series.x[i]), frame.py(series.y[i] or 0.0)) for i in indices]
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points)


def _band(series: Series, frame: Frame, style: Style) -> list[str]:
    paths = []
    for piece in runs(series):
        upper = [(frame.px(series.x[i]), frame.py(series.high[i] or 0.0)) for i in piece]
        lower = [(frame.px(series.x[i]), frame.py(series.low[i] or 0.0)) for i in reversed(piece)]
        paths.append("M" + "L".join(f"{x:g} {y:g}" for x, y in [*upper, *lower]) + "Z")
    title = f"<title>{escape(series.name)}</title>"
    return [tag("path", title, d=" ".join(paths), fill=style.fill, fill_opacity=0.7)] if paths else []


def _bars(series: Series, frame: Frame, style: Style, places: int) -> list[str]:
    width = min(26.0, (frame.right - frame.left) / max(1, places) * 0.68)
    zero = frame.py(0.0)
    parts = []
    for index, x, y in _places(series, frame):
        title = f"<title>{escape(describe(series, index))}</title>"
        parts.append(
            tag(
                "rect",
                title,
                x=round(x - width / 2, 1),
                y=min(y, zero),
                width=round(width, 1),
                height=max(round(abs(zero - y), 1), 0.8),
                fill=style.fill,
                rx=1.5,
            )
        )
    return parts
