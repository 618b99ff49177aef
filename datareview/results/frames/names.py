"""Names of standards in a few words, and of what a cell can show; forms use them without loading the statistics."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datareview.records.models import Standard

LETTERS, RIGHT, POINTS = "letters", "right", "points"
LONGEST_NAME = 56


def standard_name(standard: Standard) -> str:
    """The beginning of a standard's statement if that is short, else its code."""
    words = re.split(r"[,;:(]|\.(?=\s|$)", standard.words, maxsplit=1)[0].strip()
    return words if 0 < len(words) <= LONGEST_NAME else standard.code
