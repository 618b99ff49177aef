"""Find which student of a class each pasted row means. No database."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

LIKELY = 84.0  # of 100, by rapidfuzz
AHEAD = 8.0  # of the next student


@dataclass(frozen=True, slots=True)
class Person:
    """A student as rows may name them; ``code`` is that of the printed sheet."""

    uuid: UUID
    number: str
    first: str
    last: str
    preferred: str = ""
    code: str = ""

    @property
    def whole(self) -> list[str]:
        """The names of the student, without accents, in the order of their parts."""
        firsts = [one for one in (self.first, self.preferred) if one]
        return [_plain(f"{first} {self.last}") for first in firsts or [""]]


@dataclass(frozen=True, slots=True)
class Match:
    """The student whom a row means, or None; not ``is_sure`` if a person should confirm it.

    ``among`` are students whose names fit equally well.
    """

    person: Person | None
    is_sure: bool
    among: tuple[Person, ...] = ()


NOBODY = Match(None, is_sure=False)


def match_person(names: Sequence[str], people: Sequence[Person]) -> Match:
    """Find the only one of ``people`` whom the cells ``names`` mean: by number, email, name, initial, or nearly so."""
    for cell in names:
        same = [one for one in people if one.number and cell.casefold() == one.number.casefold()]
        if len(same) == 1:
            return Match(same[0], is_sure=True)
    for cell in names:
        if "@" in cell and (found := _by_email(cell, people)).person:
            return found
    words = [
        re.sub(r"^\d{1,3}[.)]\s*", "", cell)  # as in a numbered list
        for cell in names
        if re.search(r"[^\W\d_]", cell) and "@" not in cell
    ]
    return _by_name(" ".join(words), people) if words else NOBODY


def match_people(rows: Sequence[Sequence[str]], people: Sequence[Person]) -> list[Match]:
    """Find whom each row of a file means, as `match_person` does; zeros in front of a number may be lost."""
    numbers: dict[str, list[Person]] = {}
    names: dict[str, list[Person]] = {}
    for one in people:
        numbers.setdefault(_number(one.number), []).append(one)
        for name in {_sorted(whole) for whole in one.whole}:
            names.setdefault(name, []).append(one)
    numbers.pop("", None)
    found: list[Match] = []
    for row in rows:
        same = next((numbers[_number(cell)] for cell in row if _number(cell) in numbers), [])
        same = same or names.get(_sorted(_plain(" ".join(row))), [])
        found.append(Match(same[0], is_sure=True) if len(same) == 1 else match_person(row, people))
    return found


def _number(text: str) -> str:
    plain = text.strip().casefold().removesuffix(".0")
    return plain.lstrip("0") or plain


def match_code(code: str, people: Sequence[Person]) -> Match:
    """Find the student by the code of a printed sheet; without its letter it is only likely."""
    same = [one for one in people if one.code == code]
    if same:
        return Match(same[0], is_sure=True)
    near = [one for one in people if code.isdigit() and one.code[:-1] == code]
    return Match(near[0], is_sure=False) if near else NOBODY


def _by_email(cell: str, people: Sequence[Person]) -> Match:
    local = cell.split("@", maxsplit=1)[0].casefold()
    same = [one for one in people if one.number and one.number.casefold() == local]
    if len(same) == 1:
        return Match(same[0], is_sure=True)
    words = _plain(re.sub(r"[._\-\d+]+", " ", local))
    named = [one for one in people if _sorted(words) in {_sorted(name) for name in one.whole}]
    if len(named) == 1:
        return Match(named[0], is_sure=True)
    joined = words.replace(" ", "")
    short = [one for one in people if joined in _short_names(one)]
    return Match(short[0], is_sure=False) if len(short) == 1 else NOBODY


def _by_name(typed: str, people: Sequence[Person]) -> Match:
    name = _plain(typed)
    same = [one for one in people if _sorted(name) in {_sorted(whole) for whole in one.whole}]
    if same:
        return Match(same[0], is_sure=True) if len(same) == 1 else Match(None, False, tuple(same))
    initial = [one for one in people if _fits_initial(name, one)]
    if len(initial) == 1:
        return Match(initial[0], is_sure=False)
    if initial:
        return Match(None, False, tuple(initial))
    rated = sorted(
        ((max(fuzz.token_sort_ratio(name, whole) for whole in one.whole), place, one) for place, one in enumerate(people)),
        reverse=True,
    )  # fmt: skip
    if rated and rated[0][0] >= LIKELY and (len(rated) == 1 or rated[0][0] - rated[1][0] >= AHEAD):
        return Match(rated[0][2], is_sure=False)
    return NOBODY


def _fits_initial(name: str, person: Person) -> bool:
    """Whether a name has the parts of one of the two names, and begins those of the other: "Barnes, L.", "Thea"."""
    typed = name.split()
    for whole in person.whole:
        parts = whole.split()
        rest = [part for part in typed if part not in parts]
        left = [part for part in parts if part not in typed]
        if not left:  # with a middle name
            return True
        if len(rest) < len(typed) and all(any(part.startswith(one) for part in left) for one in rest):
            return True
    return False


def _short_names(person: Person) -> set[str]:
    """How addresses shorten a name: "taguilar", "theaa"."""
    last = _plain(person.last).replace(" ", "")
    firsts = [_plain(first).replace(" ", "") for first in (person.first, person.preferred) if first]
    return {short for first in firsts for short in (first[:1] + last, first + last[:1], last + first[:1])}


def _plain(text: str) -> str:
    """Lower-case words without accents and punctuation."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(one for one in plain if not unicodedata.combining(one))
    return " ".join(re.sub(r"[.,\-]", " ", re.sub(r"['’`]", "", plain)).split())


def _sorted(name: str) -> str:
    return " ".join(sorted(name.split()))
