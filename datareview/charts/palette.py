"""Colors of charts: references to tokens of the style sheets, which follow the theme of the page."""

from __future__ import annotations

from dataclasses import dataclass

from teams.themes.colors import color

INK, SOFT, LINE, PAPER = color("ink"), color("soft"), color("line"), color("paper")
ACCENT, GRID = color("accent"), color("chart-grid")


@dataclass(frozen=True, slots=True)
class Style:
    """Appearance of marks of a role: line, fill and text colors, width in pixels, dash pattern."""

    stroke: str
    fill: str
    text: str
    width: float = 1.6
    dash: str = ""


def _style(stroke: str, fill: str, text: str, width: float, dash: str = "") -> Style:
    """Make a style from names of tokens."""
    return Style(color(stroke), color(fill), color(text), width, dash)


ROLE_STYLES: dict[str, Style] = {
    "data": _style("chart-data", "chart-data", "ink", 1.4),
    "quiet": _style("chart-quiet", "chart-pale", "soft", 1.1),
    "accent": _style("accent", "accent", "accent", 2.0),
    "goal": _style("wait", "wait", "wait-ink", 1.5, "6 4"),
    "trend": _style("accent", "chart-trend", "accent", 2.2),
    "expected": _style("chart-expected", "chart-pale", "soft", 1.3, "2 4"),
    "benchmark": _style("accent", "chart-benchmark", "accent", 1.2, "5 4"),
    "phase": _style("soft", "line", "soft", 1.1, "3 3"),
    "act": _style("act", "act-soft", "act", 1.8),
    "level-1": _style("level-1-line", "level-1", "level-1-ink", 2.0),
    "level-2": _style("level-2-line", "level-2", "level-2-ink", 1.8),
    "level-3": _style("level-3-line", "level-3", "level-3-ink", 1.3),
    "level-4": _style("level-4-line", "level-4", "level-4-ink", 1.3),
}


def level_role(level: int) -> str:
    """The role of a level: those beyond the four share the color of the outermost, and have their own names."""
    return f"level-{min(max(level, 1), 4)}"


# Colors of text on the filled segment of a level.
ON_FILL = {f"level-{level}": color(f"on-level-{level}") for level in (1, 2, 3, 4)}
