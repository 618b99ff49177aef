"""Find Chromium: ``python tests/browser.py`` prints its path, or exits with status 1."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

# The first has no windows to keep, and takes two thirds of the processor time of the others.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find_chromium() -> str | None:
    """Path of Playwright's own Chromium if downloaded, else of the system's."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    if own and Path(own).exists():
        return own
    return next(filter(None, map(shutil.which, NAMES)), None)


if __name__ == "__main__":
    found = find_chromium()
    print(found or "no Chromium was found", file=sys.stdout if found else sys.stderr)
    sys.exit(found is None)
