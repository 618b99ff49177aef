"""A teacher chooses dark colors: pages, drawings and Plotly's charts follow, a device that changes too, never paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from teams.themes.colors import DARK, LIGHT
from tests.journeys.steps import check

pytestmark = [pytest.mark.journey, pytest.mark.process, pytest.mark.django_db(transaction=True)]

FIRST_SEGMENT = "node => getComputedStyle(node).fill"


def _rgb(color: str) -> str:
    return "rgb({}, {}, {})".format(*(int(color[at : at + 2], 16) for at in (1, 3, 5)))


def _choose(page: Page, colors: str) -> None:
    page.get_by_label("Your menu:").click()
    page.get_by_role("button", name=colors, exact=True).click()
    page.wait_for_load_state()


def test_chosen_colors_hold_on_screens_and_not_on_paper(cast, open_page):
    page = open_page(cast.ana, "/data/explore/")
    drawing = page.locator("[data-chart-drawing] rect").first
    expect(page.locator("body")).to_have_css("background-color", _rgb(LIGHT["ground"]))
    _choose(page, "Dark")
    check(page)

    expect(page.locator("body")).to_have_css("background-color", _rgb(DARK["ground"]))
    fills = [_rgb(DARK[f"level-{level}"]) for level in "1234"]
    assert drawing.evaluate(FIRST_SEGMENT) in fills
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.locator("body")).to_have_css("background-color", _rgb("#ffffff"))
    assert drawing.evaluate(FIRST_SEGMENT) in [_rgb(LIGHT[f"level-{level}"]) for level in "1234"]

    page.emulate_media(media="screen", color_scheme="dark")
    _choose(page, "Light")
    expect(page.locator("body")).to_have_css("background-color", _rgb(LIGHT["ground"]))


def test_plotly_follows_a_device_that_changes(cast, open_page):
    page = open_page(cast.ana, "/data/explore/", saves_data=False)
    paper = page.locator("figure[data-chart] .main-svg").first
    expect(paper).to_have_css("background-color", _rgb(LIGHT["paper"]))
    page.emulate_media(color_scheme="dark")
    expect(paper).to_have_css("background-color", _rgb(DARK["paper"]))
    page.reload()
    expect(paper).to_have_css("background-color", _rgb(DARK["paper"]))
    assert page.problems == []


@pytest.mark.parametrize("width", [1440, 390])
def test_the_whole_menu_can_be_reached_on_a_low_screen(cast, open_page, width):
    page = open_page(cast.ada, "/people/", width=width)
    page.set_viewport_size({"width": width, "height": 500})
    page.get_by_label("Your menu:").click()
    menu = page.locator(".who-menu .menu").bounding_box()
    assert menu["y"] + menu["height"] <= 500
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
