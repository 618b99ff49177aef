"""What is looked for, and whether a text has it: the same rules whatever the database.

A text is folded first: accents and case go, punctuation becomes a space, every character stays in its place.
Words are runs of letters and digits. A word looked for is found at the beginning of a word ("fluen" finds
"fluency"); "words in quotes" stand one after another; -word must not occur. `collab.search.queries` asks
PostgreSQL's full text search, or this module where there is SQLite; `tests/collab/search/test_queries.py`
holds both to the same answers.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from django.utils.html import escape
from django.utils.safestring import SafeString

LONGEST, MOST_WORDS = 200, 12


def _plain_letter(letter: str) -> str:
    """The letter without its accents, in lower case, where that is one letter; else empty."""
    plain = "".join(part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part))
    return plain.lower() if len(plain) == 1 and plain.isascii() and plain.isalpha() else ""


LETTERS = {chr(code): _plain_letter(chr(code)) for code in range(0xC0, 0x250) if _plain_letter(chr(code))} | {
    "ø": "o",
    "Ø": "o",
    "ł": "l",
    "Ł": "l",
    "đ": "d",
    "Đ": "d",
    "ı": "i",
    "ħ": "h",
    "Ħ": "h",
}
MARKS = "".join(
    chr(code)
    for code in [
        *range(0x21, 0x7F),
        *range(0xA1, 0xC0),
        0xD7,
        0xF7,
        *range(0x2010, 0x2028),
        *range(0x2030, 0x205F),
    ]
    if not chr(code).isalnum()
)
# From and to, as SQL's translate() takes them: character by character.
FOLD_FROM = "".join(LETTERS) + MARKS
FOLD_TO = "".join(LETTERS.values()) + " " * len(MARKS)
_FOLD = str.maketrans(FOLD_FROM, FOLD_TO)


def fold(text: str) -> str:
    """The text without accents, case and punctuation, as long as before."""
    folded = text.translate(_FOLD)
    lower = folded.lower()
    if len(lower) == len(folded):
        return lower
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in folded)


Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What must occur and what must not; a phrase of one is a word."""

    phrases: tuple[Phrase, ...]
    without: tuple[Phrase, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.phrases)

    def as_tsquery(self) -> str:
        """The same for PostgreSQL's to_tsquery; safe, for words are letters and digits alone."""
        parts = [_tsquery(phrase) for phrase in self.phrases]
        return " & ".join([*parts, *(f"!({_tsquery(phrase)})" for phrase in self.without)])

    def is_in(self, text: str) -> bool:
        """Whether ``text`` has everything that is wanted and nothing that is not."""
        # Most texts have no accents and lack the first word: they are told apart without folding.
        if text.isascii() and self.phrases and self.phrases[0][0] not in text.lower():
            return False
        folded = fold(text)
        return all(_pattern(phrase).search(folded) for phrase in self.phrases) and not any(
            _pattern(phrase).search(folded) for phrase in self.without
        )

    def weight(self, text: str) -> float:
        """How well ``text`` answers: places found (whole words count twice) against its length."""
        folded = fold(text)
        found = 0.0
        for phrase in self.phrases:
            for place in _pattern(phrase).finditer(folded):
                after = folded[place.end() : place.end() + 1]
                found += 1.0 if after.isalnum() else 2.0
        return found / (1 + math.log(1 + len(folded) / 40))

    def places(self, text: str) -> list[tuple[int, int]]:
        """Where in ``text`` it was found: (begin, end), in order, none within another."""
        folded = fold(text)
        found = sorted(place.span() for phrase in self.phrases for place in _pattern(phrase).finditer(folded))
        merged: list[tuple[int, int]] = []
        for begin, end in found:
            if merged and begin < merged[-1][1]:
                merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
            else:
                merged.append((begin, end))
        return merged


@lru_cache(maxsize=256)
def wanted(text: str) -> Wanted:
    """What somebody typed, understood; nothing to look for is falsy."""
    phrases: list[Phrase] = []
    without: list[Phrase] = []
    for minus, quoted, word in re.findall(r'(-?)(?:"([^"]*)"?|([^\s"]+))', text[:LONGEST]):
        words = tuple(fold(quoted or word).split())
        if words and len(phrases) + len(without) < MOST_WORDS:
            (without if minus else phrases).append(words)
    return Wanted(tuple(dict.fromkeys(phrases)), tuple(dict.fromkeys(without)))


def marked(text: str, what: Wanted, *, width: int = 0) -> SafeString:
    """``text`` escaped, with <mark> where it was found; cut around the first place where ``width`` is given.

    Whole words are marked, so that a reader sees which word was found.
    """
    places = [_whole(text, *place) for place in what.places(text)]
    begin, end = _window(text, places[0][0] if places else 0, width)
    pieces, at = [], begin
    for first, last in places:
        if at <= first < end:
            pieces += [escape(text[at:first]), "<mark>", escape(text[first : min(last, end)]), "</mark>"]
            at = min(last, end)
    pieces.append(escape(text[at:end]))
    return SafeString(("… " if begin else "") + "".join(pieces) + (" …" if end < len(text) else ""))


def _whole(text: str, first: int, last: int) -> tuple[int, int]:
    """The place from ``first`` to ``last``, to the borders of its words."""
    while first and text[first - 1].isalnum():
        first -= 1
    while last < len(text) and text[last].isalnum():
        last += 1
    return first, last


def _window(text: str, first: int, width: int) -> tuple[int, int]:
    """Where the excerpt begins and ends: around ``first``, at the borders of words."""
    if not width or len(text) <= width:
        return 0, len(text)
    begin = max(0, min(first - width // 3, len(text) - width))
    if begin:
        begin = text.find(" ", begin, first) + 1 or begin
    end = min(len(text), begin + width)
    if end < len(text):
        end = max(text.rfind(" ", begin + width // 2, end), begin + width // 2)
    return begin, end


def _tsquery(phrase: Phrase) -> str:
    *before, last = phrase
    return " <-> ".join([*(f"'{word}'" for word in before), f"'{last}':*"])


@lru_cache(maxsize=1024)
def _pattern(phrase: Phrase) -> re.Pattern[str]:
    """The phrase at the beginning of a word, its last word perhaps unfinished."""
    return re.compile(r"(?<!\w)" + r"(?:\W|_)+".join(map(re.escape, phrase)))
