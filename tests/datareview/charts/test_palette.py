"""Colors: defined once, in static/css/tokens.css, with enough contrast for all readers."""

import re
from pathlib import Path

import pytest

from datareview.charts.palette import ON_FILL, PAPER, ROLE_STYLES, TOKENS_CSS, read_tokens

ROOT = TOKENS_CSS.parents[2]
TOKENS = read_tokens(TOKENS_CSS.read_text("utf-8"))
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(\d+")
PAPERS = ("paper.css", "print.css")  # printed pages have their own colors
INKS = (
    "ink",
    "soft",
    "accent",
    "accent-deep",
    "act",
    "wait",
    "wait-ink",
    *(f"level-{n}-ink" for n in "1234"),
)
ON = [
    ("on-accent", "accent"),
    ("on-accent", "accent-deep"),
    ("accent", "accent-soft"),
    ("accent-deep", "accent-soft"),
    ("act", "act-soft"),
    ("wait-ink", "wait-soft"),
    ("ink", "selection"),
    ("ink", "found"),
    *((f"on-level-{n}", f"level-{n}") for n in "1234"),
]


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio of two colors #rrggbb."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_computed_as_the_standard_says():
    assert [contrast("#000000", "#ffffff"), round(contrast("#777777", "#ffffff"), 2)] == [21.0, 4.48]


@pytest.mark.parametrize("ground", ["paper", "ground", "shade", "hover"])
@pytest.mark.parametrize("ink", INKS)
def test_text_has_contrast_on_every_background(ink, ground):
    assert contrast(TOKENS[ink], TOKENS[ground]) >= 4.5


@pytest.mark.parametrize(("ink", "ground"), ON)
def test_text_has_contrast_on_filled_elements(ink, ground):
    assert contrast(TOKENS[ink], TOKENS[ground]) >= 4.5


def test_text_in_a_chart_has_contrast_on_paper_and_on_its_segment():
    faint = [role for role, style in ROLE_STYLES.items() if contrast(style.text, PAPER) < 4.5]
    faint += [role for role, text in ON_FILL.items() if contrast(text, ROLE_STYLES[role].fill) < 4.5]

    assert faint == []


def test_a_level_has_the_colors_of_its_chip():
    for level in "1234":
        style = ROLE_STYLES[f"level-{level}"]
        assert (style.fill, style.text) == (TOKENS[f"level-{level}"], TOKENS[f"level-{level}-ink"])


def _colours_in(paths: list[Path]) -> list[str]:
    return [f"{path.name}: {found}" for path in paths for found in COLOUR.findall(path.read_text("utf-8"))]


def test_no_other_stylesheet_and_no_chart_defines_a_color():
    sheets = sorted((ROOT / "static" / "css").rglob("*.css"))
    sheets = [path for path in sheets if path != TOKENS_CSS and path.name not in PAPERS]
    drawings = [path for path in (ROOT / "datareview" / "charts").glob("*.py") if path.name != "palette.py"]

    assert len(sheets) > 10
    assert len(drawings) > 10
    assert _colours_in(sheets + drawings) == []


def test_the_color_finder_finds_colors(tmp_path):
    sheet = tmp_path / "a.css"
    sheet.write_text("p { color: #fff; background: rgb(0 0 0 / 5%); outline-color: #1E2430 }")

    assert _colours_in([sheet]) == ["a.css: #fff", "a.css: rgb(0", "a.css: #1E2430"]


def test_charts_have_the_light_palette():
    css = ":root { --ink: #111111; --size: 1rem; } @media (prefers-color-scheme: dark) { :root { --ink: #eeeeee; } }"

    assert read_tokens(css) == {"ink": "#111111"}
