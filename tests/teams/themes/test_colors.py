"""Colors of both themes, and references to them."""

import pytest
from django.template.loader import render_to_string

from teams.themes.colors import DARK, LIGHT, color, in_light, read_colors

SHEET = '<link rel="stylesheet" href="/static/css/dark.css" media="%s">'


def test_the_first_block_is_read():
    css = ":root { --ink: #111111; --size: 1rem; } @media (max-width: 1px) { :root { --ink: #eeeeee; } }"

    assert read_colors(css) == {"ink": "#111111"}


def test_a_reference_names_a_known_token():
    assert color("ink") == "var(--ink)"
    with pytest.raises(KeyError):
        color("inc")


def test_paper_has_the_light_colors_in_attributes_only():
    drawn = '<rect fill="var(--accent)" stroke="var(--unknown)"/><p>var(--accent)</p>'

    assert in_light(drawn) == f'<rect fill="{LIGHT["accent"]}" stroke="var(--unknown)"/><p>var(--accent)</p>'


@pytest.mark.parametrize(
    ("theme", "grounds", "media"),
    [
        ("", [LIGHT["paper"], DARK["paper"]], "screen and (prefers-color-scheme: dark)"),
        ("dark", [DARK["paper"]], "screen"),
        ("light", [LIGHT["paper"]], None),
    ],
)
def test_a_page_takes_the_dark_sheet_on_screens_only(theme, grounds, media):
    head = render_to_string("components/theme.html", {"theme": theme})

    assert [ground for ground in (LIGHT["paper"], DARK["paper"]) if ground in head] == grounds
    assert head.count("dark.css") == (media is not None)
    assert media is None or SHEET % media in head
