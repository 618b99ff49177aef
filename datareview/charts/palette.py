"""Colours of the roles, the same on paper, on screen and in Plotly. Named in static/css/tokens.css too."""

from __future__ import annotations

from dataclasses import dataclass

INK, SOFT, LINE, GRID, PAPER = "#1E2430", "#5A6472", "#E6E1D8", "#EFEAE1", "#FFFFFF"
ACCENT = "#0F6B6B"


@dataclass(frozen=True, slots=True)
class Style:
    """How marks of a role look: line and fill colour, colour of text, width in pixels, dash."""

    stroke: str
    fill: str
    text: str
    width: float = 1.6
    dash: str = ""


ROLE_STYLES: dict[str, Style] = {
    "data": Style("#3C4654", "#3C4654", INK, 1.4),
    "quiet": Style("#B9B2A5", "#D8D2C6", SOFT, 1.1),
    "accent": Style(ACCENT, ACCENT, ACCENT, 2.0),
    "goal": Style("#8A5A00", "#8A5A00", "#744B00", 1.5, "6 4"),
    "trend": Style(ACCENT, "#CFE4E1", ACCENT, 2.2),
    "expected": Style("#857F73", "#D8D2C6", SOFT, 1.3, "2 4"),
    "benchmark": Style(ACCENT, "#E9F3F1", ACCENT, 1.2, "5 4"),
    "phase": Style(SOFT, "#E6E1D8", SOFT, 1.1, "3 3"),
    "act": Style("#B3261E", "#FBECEB", "#B3261E", 1.8),
    "level-1": Style("#A6611A", "#A6611A", "#7A4510", 2.0),
    "level-2": Style("#C08A2E", "#DFC27D", "#7A5A10", 1.8),
    "level-3": Style("#4FA396", "#80CDC1", "#1C6F64", 1.3),
    "level-4": Style("#018571", "#018571", "#01675A", 1.3),
}

# Text on a filled segment of a level: dark on the two light ones.
ON_FILL = {"level-1": "#FFFFFF", "level-2": INK, "level-3": INK, "level-4": "#FFFFFF"}
