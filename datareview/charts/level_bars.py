"""Level bars: shares of students at each level in a table's cell, the earlier window above the later one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.safestring import SafeString, mark_safe

from datareview.charts.canvas import tag
from datareview.charts.palette import PAPER, ROLE_STYLES, level_role

if TYPE_CHECKING:
    from collections.abc import Mapping

WIDTH, THIN, THICK, GAP = 240, 7, 14, 3


def level_bars(now: Mapping[int, int], before: Mapping[int, int] | None, *, label: str) -> SafeString:
    """Draw numbers of students by level, the lowest first, as an inline <svg>; ``label`` says the same in words."""
    top = THIN + GAP if before else 0
    drawing = tag(
        "svg",
        *(_bar(before, 0, THIN, opacity=0.55) if before else []),
        *_bar(now, top, THICK),
        class_="level-bars",
        viewBox=f"0 0 {WIDTH} {top + THICK}",
        width=WIDTH,
        height=top + THICK,
        role="img",
        aria_label=label,
    )
    return mark_safe(drawing)  # noqa: S308 (numbers, and a label escaped by tag)


def _bar(counts: Mapping[int, int], y: int, height: int, opacity: float | None = None) -> list[str]:
    """One bar; its segments are as wide as their shares."""
    parts, x, total = [], 0.0, sum(counts.values())
    for level, count in counts.items():
        width = WIDTH * count / total if total else 0.0
        if width:
            parts.append(
                tag(
                    "rect",
                    x=round(x, 1),
                    y=y,
                    width=round(width, 1),
                    height=height,
                    fill=ROLE_STYLES[level_role(level)].fill,
                    stroke=PAPER,
                    stroke_width=1,
                    opacity=opacity,
                )
            )
        x += width
    return parts
