"""Words by which a line of evidence may be a judgement: a list that is shown to who writes, never a lock."""

from __future__ import annotations

import re

from django.utils.translation import gettext_lazy as _

# Translators: words that judge instead of saying what was seen or heard, lower case, separated by commas.
WORDS = _(
    "good, great, nice, excellent, perfect, wonderful, amazing, bad, poor, weak, strong, well, better, best, "
    "effective, ineffective, successful, boring, bored, engaged, disengaged, lazy, unmotivated, confused, "
    "clear, unclear, chaotic, messy, should, too much, too little, too fast, too slow, failed, love, hate"
)


def judging_word(text: str) -> str:
    """The first word of the list that stands in ``text`` as a word of its own; empty when there is none."""
    words = [re.escape(word.strip()) for word in str(WORDS).split(",") if word.strip()]
    found = re.search(rf"(?<!\w)({'|'.join(words)})(?!\w)", text, re.IGNORECASE)
    return found.group(1) if found else ""
