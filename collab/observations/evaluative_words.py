"""Evaluative words in evidence: a hint shown to the writer, never a restriction."""

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
    """The first evaluative word in ``text``; empty if there is none."""
    words = [re.escape(word.strip()) for word in str(WORDS).split(",") if word.strip()]
    found = re.search(rf"(?<!\w)({'|'.join(words)})(?!\w)", text, re.IGNORECASE)
    return found.group(1) if found else ""
