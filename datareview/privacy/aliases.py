"""Replace student names in any text by aliases, and aliases by names, for projector mode."""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import dates, translation

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_WORD = re.compile(r"\w+")
_HALVES = re.compile(r"[\s-]+")
_SHORTEST = 2  # letters of a name that is searched for on its own; "J." identifies nobody
# Names that are also words in the languages of the product; they are matched only with a capital.
_LIST = """
angel april art august autumn bell best bill brook brown carol chase christian clay close cook cross dale
dawn day dean drew earl ever faith fisher flora forest frank gale gay gene grace grant gray green guy
hall harmony hazel heath hill holly hope hunter ivy jack jade jewel joy june justice king
knight lake lane lily long love major
mark marks mason may mercy miles mine moon moss noble nova olive page park parker pat paul penny pepper
piper poppy price ray read reed rich river rob robin rock rose ruby sage say skip sky small sol star
strong stone storm summer sunny taylor van violet walker ward way west white will winter wise wood wren young
alba amor angeles blanca bravo calle campo casa clara cruz delgado dulce estrella flor flores fuente gallo
guerra iglesia leal leon luna luz mar marina mora moreno paz perla prado reina rey rico rios rosa rubio
serrano sierra soledad soto torres valle vega victoria
all and are but can for had has her him his how its not now one our out see she the was who you son del las
los con por que una uno
"""
_WORDS = frozenset(_LIST.split())


@dataclass(frozen=True, slots=True)
class Named:
    """A student whose name is hidden: id, first and last name, the school's number, and the preferred name."""

    pk: int
    first: str
    last: str
    local_id: str = ""
    preferred: str = ""


@dataclass(frozen=True, slots=True)
class _Form:
    """One spelling of a name: its alias, and the number of characters before its first word."""

    text: str
    alias: str
    before: int
    is_part: bool
    is_loose: bool


class Aliases:
    """Replaces names in a text by "Student 17", and "Student 17" in user input by the name.

    Numbers are derived from ``salt`` (day and school), so that all screens of a meeting show the same numbers,
    and different ones the next day. ``staff`` are names that are never replaced, even if a student shares a part
    of one. A name is matched as "First Last", "Last, First", "First L.", and each part alone (also of a double
    name), with and without accents and with either apostrophe, as a separate word that is not a month in a date.

    Matching ignores case ("maya"), except for names that are also words ("will", "may"): only "Will" is replaced.
    """

    def __init__(
        self, students: Sequence[Named], *, staff: Iterable[str] = (), salt: str, secret: str, label: str
    ) -> None:
        order = sorted(students, key=lambda one: _mark(f"{salt}:{one.pk}", secret))
        self._label = label
        self._aliases = {one.pk: f"{label} {place}" for place, one in enumerate(order, start=1)}
        self._names = {
            place: f"{one.first} {one.last}".strip() or f"{label} {one.local_id}"
            for place, one in enumerate(order, start=1)
        }
        self._forms: dict[str, list[_Form]] = {}
        self._known: set[str] = set()
        owners: dict[str, set[int]] = {}
        for one in order:
            for form, is_part in _forms_of(one):
                if is_part:
                    owners.setdefault(form, set()).add(one.pk)
        # A part that several share is nobody's alone: it has a number of its own, which stands for this part.
        shared = [form for form, pks in owners.items() if len(pks) > 1]
        numbers = {form: place for place, form in enumerate(shared, start=len(order) + 1)}
        self._names |= {place: form for form, place in numbers.items()}
        for one in order:
            for form, is_part in _forms_of(one):
                of_many = numbers.get(form) if is_part else None
                alias = f"{label} {of_many}" if of_many else self._aliases[one.pk]
                self._add(form, alias, is_part=is_part)
        for name in staff:
            self._add(name, name, is_part=False)
        self._ordered = {
            word: sorted(forms, key=lambda form: -len(form.text)) for word, forms in self._forms.items()
        }
        self._back = re.compile(rf"\b{re.escape(label)} (\d{{1,9}})(?=s?\b)", re.IGNORECASE)

    def alias_of(self, pk: int) -> str:
        """The alias of a student; for unknown students (of another school) the label alone."""
        return self._aliases.get(pk, self._label)

    def hide(self, text: str) -> str:
        """Replace every name in ``text`` by its alias."""
        parts, done = [], 0
        for match in _WORD.finditer(text):
            if match.start() < done:
                continue
            found = self._found(text, match, done)
            if found:
                start, end, alias = found
                parts += [text[done:start], alias]
                done = end
        return "".join([*parts, text[done:]])

    def _found(self, text: str, match: re.Match[str], done: int) -> tuple[int, int, str] | None:
        """Start, end and alias of the name whose first word is at ``match``, or None."""
        word = match.group().casefold()
        for form in self._ordered.get(word, ()):
            start = match.start() - form.before
            end = start + len(form.text)
            there = text[start:end] if start >= done else ""
            is_exact = there in (form.text, form.text.upper())
            is_same = is_exact or (form.is_loose and there.casefold() == form.text.casefold())
            if is_same and _ends(text, end) and not (form.is_part and _is_date(text, start, end)):
                return start, end, form.alias
            if is_exact and form.is_loose and _ends_as_possessive(text, end):
                return start, end, form.alias
        return self._owned(text, match, done) or self._cut(text, match)

    def _owned(self, text: str, match: re.Match[str], done: int) -> tuple[int, int, str] | None:
        """Start, end and alias of a name of one word with the s of a possessive, "Mayas" or "MAYAS", or None.

        Only as names are written, and of three letters or more: other words end with an s, too.
        """
        word = match.group()
        if word[-1:] not in ("s", "S") or len(word) < _SHORTEST + 2:
            return None
        for form in self._ordered.get(word[:-1].casefold(), ()):
            start, end = match.start() - form.before, match.end() - 1
            is_exact = start >= done and text[start:end] in (form.text, form.text.upper())
            if is_exact and form.is_loose:
                return start, end, form.alias
        return None

    def _cut(self, text: str, match: re.Match[str]) -> tuple[int, int, str] | None:
        """Start, end and alias of a truncated name, "Okaf…", or None."""
        word = match.group().casefold()
        if text[match.end() : match.end() + 1] != "…" or len(word) <= _SHORTEST:
            return None
        for known, forms in self._ordered.items():
            if known.startswith(word) and forms[-1].is_part:
                return match.start(), match.end(), forms[-1].alias
        return None

    def show(self, text: str) -> str:
        """Replace every alias in ``text`` by the name, for input typed on a projected page."""
        return self._back.sub(lambda match: self._names.get(int(match[1]), match[0]), text)

    def _add(self, form: str, alias: str, *, is_part: bool) -> None:
        is_loose = alias == form or not is_part or form.casefold() not in _WORDS
        for spelling in _spellings(form):
            word = _WORD.search(spelling)
            if word and spelling not in self._known:
                self._known.add(spelling)
                one = _Form(spelling, alias, word.start(), is_part=is_part, is_loose=is_loose)
                self._forms.setdefault(word.group().casefold(), []).append(one)


def _forms_of(one: Named) -> list[tuple[str, bool]]:
    """Spellings of a student's name, and whether each is only a part of the name."""
    if not one.preferred:
        return _forms_with(one)
    return _forms_with(one) + _forms_with(replace(one, first=one.preferred))


def _forms_with(one: Named) -> list[tuple[str, bool]]:
    """Spellings with the first name."""
    whole = [f"{one.first} {one.last}", f"{one.last}, {one.first}", f"{one.last} {one.first}"]
    short = [f"{one.first} {one.last[:1]}.", f"{one.first} {one.last[:1]}"] if one.last else []
    parts = [part for part in (one.first, one.last) if len(part) >= _SHORTEST]
    for name in list(parts):
        # "Mary Ann" and "Okafor-Lee" are also called by a half; "de la Cruz" is never called "de"
        parts += [
            half
            for half in _HALVES.split(name)
            if len(half) > _SHORTEST and half not in parts and half[0].isupper()
        ]
    number = [one.local_id] if len(one.local_id) > 4 else []
    full = [form.strip(" ,") for form in whole if one.first and one.last]
    return [(form, False) for form in (*full, *short, *number) if form] + [(part, True) for part in parts]


def _spellings(form: str) -> list[str]:
    """Variants of a name: with accents (composed or decomposed) or without, and with either apostrophe."""
    if form.isascii():  # most names, of which there are ten forms for each student of a school
        return [form, form.replace("'", "\u2019")] if "'" in form else [form]
    accents = (form, _plain(form), unicodedata.normalize("NFC", form), unicodedata.normalize("NFD", form))
    return list(
        dict.fromkeys(
            one
            for text in accents
            for one in (text, text.replace("'", "\u2019"), text.replace("\u2019", "'"))
        )
    )


def _plain(form: str) -> str:
    """Remove accents: "Jose" for "José"."""
    return "".join(one for one in unicodedata.normalize("NFD", form) if not unicodedata.combining(one))


def _ends(text: str, end: int) -> bool:
    """Whether a word ends at ``end``: "Maya's" contains the name, "Mayas" does not."""
    return end >= len(text) or not (text[end].isalnum() or text[end] == "_")


def _ends_as_possessive(text: str, end: int) -> bool:
    """Whether an s and the end of a word follow: "Maya Okafors" without its apostrophe."""
    return text[end : end + 1] in ("s", "S") and _ends(text, end + 1)


@lru_cache(maxsize=1)
def _months() -> frozenset[str]:
    """Names of the months, long and short, in all languages of the product."""
    found = set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            names = (*dates.MONTHS.values(), *dates.MONTHS_3.values(), *dates.MONTHS_AP.values())
            found |= {str(name).strip(".").casefold() for name in names}
    return frozenset(found)


def _is_date(text: str, start: int, end: int) -> bool:
    """Whether the text is a month next to a number, as in "5 May" or "June 2026"; "Maya 62" is a name and a score."""
    if text[start:end].casefold() not in _months():
        return False
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    return (len(before) == 2 and before[0].isdigit() and before[1] == " ") or (
        len(after) == 2 and after[0] == " " and after[1].isdigit()
    )


def _mark(text: str, secret: str) -> bytes:
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()
