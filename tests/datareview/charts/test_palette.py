"""Colors: defined once for each theme, in static/css, with enough contrast for all readers."""

import re
from pathlib import Path

import pytest

from datareview.charts.palette import ON_FILL, PAPER, ROLE_STYLES
from teams.themes.colors import CSS, DARK, LIGHT

ROOT = CSS.parents[1]
SHEETS = ("tokens.css", "dark.css")
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


themes = pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])


@themes
@pytest.mark.parametrize("ground", ["paper", "ground", "shade", "hover"])
@pytest.mark.parametrize("ink", INKS)
def test_text_has_contrast_on_every_background(ink, ground, colors):
    assert contrast(colors[ink], colors[ground]) >= 4.5


@themes
@pytest.mark.parametrize(("ink", "ground"), ON)
def test_text_has_contrast_on_filled_elements(ink, ground, colors):
    assert contrast(colors[ink], colors[ground]) >= 4.5


@themes
def test_text_in_a_chart_has_contrast_on_paper_and_on_its_segment(colors):
    def of(reference):
        return colors[reference.removeprefix("var(--").removesuffix(")")]

    faint = [role for role, style in ROLE_STYLES.items() if contrast(of(style.text), of(PAPER)) < 4.5]
    faint += [role for role, text in ON_FILL.items() if contrast(of(text), of(ROLE_STYLES[role].fill)) < 4.5]

    assert faint == []


def test_every_color_has_one_for_dark_screens():
    def names(sheet):
        return set(re.findall(r"--([\w-]+): (?:#|.*rgb\()", (CSS / sheet).read_text("utf-8")))

    assert names("tokens.css") - names("dark.css") == {"code-ground"}
    assert names("dark.css") - names("tokens.css") == set()


def test_a_level_has_the_colors_of_its_chip():
    for level in "1234":
        style = ROLE_STYLES[f"level-{level}"]
        assert (style.fill, style.text) == (f"var(--level-{level})", f"var(--level-{level}-ink)")


def _colours_in(paths: list[Path]) -> list[str]:
    return [f"{path.name}: {found}" for path in paths for found in COLOUR.findall(path.read_text("utf-8"))]


def test_no_other_stylesheet_and_no_chart_defines_a_color():
    sheets = [path for path in sorted(CSS.rglob("*.css")) if path.name not in (*SHEETS, *PAPERS)]
    drawings = list((ROOT / "datareview" / "charts").glob("*.py"))

    assert len(sheets) > 10
    assert len(drawings) > 10
    assert _colours_in(sheets + drawings) == []


def test_the_color_finder_finds_colors(tmp_path):
    sheet = tmp_path / "a.css"
    sheet.write_text("p { color: #fff; background: rgb(0 0 0 / 5%); outline-color: #1E2430 }")

    assert _colours_in([sheet]) == ["a.css: #fff", "a.css: rgb(0", "a.css: #1E2430"]
