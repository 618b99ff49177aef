"""Colors of charts in print, on screen and in Plotly, read from static/css/tokens.css."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

TOKENS_CSS = Path(__file__).parents[2] / "static" / "css" / "tokens.css"


def read_tokens(css: str) -> dict[str, str]:
    """Read the colors (#rrggbb) of the first ``:root`` block, the light theme, by name without leading dashes."""
    block = css.partition(":root {")[2].partition("}")[0]
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", block))


_TOKENS = read_tokens(TOKENS_CSS.read_text("utf-8"))

INK, SOFT, LINE, PAPER = _TOKENS["ink"], _TOKENS["soft"], _TOKENS["line"], _TOKENS["paper"]
ACCENT, GRID = _TOKENS["accent"], _TOKENS["chart-grid"]


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
    return Style(_TOKENS[stroke], _TOKENS[fill], _TOKENS[text], width, dash)


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

# Colors of text on the filled segment of a level.
ON_FILL = {f"level-{level}": _TOKENS[f"on-level-{level}"] for level in (1, 2, 3, 4)}
