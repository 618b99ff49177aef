"""Which of the school's measures a text is about: by its name, its initials, or another name for the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from datareview.recognition.names import plain_words

if TYPE_CHECKING:
    from collections.abc import Iterable

# Names of one thing, in plain words.
_SAME = (
    "oral reading fluency|orf|dorf|words correct|words read correctly|wcpm|wrc|wrcm|passage reading fluency|cbm reading",
    "letter naming fluency|letter names|lnf|letter naming",
    "letter sound fluency|letter sounds|lsf",
    "nonsense word fluency|nonsense words|nwf",
    "phoneme segmentation fluency|phonemic awareness|psf",
    "first sound fluency|first sounds|fsf",
    "word reading fluency|sight words|wrf",
    "maze|daze|reading comprehension maze",
    "math computation|computation|m comp|mcomp|mcomp fluency",
)
_FAMILIES = tuple(tuple(family.split("|")) for family in _SAME)
_CLOSE = 90.0  # likeness in percent of two spellings of one name


def like_measure(text: str, names: Iterable[str]) -> str:
    """The one of ``names`` that ``text``, the name of a column or a file, is about; empty if none or several could be."""
    words = plain_words(text)
    found = {name for name in names if words and _are_alike(words, plain_words(name))}
    exact = {name for name in found if plain_words(name) == words}
    return next(iter(exact or found)) if len(exact or found) == 1 else ""


def _are_alike(one: str, other: str) -> bool:
    if one == other or other in (_initials(one), one) or one == _initials(other):
        return True
    if any(_has_one(one, family) and _has_one(other, family) for family in _FAMILIES):
        return True
    return len(one) > 5 and fuzz.token_sort_ratio(one, other) >= _CLOSE


def _initials(words: str) -> str:
    parts = words.split()
    return "".join(word[0] for word in parts) if len(parts) > 2 else ""


def _has_one(words: str, names: Iterable[str]) -> bool:
    """Whether one of ``names`` is among the words, as a whole."""
    return any(f" {name} " in f" {words} " for name in names)
