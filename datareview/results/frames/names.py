"""Names of standards, of bands, and of what a cell can show; forms use them without loading the statistics."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from datareview.records.models import Standard

LETTERS, RIGHT, POINTS = "letters", "right", "points"
LONGEST_NAME = 56
BAND_LEVELS = {"more_time": 1, "developing": 2, "close": 3, "secure": 4}
BAND_NAMES = {
    "more_time": gettext_lazy("Needs more time"),
    "developing": gettext_lazy("Developing"),
    "close": gettext_lazy("Close"),
    "secure": gettext_lazy("Secure"),
}


def standard_name(standard: Standard) -> str:
    """The beginning of a standard's statement if that is short, else its code."""
    words = re.split(r"[,;:(]|\.(?=\s|$)", standard.words, maxsplit=1)[0].strip()
    return words if 0 < len(words) <= LONGEST_NAME else standard.code
