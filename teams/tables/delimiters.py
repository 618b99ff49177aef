"""Which mark separates the columns of a text."""

from __future__ import annotations

import csv
import io
from collections import Counter
from itertools import islice

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

SNIFFED, LINES = 64 * 1024, 20  # characters and rows that are looked at


def delimiter_of(text: str) -> tuple[str, list[str]]:
    """Detect the delimiter: one that splits all first lines, and the header into most columns. Returns it with notes.

    Where titles above the header are split by none, it is the one that makes many rows of one width.
    """
    widths = {mark: _widths(text, mark) for mark in (",", ";", "\t", "|")}
    best = max(widths, key=lambda mark: _fit_of(widths[mark]))
    notes = {
        ";": gettext_noop("Columns are separated by semicolons, as Excel writes them in many languages."),
        "\t": gettext_noop("Columns are separated by tabs."),
        "|": gettext_noop("Columns are separated by vertical bars."),
    }
    return best, [_(notes[best])] if best in notes else []


def _fit_of(widths: list[int]) -> tuple[bool, float]:
    """Whether all first rows are split, then how wide: the first, or as many as have one width."""
    if min(widths, default=0) > 1:
        return True, widths[0]
    return False, max((width * many for width, many in Counter(widths).items() if width > 1), default=0)


def _widths(text: str, mark: str) -> list[int]:
    """The number of cells in each of the first rows, split at ``mark``."""
    rows = csv.reader(io.StringIO(text[:SNIFFED], newline=""), delimiter=mark)
    return [len(row) for row in islice(rows, LINES) if any(cell.strip() for cell in row)]
