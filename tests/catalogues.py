"""Translation catalogues: ``python -m tests.catalogues compile`` compiles them for Django."""

from __future__ import annotations

import sys
from pathlib import Path

import polib

LOCALE = Path(__file__).parents[1] / "locale"


def catalogues() -> list[Path]:
    """The text catalogues, one per language."""
    return sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))


def compile_all() -> None:
    """Compile each catalogue next to its source."""
    for path in catalogues():
        polib.pofile(str(path)).save_as_mofile(str(path.with_suffix(".mo")))


if __name__ == "__main__" and sys.argv[1:] == ["compile"]:
    compile_all()
