"""Read what people type into a cell of a grid of answers, and write what is stored as they would type it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from django.utils.translation import gettext as _

from datareview.records.models import AssessmentItem
from teams.lib import formats
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Sequence

LETTERS = "ABCDEFGH"
USUAL_LETTERS = 5
ABSENT_WORDS = frozenset({"x", "abs", "abs.", "absent", "aus", "aus.", "ausente"})
BLANK_TEXT = "-"
ABSENT_TEXT = "x"
PLACES = 2  # of points
MOST_PASTED = 300_000  # characters of a block
LONGEST = 20  # characters of a cell
_BLANKS = frozenset({"-", "–", "—", "\N{MINUS SIGN}", "0"})
_CHARACTERS = re.compile(r"[A-Z0-9]{1,8}", re.ASCII)
_NUMBER = re.compile(r"(?=[.,]?\d)(\d{0,4})(?:[.,](\d{0,2}))?", re.ASCII)


class Mark(Enum):
    """What a cell says without an answer."""

    EMPTY = "empty"  # not entered
    ABSENT = "absent"  # the student was not there


@dataclass(frozen=True, slots=True)
class Answer:
    """Points, and the letters chosen; a choice item left blank has 0 points and no letter."""

    points: float
    choice: str = ""


class Item(Protocol):
    """What reading a cell needs to know of an item; an `AssessmentItem` is one."""

    number: int
    kind: str
    key: str
    max_points: float
    options: list[str]


def read_answer(item: Item, text: str) -> Answer | Mark:
    """Read the text of a cell: letters, points ("1.5", "1,5", "1½") or a rubric's level; "" is not entered.

    "-" is left blank, "0" too where a letter is asked for; "x" is absent. Raises DomainError with a sentence.
    """
    typed = text.strip()
    if not typed:
        return Mark.EMPTY
    if typed.casefold() in ABSENT_WORDS:
        return Mark.ABSENT
    if item.kind == AssessmentItem.Kind.CHOICE:
        return _read_choice(item, typed)
    points = 0.0 if typed in _BLANKS else _read_points(typed)
    if points is None:
        raise DomainError(_("“%(text)s” is not a number of points.") % {"text": _short(typed)})
    if points > item.max_points:
        raise DomainError(
            _("%(points)s is more than the %(most)s points of the item.")
            % {"points": formats.number(points, PLACES), "most": formats.number(item.max_points, PLACES)}
        )
    if item.kind == AssessmentItem.Kind.RUBRIC and not (2 * points).is_integer():
        raise DomainError(_("“%(text)s” is no level; whole and half levels are.") % {"text": _short(typed)})
    return Answer(points)


def letters_of(item: Item) -> str:
    """The characters that answer a choice: one for each option, else A to E and those up to the key, or 1 to 9."""
    key = item.key
    if _has_digits(item):
        return "123456789"[: max(USUAL_LETTERS, *(int(one) for one in key if one.isdigit()))]
    up_to_key = max([USUAL_LETTERS, *(LETTERS.find(letter) + 1 for letter in key)])
    many = max(2, len(item.options)) if item.options else up_to_key
    letters = LETTERS[:many]
    if "T" in key or key == "F":  # true or false
        letters += "".join(letter for letter in "TF" if letter not in letters)
    return letters + "".join(letter for letter in key if letter not in letters)


def text_of(item: Item, points: float, choice: str) -> str:
    """What a stored answer looks like in its cell; `read_answer` reads the same from it."""
    if item.kind == AssessmentItem.Kind.CHOICE:
        return choice or BLANK_TEXT
    return formats.number(points, PLACES)


def split_letters(items: Sequence[Item], words: Sequence[str]) -> list[str]:
    """Cells of ``items`` from what was keyed in: "CAB" are three letters; a number or "1.5" is one cell.

    "." skips an item. More cells than items are kept, for the caller to refuse.
    """
    cells: list[str] = []
    for word in words:
        if word.casefold() in ABSENT_WORDS and not cells:
            return [ABSENT_TEXT]
        item = items[len(cells)] if len(cells) < len(items) else None
        if item is not None and item.kind != AssessmentItem.Kind.CHOICE:
            cells.append("" if word == "." else word)
            continue
        cells += ["" if letter == "." else letter for letter in word]
    return cells


def _read_choice(item: Item, typed: str) -> Answer:
    if typed in _BLANKS and not (typed == "0" and _has_digits(item)):
        return Answer(0.0)
    choice = re.sub(r"[\s,;/+.)(]", "", unicodedata.normalize("NFKC", typed).upper())
    known = letters_of(item)
    if _has_digits(item):
        is_answer = bool(_CHARACTERS.fullmatch(choice))
    else:
        is_answer = bool(choice) and not set(choice) - set(known) and len(choice) <= max(1, len(item.key))
        choice = item.key if set(choice) == set(item.key) else "".join(sorted(set(choice)))
    if not is_answer:
        raise DomainError(
            _("“%(text)s” is no answer; %(letters)s are.")
            % {"text": _short(typed), "letters": ", ".join(known)}
        )
    return Answer(item.max_points if choice and choice == item.key else 0.0, choice)


def _has_digits(item: Item) -> bool:
    return any(one.isdigit() for one in item.key)


def _read_points(typed: str) -> float | None:
    half = 0.0
    if len(unicodedata.normalize("NFKC", typed[-1])) > 1:  # as in 1½
        half = unicodedata.numeric(typed[-1], -1)
        typed = typed[:-1].strip()
        if half < 0 or (typed and not typed.isdecimal()):
            return None
    found = _NUMBER.fullmatch(typed) if typed else None
    if typed and not found:
        return None
    whole = float(f"{found[1] or 0}.{found[2] or 0}") if found else 0.0
    return round(whole + half, PLACES)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
