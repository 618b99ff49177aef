"""Steps shared by the journeys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axe_playwright_python.base import AXE_SCRIPT
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error

from tests.servers import wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Page


# No form is being sent and nothing moves: a button that fades has other colors for a moment.
AT_REST = (
    "!document.querySelector('[aria-busy]') && document.getAnimations().every(a => a.playState !== 'running')"
)

# A window can outlive its document, to which axe is bound.
HAS_AXE, MARK_AXE = "window.axe?.of === document", "axe.of = document"


def check(page: Page) -> None:
    """Axe finds nothing at either width and nothing faint in the dark, nothing scrolls sideways, the console is empty."""
    width = page.viewport_size["width"]
    for size in (1440, 390):
        page.set_viewport_size({"width": size, "height": 900})
        wait_until(lambda: page.evaluate(AT_REST), f"{page.url} does not come to rest.")
        _find_nothing(page, f"at {size}")
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, (
            f"{page.url} at {size}"
        )
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark")
    wait_until(lambda: page.evaluate(AT_REST), f"{page.url} does not come to rest.")
    _find_nothing(page, "in the dark", runOnly=["color-contrast"])
    page.emulate_media(color_scheme="light")
    assert page.problems == []


def _find_nothing(page: Page, where: str, **options: object) -> None:
    if not page.evaluate(HAS_AXE):
        page.evaluate(AXE_SCRIPT)
        page.evaluate(MARK_AXE)
    try:
        found = Axe("").run(page, options={"resultTypes": ["violations"], **options})
    except Error:
        if page.evaluate(HAS_AXE):
            raise
        # A click's page took the place of this document while axe read it.
        return _find_nothing(page, where, **options)
    assert found.violations_count == 0, f"{page.url} {where}: {found.generate_report()}"
    return None


def wait_until_htmx_listens(page: Page, selector: str) -> None:
    """Wait until htmx has processed the element: scripts act faster than any hand, and earlier events are lost."""
    listens = (
        f"(document.querySelector('{selector}')?.['htmx-internal-data']?.listenerInfos ?? []).length > 0"
    )
    wait_until(lambda: page.evaluate(listens), f"htmx does not listen to {selector}.")
