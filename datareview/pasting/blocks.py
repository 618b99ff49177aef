"""Read a pasted block: which rows are a header or the key, which columns name students, which are items.

No database: takes text and items, returns a `PastedTable`.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from itertools import takewhile
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from datareview.answers.marks import MOST_PASTED, Mark, letters_of, read_answer, split_letters
from datareview.records.models import AssessmentItem
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datareview.answers.marks import Item

MOST_ROWS = 400
MOST_COLUMNS = 300
KEY_WORDS = re.compile(
    r"(answer |right |correct )?(key|answers?|responses?)|points?( possible)?|out of|max(imum)?"
    r"|clave|respuestas?( correctas?)?|puntos",
    re.IGNORECASE,
)
HEADER_WORDS = re.compile(
    r"(student|pupil|learner|last|first|full|family|given)?\s*(name|names|id|number|no\.?|#|e-?mail|students?)|item|items"
    r"|question|questions|row|code|alumnos?|alumnas?|estudiantes?|nombres?|apellidos?|n[uú]mero|correo|pregunta",
    re.IGNORECASE,
)
LABEL = re.compile(r"(?:q|#|item|question|no\.?|pregunta|p)?\s*\.?\s*(\d{1,3})\.?", re.IGNORECASE)
CODE_LINE = re.compile(r"(\d{1,3}[a-z]?)\s+(\S.*)", re.IGNORECASE)
FEW = 0.5


@dataclass(frozen=True, slots=True)
class PastedRow:
    """A row: its line in the block, what names the student, and the text of each item by number.

    ``too_many`` are all its answers in their order, if there are more of them than of most rows.
    """

    line: int
    names: list[str]
    cells: dict[int, str]
    has_code: bool = False  # the code of a printed sheet instead of a name
    too_many: tuple[str, ...] = ()


@dataclass(slots=True)
class PastedTable:
    """The rows of a block. ``spare`` are columns that could be the one that is no item: position and heading.

    ``left_out`` are headings of columns that are no items. ``missing`` are numbers of items without a column.
    """

    rows: list[PastedRow] = field(default_factory=list)
    spare: list[tuple[int, str]] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    missing: list[int] = field(default_factory=list)
    has_header: bool = False
    has_key: bool = False


def read_block(text: str, items: Sequence[Item], *, without: int | None = None) -> PastedTable:
    """Read a block with a row per student; ``without`` is the position of a column to leave out.

    Columns are separated by tabs, semicolons or commas. Without any, each line is the code of a row and its answers:
    "12K CABDB". Raises DomainError for a block that is too large or names nobody.
    """
    if coded := _coded(text, items):
        return PastedTable(rows=coded)
    lines = _lines(text)
    if not lines:
        raise DomainError(_("Paste the rows first."))
    table = PastedTable()
    header, body = _header(lines, items)
    table.has_header = header is not None
    kept = [(line, cells) for line, cells in body if not _is_key(cells, items)]
    table.has_key = len(kept) < len(body)
    if not kept:
        raise DomainError(_("There is no row with a student."))
    if header is not None:
        ends = max(place for place, cell in enumerate(header) if cell) + 1
        width = max(ends, _usual_width(kept, ends))
        naming, columns = _by_header([*header[:ends], *[""] * (width - ends)], items, table)
    else:
        kept = _spread(kept, items)
        rows = [cells for _line, cells in kept]
        first = _first_answers(rows, items)
        width = _usual_width(kept, first + len(items))
        naming, columns = _by_place(first, width, items, table, without)
    if not naming:
        raise DomainError(
            _("No column names the students. Put names or numbers first, or paste into a cell of the grid.")
        )
    table.missing = [item.number for item in items if item.number not in columns]
    for line, cells in kept:
        names = [cells[place] for place in naming if place < len(cells) and cells[place]]
        if names:
            texts = {number: cells[place] for number, place in columns.items() if place < len(cells)}
            over = [cell for cell in cells[width:] if _could_answer(cell, items)]
            answers = [cells[place] for place in sorted(columns.values()) if place < len(cells)]
            too_many = (*answers, *over) if over else ()
            table.rows.append(PastedRow(line, names, texts, too_many=too_many))
    return table


def _usual_width(body: Sequence[tuple[int, list[str]]], least: int) -> int:
    """The columns that most rows have; what a few rows have beyond ``least`` columns is too many there."""
    width = max(len(cells) for _line, cells in body)
    while width > least and sum(any(cells[width - 1 :]) for _line, cells in body) <= FEW * len(body):
        width -= 1
    return width


def _spread(body: list[tuple[int, list[str]]], items: Sequence[Item]) -> list[tuple[int, list[str]]]:
    """Give each letter a cell where most rows have those of the first choice items in one, as in "CABD"."""
    chosen = list(takewhile(lambda item: item.kind == AssessmentItem.Kind.CHOICE, items))
    known = {letter for item in chosen for letter in letters_of(item)} | set("-.")
    many = len(chosen)
    for place in range(1, max(len(cells) for _line, cells in body)) if many > 1 else ():
        runs = {
            line
            for line, cells in body
            if place < len(cells) and len(cells[place]) == many and set(cells[place].upper()) <= known
        }
        if len(runs) > FEW * len(body):
            return [
                (
                    line,
                    [
                        *cells[:place],
                        *(
                            split_letters(items, cells[place : place + 1])
                            if line in runs
                            else [*cells[place : place + 1], *[""] * (many - 1)]
                        ),
                        *cells[place + 1 :],
                    ],
                )
                for line, cells in body
            ]
    return body


def _lines(text: str) -> list[tuple[int, list[str]]]:
    if len(text) > MOST_PASTED:
        raise DomainError(_("That is too much at once. Paste the rows of one class."))
    plain = text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    mark = next((one for one in "\t;," if one in plain), "\t")
    reader = csv.reader(plain.split("\n"), delimiter=mark)
    try:
        rows = [[" ".join(cell.split()) for cell in row] for row in reader]
    except csv.Error as error:
        raise DomainError(
            _("These rows cannot be read. Copy them from the spreadsheet once more.")
        ) from error
    found = [(line, row) for line, row in enumerate(rows, start=1) if any(row)]
    if len(found) > MOST_ROWS or any(len(row) > MOST_COLUMNS for _line, row in found):
        raise DomainError(_("That is too much at once. Paste the rows of one class."))
    return found


def _coded(text: str, items: Sequence[Item]) -> list[PastedRow]:
    """Rows that begin with the code of a printed sheet; none if a line does not."""
    found = []
    for line, typed in enumerate(text.splitlines()[:MOST_ROWS], start=1):
        if not typed.strip():
            continue
        match = CODE_LINE.fullmatch(typed.strip())
        if match is None or re.search(r"[\t;]|,(?!\d)|(?<!\d),", typed):
            return []
        texts = split_letters(items, match[2].split())
        if len(texts) > len(items):
            raise DomainError(
                _("Row %(row)s: %(n)s answers for %(items)s items.")
                % {"row": match[1].upper(), "n": len(texts), "items": len(items)}
            )
        numbered = {item.number: text for item, text in zip(items, texts, strict=False)}
        found.append(PastedRow(line, [match[1].upper()], numbered, has_code=True))
    return found


def _header(
    lines: list[tuple[int, list[str]]], items: Sequence[Item]
) -> tuple[list[str] | None, list[tuple[int, list[str]]]]:
    """The cells of the header, if there is one that names items, and the lines that are no header."""
    for place, (_line, cells) in enumerate(lines[:5]):
        labels = [number for cell in cells if (number := _label(cell, items))]
        starts_well = not cells[0] or HEADER_WORDS.fullmatch(cells[0])
        if starts_well and len(labels) >= max(1, FEW * len(items)) and len(set(labels)) == len(labels):
            return cells, lines[place + 1 :]
    first = lines[0][1]
    if all(not cell or HEADER_WORDS.fullmatch(cell) for cell in first[:1]) and any(
        HEADER_WORDS.fullmatch(cell) for cell in first
    ):
        return None, lines[1:]  # words over the columns, which name no items
    return None, lines


def _label(cell: str, items: Sequence[Item]) -> int | None:
    match = LABEL.fullmatch(cell)
    number = int(match[1]) if match else None
    return number if any(item.number == number for item in items) else None


def _is_key(cells: list[str], items: Sequence[Item]) -> bool:
    if KEY_WORDS.fullmatch(cells[0]):
        return True
    keys = [item.key for item in items if item.key]
    return not cells[0] and bool(keys) and [cell.upper() for cell in cells if cell][: len(keys)] == keys


def _by_header(
    header: list[str], items: Sequence[Item], table: PastedTable
) -> tuple[list[int], dict[int, int]]:
    columns = {number: place for place, cell in enumerate(header) if (number := _label(cell, items))}
    first = min(columns.values())
    naming = list(range(first))
    table.left_out = [
        cell or str(place + 1)
        for place, cell in enumerate(header)
        if place > first and place not in columns.values()
    ]
    return naming, columns


def _first_answers(rows: list[list[str]], items: Sequence[Item]) -> int:
    """The first column with answers; those before it name the students."""
    width = max(len(cells) for cells in rows)
    return next((place for place in range(width) if _is_answers(rows, place, items)), width)


def _by_place(
    first: int, width: int, items: Sequence[Item], table: PastedTable, without: int | None
) -> tuple[list[int], dict[int, int]]:
    """Columns that name students come first; the others are the items in their order."""
    places = list(range(first, width))
    if len(places) > len(items):
        over = len(places) - len(items)
        if over == 1:
            table.spare = [(place, str(place + 1)) for place in places]
            left = [without if without in places else places[-1]]
        else:
            left = places[-over:]
        table.left_out = [str(place + 1) for place in left]
        places = [place for place in places if place not in left]
    return list(range(first)), {item.number: place for item, place in zip(items, places, strict=False)}


def _is_answers(rows: list[list[str]], place: int, items: Sequence[Item]) -> bool:
    """Whether most cells of a column could answer an item."""
    cells = [row[place] for row in rows if place < len(row) and row[place]]
    if not cells:
        return place > 0
    return sum(_could_answer(cell, items) for cell in cells) > FEW * len(cells)


def _could_answer(text: str, items: Sequence[Item]) -> bool:
    kinds = {(item.kind, item.key if item.kind == "choice" else item.max_points): item for item in items}
    for item in kinds.values():
        try:
            if read_answer(item, text) is not Mark.EMPTY:
                return True
        except DomainError:
            continue
    return False
