"""The line of a meeting's minutes: a segment for each item, as wide as its time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.safestring import SafeString, mark_safe

from datareview.charts.canvas import tag
from teams.themes.colors import color

if TYPE_CHECKING:
    from collections.abc import Sequence

    from collab.home.queries.next_meeting import ItemRow

HEIGHT, GAP = 14, 0.4


def minutes_line(rows: Sequence[ItemRow]) -> SafeString:
    """Draw the rows as an inline <svg> in percent of the meeting; the times beside the items say the same."""
    total = sum(row.item.minutes for row in rows)
    parts, x = [], 0.0
    for row in rows:
        width = 100 * row.item.minutes / total if total else 0.0
        fill = color("accent-line") if row.is_routine else color("accent")
        parts.append(
            tag("rect", x=round(x, 2), y=0, width=max(round(width - GAP, 2), 0), height=HEIGHT, fill=fill)
        )
        x += width
    drawing = tag(
        "svg",
        *parts,
        class_="minutes-line",
        viewBox=f"0 0 100 {HEIGHT}",
        preserveAspectRatio="none",
        aria_hidden="true",
    )
    return mark_safe(drawing)  # noqa: S308 (numbers only)
