"""Building blocks of SVG: escaped elements, and the frame of a chart."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from django.utils.html import escape

from datareview.charts.palette import INK, PAPER
from datareview.charts.scales import CATEGORY_END, CATEGORY_INSET, Scale, x_position

if TYPE_CHECKING:
    from datareview.charts.spec import X


def tag(name: str, *children: str, **attributes: object) -> str:
    """Return an element; ``stroke_width=2`` becomes ``stroke-width="2"``, and None and "" are left out."""
    pairs = "".join(
        [
            f' {_name(key)}="{_written(value)}"'
            for key, value in attributes.items()
            if value is not None and value != ""
        ]
    )
    return f"<{name}{pairs}>{''.join(children)}</{name}>" if children else f"<{name}{pairs}/>"


@cache
def _name(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def text(content: str, x: float, y: float, **attributes: object) -> str:
    """Return a text element with escaped content; by default 12 pixels in the ink color."""
    defaults: dict[str, object] = {"font_size": 12, "fill": INK}
    return tag("text", escape(content), x=x, y=y, **{**defaults, **attributes})


def halo(content: str, x: float, y: float, **attributes: object) -> str:
    """Return a text element with an outline in the paper color, readable on top of lines."""
    rim = {"paint_order": "stroke", "stroke": PAPER, "stroke_width": 4, "stroke_linejoin": "round"}
    return text(content, x, y, **{**rim, **attributes})


def _written(value: object) -> str:
    """An attribute's value; 1.0 is shortened to 1 to save bytes."""
    if isinstance(value, float):
        return str(int(value) if value.is_integer() else value)
    return str(value) if type(value) is int else escape(str(value))


@dataclass(frozen=True, slots=True)
class Frame:
    """Geometry of a chart: edges of the plot in pixels, and its two scales.

    Categories are ticks from edge to edge, or, with ``has_slots``, each in the middle of its share of the width.
    """

    left: float
    right: float
    top: float
    bottom: float
    y: Scale
    x: Scale
    categories: tuple[str, ...] = ()
    has_slots: bool = False

    @property
    def slot(self) -> float:
        """The share of the width that each category has, in pixels."""
        return (self.right - self.left) / max(1, len(self.categories))

    def px(self, value: X) -> float:
        """The pixel of an x value; categories are placed by their order."""
        if not self.categories:
            return self.x(x_position(value))
        place = self.categories.index(str(value))
        if self.has_slots or len(self.categories) == 1:
            return round(self.left + (place + 0.5) * self.slot, 1)
        first, last = self.left + CATEGORY_INSET, self.right - CATEGORY_END
        step = (last - first) / (len(self.categories) - 1)
        return round(first + place * step, 1)

    def py(self, value: float) -> float:
        """The pixel of a y value, clamped to the plot."""
        return min(max(self.y(value), self.top), self.bottom)
