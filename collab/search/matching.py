"""Parse search terms and match them against text, the same on every database.

Text is folded first: accents and case are removed, punctuation becomes spaces, and every character keeps its
position. Words are runs of letters and digits. A term matches at the beginning of a word ("fluen" finds
"fluency"); "quoted words" must be adjacent; -word must not occur. `collab.search.queries.texts` uses PostgreSQL's
full text search, or this module on SQLite; `tests/collab/search/test_queries.py` checks that both agree.
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
    """The letter without accents in lower case if it is a single ASCII letter, else empty."""
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
# Arguments of SQL's translate(), character by character.
FOLD_FROM = "".join(LETTERS) + MARKS
FOLD_TO = "".join(LETTERS.values()) + " " * len(MARKS)
_FOLD = str.maketrans(FOLD_FROM, FOLD_TO)


def fold(text: str) -> str:
    """The text without accents, case and punctuation, with the same length."""
    folded = text.translate(_FOLD)
    lower = folded.lower()
    if len(lower) == len(folded):
        return lower
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in folded)


Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SearchTerms:
    """Phrases that must occur and phrases that must not. A word is a phrase of one. Falsy if empty."""

    phrases: tuple[Phrase, ...]
    without: tuple[Phrase, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.phrases)

    def as_tsquery(self) -> str:
        """The terms for PostgreSQL's to_tsquery. Safe, since words contain only letters and digits."""
        parts = [_tsquery(phrase) for phrase in self.phrases]
        return " & ".join([*parts, *(f"!({_tsquery(phrase)})" for phrase in self.without)])

    def is_in(self, text: str) -> bool:
        """Whether ``text`` has all required phrases and no excluded one."""
        # Fast path: most texts are ASCII and lack the first word, so need no folding.
        if text.isascii() and self.phrases and self.phrases[0][0] not in text.lower():
            return False
        folded = fold(text)
        return all(_pattern(phrase).search(folded) for phrase in self.phrases) and not any(
            _pattern(phrase).search(folded) for phrase in self.without
        )

    def weight(self, text: str) -> float:
        """Relevance of ``text``: matches (whole words count twice) relative to its length."""
        folded = fold(text)
        found = 0.0
        for phrase in self.phrases:
            for place in _pattern(phrase).finditer(folded):
                after = folded[place.end() : place.end() + 1]
                found += 1.0 if after.isalnum() else 2.0
        return found / (1 + math.log(1 + len(folded) / 40))

    def places(self, text: str) -> list[tuple[int, int]]:
        """Matches in ``text`` as (start, end), in order and without overlaps."""
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
def parse_terms(text: str) -> SearchTerms:
    """Parse what somebody typed."""
    phrases: list[Phrase] = []
    without: list[Phrase] = []
    for minus, quoted, word in re.findall(r'(-?)(?:"([^"]*)"?|([^\s"]+))', text[:LONGEST]):
        words = tuple(fold(quoted or word).split())
        if words and len(phrases) + len(without) < MOST_WORDS:
            (without if minus else phrases).append(words)
    return SearchTerms(tuple(dict.fromkeys(phrases)), tuple(dict.fromkeys(without)))


def marked(text: str, terms: SearchTerms, *, width: int = 0) -> SafeString:
    """Escape ``text`` and wrap matches in <mark>; with ``width``, an excerpt around the first match.

    Whole words are marked, so that readers see which word matched.
    """
    places = [_whole(text, *place) for place in terms.places(text)]
    begin, end = _window(text, places[0][0] if places else 0, width)
    pieces, at = [], begin
    for first, last in places:
        if at <= first < end:
            pieces += [escape(text[at:first]), "<mark>", escape(text[first : min(last, end)]), "</mark>"]
            at = min(last, end)
    pieces.append(escape(text[at:end]))
    return SafeString(("… " if begin else "") + "".join(pieces) + (" …" if end < len(text) else ""))


def _whole(text: str, first: int, last: int) -> tuple[int, int]:
    """Extend the range from ``first`` to ``last`` to word boundaries."""
    while first and text[first - 1].isalnum():
        first -= 1
    while last < len(text) and text[last].isalnum():
        last += 1
    return first, last


def _window(text: str, first: int, width: int) -> tuple[int, int]:
    """Start and end of the excerpt around ``first``, at word boundaries."""
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
    """Matches the phrase at the start of a word; its last word may be incomplete."""
    return re.compile(r"(?<!\w)" + r"(?:\W|_)+".join(map(re.escape, phrase)))
