"""Colors of the light and the dark theme, by the names of their tokens, read from the style sheets of the pages.

Drawings refer to a token (`color`), so that one drawing serves both themes. Paper has no theme: `in_light` puts the light
colors in.
"""

from __future__ import annotations

import re
from pathlib import Path

CSS = Path(__file__).parents[2] / "static" / "css"
REFERENCE = re.compile(r'"var\(--([\w-]+)\)"')


def read_colors(css: str) -> dict[str, str]:
    """Read the colors (#rrggbb) of the first ``:root`` block by name, without leading dashes."""
    block = css.partition(":root {")[2].partition("}")[0]
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", block))


LIGHT = read_colors((CSS / "tokens.css").read_text("utf-8"))
DARK = read_colors((CSS / "dark.css").read_text("utf-8"))


def color(name: str) -> str:
    """The CSS value that has the token's color in the theme of the page; KeyError for an unknown token."""
    if name not in LIGHT:
        raise KeyError(name)
    return f"var(--{name})"


def in_light(markup: str) -> str:
    """Replace references in attributes of ``markup`` (HTML, SVG, JSON) by the colors of the light theme."""
    return REFERENCE.sub(lambda found: f'"{LIGHT[found[1]]}"' if found[1] in LIGHT else found[0], markup)
