"""Other names for students in any text, and back: what a projector shows instead of who a child is."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import dates, translation

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_WORD = re.compile(r"\w+")
_SHORTEST = 2  # letters of a name that is looked for alone; "J." says nothing


@dataclass(frozen=True, slots=True)
class Named:
    """A student to hide: id, first and last name, and the school's number."""

    pk: int
    first: str
    last: str
    local_id: str = ""


class Aliases:
    """Replaces names by "Student 17" in a text, and "Student 17" by the name in what is typed.

    Numbers come from ``salt`` (the day, the school), so that all screens of a meeting show the same and
    tomorrow's are others. ``staff`` are names that stay, also where a student shares a part of them. A name
    is found as "First Last", "Last, First", "First L.", and each part alone, wherever it is a word of its
    own and not beside a number (a month in a date). Case matters; HTML and JSON escapes are known.
    """

    def __init__(
        self, students: Sequence[Named], *, staff: Iterable[str] = (), salt: str, secret: str, label: str
    ) -> None:
        order = sorted(students, key=lambda one: _mark(f"{salt}:{one.pk}", secret))
        self._label = label
        self._names = {place: f"{one.first} {one.last}".strip() for place, one in enumerate(order, start=1)}
        self._forms: dict[str, dict[str, tuple[str, bool]]] = {}
        for place, one in enumerate(order, start=1):
            for form, is_part in _forms_of(one):
                self._add(form, f"{label} {place}", is_part=is_part)
        for name in staff:
            self._add(name, name, is_part=False)
        self._ordered = {
            word: sorted(forms.items(), key=lambda item: -len(item[0])) for word, forms in self._forms.items()
        }
        self._back = re.compile(rf"\b{re.escape(label)} (\d+)\b")

    def hide(self, text: str) -> str:
        """``text`` with an alias for every name."""
        parts, done = [], 0
        for match in _WORD.finditer(text):
            start = match.start()
            if start < done:
                continue
            for form, (alias, is_part) in self._ordered.get(match.group(), ()):
                end = start + len(form)
                if (
                    text.startswith(form, start)
                    and _ends(text, end)
                    and not (is_part and _is_date(text, start, end))
                ):
                    parts += [text[done:start], alias]
                    done = end
                    break
        return "".join([*parts, text[done:]])

    def show(self, text: str) -> str:
        """``text`` with the name for every alias, so that what is typed on a projected page is kept right."""
        return self._back.sub(lambda match: self._names.get(int(match[1]), match[0]), text)

    def _add(self, form: str, alias: str, *, is_part: bool) -> None:
        for spelling in {
            form,
            escape(form),
            form.replace("'", "\\u0027"),
            form.encode("unicode_escape").decode(),
        }:
            word = _WORD.match(spelling)
            if word:
                self._forms.setdefault(word.group(), {}).setdefault(spelling, (alias, is_part))


def _forms_of(one: Named) -> list[tuple[str, bool]]:
    """How a student is written; whether it is only a part of the name."""
    whole = [f"{one.first} {one.last}", f"{one.last}, {one.first}", f"{one.last} {one.first}"]
    short = [f"{one.first} {one.last[:1]}.", f"{one.first} {one.last[:1]}"] if one.last else []
    parts = [part for part in (one.first, one.last) if len(part) >= _SHORTEST]
    number = [one.local_id] if len(one.local_id) > 4 else []
    full = [form.strip(" ,") for form in whole if one.first and one.last]
    return [(form, False) for form in (*full, *short, *number) if form] + [(part, True) for part in parts]


def _ends(text: str, end: int) -> bool:
    """Whether a word ends there: "Maya's" is Maya, "Mayas" is not; a title stays as it is."""
    return end >= len(text) or not (text[end].isalnum() or text[end] == "_")


@lru_cache(maxsize=1)
def _months() -> frozenset[str]:
    """The names of the months, long and short, in the languages that pages are written in."""
    found = set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            names = (*dates.MONTHS.values(), *dates.MONTHS_3.values(), *dates.MONTHS_AP.values())
            found |= {str(name).strip(".").casefold() for name in names}
    return frozenset(found)


def _is_date(text: str, start: int, end: int) -> bool:
    """Whether it is a month's name with a number beside it, as in "5 May" or "June 2026"; "Maya 62" is a score."""
    if text[start:end].casefold() not in _months():
        return False
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    return (len(before) == 2 and before[0].isdigit() and before[1] == " ") or (
        len(after) == 2 and after[0] == " " and after[1].isdigit()
    )


def _mark(text: str, secret: str) -> bytes:
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()
