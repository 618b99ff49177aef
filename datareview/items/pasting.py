"""Read items that someone pasted from a spreadsheet, and standards by ranges of items."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Sequence

CHOICE, POINTS, RUBRIC, TOTAL = "choice", "points", "rubric", "total"
MOST_LINES = 400
RUBRIC_RANGE = re.compile(r"0\s*[-–—]\s*([1-9][0-9]?)")
NUMBER = re.compile(r"[0-9]{1,4}([.,][0-9]{1,3})?")
LETTERS = re.compile(r"[A-Za-z]{2,}")
LETTER = re.compile(r"[A-Za-z]")
SEVERAL = re.compile(r"[A-H]{2,4}", re.IGNORECASE)  # choices that are right together
KEYS_AND_POINTS = re.compile(
    r"([A-H]{3,})([0-9]*)", re.IGNORECASE
)  # CABD22: four keys, two items with points
COUNTED = re.compile(r"(?:q|#|no|n|item|question|pregunta|ítem)?[.\s]*([0-9]{1,3})[.):]?", re.IGNORECASE)
# What people write between two numbers of items, in English and Spanish: "9 to 12", "5 and 6".
TO_NUMBER = re.compile(r"(?<=[0-9])\s+(?:to|through|thru|al?)\s+(?=[0-9]{1,3}(?:\s|$))", re.IGNORECASE)
AND_NUMBER = re.compile(r"(?<=[0-9])\s+(?:and|&|y)\s+(?=[0-9]{1,3}(?:\s|-|$))", re.IGNORECASE)
ITEM_WORD = re.compile(
    r"\b(?:items?|questions?|ítems?|preguntas?|q)\s*(?=[0-9]{1,3}(?:\s|-|$))", re.IGNORECASE
)
RANGE = re.compile(r"([0-9]{1,3})(?:-([0-9]{1,3}))?")
# Headings of columns, in small letters and without signs, in English and Spanish.
HEADINGS = {
    "number": {"", "item", "items", "number", "no", "nr", "n", "question", "q", "pregunta", "número", "ítem"},
    "key": {"key", "answer", "answers", "correct", "right answer", "correct answer", "answer key", "clave", "respuesta"},
    "points": {"points", "point", "pts", "max", "max points", "possible", "worth", "score", "puntos", "puntaje"},
    "code": {"standard", "standards", "code", "target", "teks", "ccss", "skill", "estándar", "estándares", "código"},
    "kind": {"kind", "type", "item type", "tipo"},
    "prompt": {"text", "prompt", "stem", "question text", "texto", "enunciado"},
}  # fmt: skip
KINDS = {
    CHOICE: {"choice", "mc", "multiple choice", "selected response", "opción múltiple"},
    POINTS: {"points", "open", "cr", "constructed response", "short answer", "number", "puntos"},
    TOTAL: {"total", "sum", "suma"},
    RUBRIC: {"rubric", "level", "scale", "rúbrica"},
}


@dataclass(frozen=True, slots=True)
class PastedItem:
    """An item as it was pasted; ``points`` is None where none were."""

    number: int
    kind: str = CHOICE
    key: str = ""
    points: float | None = None
    code: str = ""
    prompt: str = ""
    options: tuple[str, ...] = ()


@dataclass(slots=True)
class _Line:
    """The texts of one item by the name of the column, and the choices in order."""

    texts: dict[str, str] = field(default_factory=dict)
    options: list[str] = field(default_factory=list)


def read_items(text: str) -> tuple[list[PastedItem], list[str]]:
    """Items from a row of keys ("C A B D", "CABD", "CABD CABD 22"), or from a table with columns (or rows) in any order.

    Columns are known by their headings, or else by what they hold: numbers 1, 2, 3 …; keys; points ("0-4" is a rubric's
    scale); codes of standards; texts. Returns the items and a sentence for each line that could not be read.
    """
    rows = _cells(text)
    if not rows:
        return [], []
    if len(rows) == 1 and not _fields_of(rows[0]):
        rows = [[token] for token in _tokens(rows[0])]
    elif _is_across(rows):
        width = max(len(row) for row in rows)
        rows = [[row[place] if place < len(row) else "" for row in rows] for place in range(width)]
    if len(rows) > MOST_LINES:
        return [], [_("These are more than %(most)s lines.") % {"most": MOST_LINES}]
    headings = _fields_of(rows[0])
    columns = headings or _guessed(rows)
    lines = [_line(row, columns) for row in (rows[1:] if headings else rows)]
    return _items(lines)


def read_ranges(text: str) -> tuple[dict[int, str], list[str]]:
    """Codes of standards by the number of the item, from "1–4 4.NF.A.1, 5-8: 4.NF.A.2"; and what could not be read."""
    plain = re.sub(r"(?<=[0-9])\s*[-–—]\s*(?=[0-9])", "-", re.sub(r"[,;:=]", " ", text))
    plain = ITEM_WORD.sub("", AND_NUMBER.sub(" ", TO_NUMBER.sub("-", plain)))
    codes: dict[int, str] = {}
    numbers: list[int] = []
    words: list[str] = []
    problems: list[str] = []

    def assign() -> None:
        if words and not numbers:
            problems.append(_("“%(text)s”: which items?") % {"text": " ".join(words)})
        elif numbers and not words:
            problems.append(
                _("Items %(numbers)s: which standard?") % {"numbers": ", ".join(map(str, numbers))}
            )
        codes.update(dict.fromkeys(numbers, " ".join(words)) if words else {})
        numbers.clear()
        words.clear()

    for token in plain.split():
        found = RANGE.fullmatch(token)
        if found is None:
            words.append(token)
            continue
        if words:
            assign()
        first, last = int(found[1]), int(found[2] or found[1])
        numbers.extend(range(first, last + 1))
    if numbers or words:
        assign()
    return codes, problems


def _cells(text: str) -> list[list[str]]:
    """The cells of each line that is not empty, without empty cells at its end."""
    delimiter = next((one for one in "\t;" if one in text), "," if re.search(r",\s*\D|\D,", text) else "")
    if delimiter:
        found = csv.reader(io.StringIO(text.strip("\r\n")), delimiter=delimiter)
        rows = [[cell.strip() for cell in row] for row in found]
    else:
        rows = [line.split() for line in text.splitlines()]
    for row in rows:
        while row and not row[-1]:
            row.pop()
    return [row for row in rows if row]


def _tokens(row: Sequence[str]) -> list[str]:
    """A key or points for each item of a row in which keys may be written together."""
    if len(row) == 1 and LETTERS.fullmatch(row[0]):
        return list(row[0])
    first, rest = row[0], row[1:]
    is_together = KEYS_AND_POINTS.fullmatch(first) and (len(first) > 3 or not rest)
    if is_together and all(re.fullmatch(r"[A-Ha-h]*[0-9]*", token) for token in rest):
        return list("".join(row))
    return list(row)


def _field_of(cell: str) -> str:
    """The field that a heading names, "option" for a single letter, or ""."""
    word = re.sub(r"[^\w ]", " ", cell.casefold()).strip()
    if LETTER.fullmatch(cell.strip()) and word not in {"n", "q"}:
        return "option"
    return next((name for name, words in HEADINGS.items() if word in words and word), "")


def _fields_of(row: Sequence[str]) -> list[str]:
    """The fields of a row of headings, or nothing if it is none."""
    fields = [_field_of(cell) for cell in row]
    named = [name for name in fields if name not in {"", "option"}]
    if not named or (len(named) < 2 and len(row) > 1 and "option" in fields):
        return []
    first_of: set[str] = set()
    for place, name in enumerate(fields):
        if name in first_of:
            fields[place] = ""
        elif name and name != "option":
            first_of.add(name)
    return fields


def _is_across(rows: Sequence[Sequence[str]]) -> bool:
    """Whether items are next to each other: headings in the first column, or numbers above keys."""
    named = [[_field_of(cell) not in {"", "option"} for cell in row] for row in rows]
    if len(rows) > 1 and all(row[0] for row in named) and not any(named[0][1:]):
        return True
    widest = len(rows[0])
    return (
        len(rows) <= 4 and widest > len(rows) and _counts(rows[0]) and not _counts([row[0] for row in rows])
    )


def _counts(cells: Sequence[str]) -> bool:
    """Whether the cells are increasing whole numbers, such as "1", "2." or "Q3"."""
    found = [COUNTED.fullmatch(cell) for cell in cells]
    numbers = [int(one[1]) for one in found if one]
    if len(numbers) < len(found):
        return False
    return len(numbers) > 1 and all(one < two for one, two in pairwise(numbers))


def _guessed(rows: Sequence[Sequence[str]]) -> list[str]:
    """The field of each column, by what it holds."""
    fields: list[str] = []
    for place in range(max(len(row) for row in rows)):
        cells = [row[place] for row in rows if place < len(row) and row[place]]
        guess = _guess(cells, place)
        fields.append(guess if guess not in fields else "")
    return fields


def _guess(cells: Sequence[str], place: int) -> str:
    if place == 0 and _counts(cells):
        return "number"
    if all(NUMBER.fullmatch(cell) or RUBRIC_RANGE.fullmatch(cell) for cell in cells):
        return "points"
    kinds = (LETTER, SEVERAL, NUMBER, RUBRIC_RANGE)
    if all(any(kind.fullmatch(cell) for kind in kinds) for cell in cells):
        return "key" if any(LETTER.fullmatch(cell) for cell in cells) else "code"
    return "prompt" if any(" " in cell for cell in cells) else "code"


def _line(row: Sequence[str], columns: Sequence[str]) -> _Line:
    line = _Line()
    for name, cell in zip(columns, row, strict=False):
        if name == "option":
            line.options.append(cell)
        elif name and cell:
            line.texts[name] = cell
    while line.options and not line.options[-1]:
        line.options.pop()
    return line


def _items(lines: Sequence[_Line]) -> tuple[list[PastedItem], list[str]]:
    items: list[PastedItem] = []
    problems: list[str] = []
    for place, line in enumerate(lines, start=1):
        number = line.texts.get("number", str(items[-1].number + 1 if items else 1))
        digits = re.fullmatch(r"\D{0,20}([0-9]{1,3})\D{0,3}", number)  # "Q3", "3.", "Item 3"
        points = line.texts.get("points", "")
        if digits is None:
            problems.append(
                _("Line %(n)s: “%(text)s” is no number of an item.") % {"n": place, "text": number}
            )
        elif points and not (NUMBER.fullmatch(points) or RUBRIC_RANGE.fullmatch(points)):
            problems.append(
                _("Line %(n)s: “%(text)s” is no number of points.") % {"n": place, "text": points}
            )
        else:
            items.append(_item(int(digits[1]), line))
    return items, problems


def _item(number: int, line: _Line) -> PastedItem:
    """The item of a line: a key makes it a choice; a number or a scale in its place makes it points or a rubric."""
    key, points = line.texts.get("key", ""), line.texts.get("points", "")
    word = line.texts.get("kind", "").casefold()
    kind = next((name for name, words in KINDS.items() if word in words), "")
    item = PastedItem(
        number,
        code=line.texts.get("code", ""),
        prompt=line.texts.get("prompt", ""),
        options=tuple(line.options),
    )
    if not points and (NUMBER.fullmatch(key) or RUBRIC_RANGE.fullmatch(key)) and kind != CHOICE:
        key, points = "", key
    if scale := RUBRIC_RANGE.fullmatch(points):
        return replace(item, kind=RUBRIC, points=float(scale[1]))
    worth = float(points.replace(",", ".")) if points else None
    return replace(item, kind=kind or (CHOICE if key else POINTS), key=key.upper(), points=worth)
