"""What saving a pasted block would do: whom each row means, what cannot be read, what is replaced. Stores nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from datareview.answers.blocks import PastedRow, PastedTable, read_block
from datareview.answers.marks import ABSENT_TEXT, BLANK_TEXT, Answer, Mark, letters_of, read_answer, text_of
from datareview.answers.matching import Person, match_code, match_person
from datareview.answers.queries.grid import class_grid
from datareview.answers.sheets import code_of
from datareview.records.models import AssessmentItem
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from datareview.answers.queries.grid import AnswerGrid, AnswerRow
    from datareview.records.models import Assessment, Section, Student

LEAVE_OUT = "out"
NOT_ENTERED = "none"
MOST_TO_SETTLE = 60


@dataclass(frozen=True, slots=True)
class Settling:
    """Something to settle: a question with choices (value, label), and the one that holds now."""

    name: str
    question: str
    detail: str
    choices: list[tuple[str, str]]
    chosen: str


@dataclass(frozen=True, slots=True)
class PreviewCell:
    """A cell as it would be saved; ``typed`` is what was pasted if that cannot be read."""

    text: str
    typed: str = ""


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A pasted row: the student (None: left out), whether a person should confirm it, and its cells."""

    line: int
    typed: str
    student: Student | None
    state: str  # sure, likely, twice or none
    cells: list[PreviewCell]
    answers: dict[int, str]


@dataclass(slots=True)
class PastePreview:
    """A pasted block, row by row, what is to settle, and what saving does."""

    grid: AnswerGrid
    table: PastedTable
    rows: list[PreviewRow] = field(default_factory=list)
    settlings: list[Settling] = field(default_factory=list)
    written: int = 0
    replaced: int = 0
    without_row: list[Student] = field(default_factory=list)

    @property
    def typed_cells(self) -> list[tuple[UUID, int, str]]:
        """What saving writes: student, item and text."""
        return [
            (row.student.uuid, number, text)
            for row in self.rows
            if row.student is not None
            for number, text in row.answers.items()
        ]

    @property
    def saved(self) -> list[PreviewRow]:
        """Rows that saving writes."""
        return [row for row in self.rows if row.student is not None]

    @property
    def sure(self) -> int:
        """How many rows match a student."""
        return self._count("sure")

    @property
    def likely(self) -> int:
        """How many rows likely match a student."""
        return self._count("likely")

    @property
    def unclear(self) -> int:
        """How many rows match no one, or someone who has a row already."""
        return self._count("none", "twice")

    def _count(self, *states: str) -> int:
        return sum(row.state in states for row in self.rows)


def preview_paste(
    assessment: Assessment, section: Section, text: str, choices: Mapping[str, str]
) -> PastePreview:
    """Preview a pasted block for a class. ``choices`` has what was settled: `Settling.name` → value.

    Raises DomainError if the block cannot be used at all.
    """
    grid = class_grid(assessment, section)
    items = [column.item for column in grid.columns]
    without = choices.get("column", "")
    table = read_block(text, items, without=int(without) if without.isdecimal() else None)
    preview = PastePreview(grid, table)
    if table.spare:
        preview.settlings.append(_which_column(table))
    if any(not text for row in table.rows for text in row.cells.values()):
        preview.settlings.append(_what_empty_means(choices))
    by_id = {row.student.uuid: row for row in grid.rows}
    people = [_person(place, row.student) for place, row in enumerate(grid.rows, start=1)]
    taken: dict[UUID, int] = {}
    for row in table.rows:
        preview.rows.append(_row(preview, row, people, by_id, taken, choices, section))
    preview.without_row = [
        row.student for row in grid.rows if row.student.uuid not in taken and not row.is_entered
    ]
    return preview


def _person(place: int, student: Student) -> Person:
    return Person(
        student.uuid,
        student.local_id,
        student.first_name,
        student.last_name,
        student.preferred_name,
        code_of(place, student),
    )


def _row(
    preview: PastePreview,
    row: PastedRow,
    people: list[Person],
    by_id: dict[UUID, AnswerRow],
    taken: dict[UUID, int],
    choices: Mapping[str, str],
    section: Section,
) -> PreviewRow:
    match = match_code(row.names[0], people) if row.has_code else match_person(row.names, people)
    name, typed = f"row-{row.line}", " ".join(row.names)
    found = by_id.get(match.person.uuid) if match.person else None
    state = "none" if found is None else "sure" if match.is_sure else "likely"
    if found is not None and found.student.uuid in taken:
        state = "twice"
    chosen = choices.get(name, "")
    if not chosen:
        chosen = str(found.student.uuid) if found and state != "twice" else LEAVE_OUT
    current = next((one for uuid, one in by_id.items() if str(uuid) == chosen and uuid not in taken), None)
    if state != "sure" and len(preview.settlings) < MOST_TO_SETTLE:
        options = [(LEAVE_OUT, _("Leave the row out"))]
        options += [(str(uuid), str(one.student)) for uuid, one in by_id.items() if uuid not in taken]
        preview.settlings.append(
            Settling(
                name,
                _question(state, typed, section),
                _("row %(row)s") % {"row": row.line},
                options,
                str(current.student.uuid) if current else LEAVE_OUT,
            )
        )
    if current is not None:
        taken[current.student.uuid] = row.line
    cells, answers = _cells(preview, row, current, choices)
    return PreviewRow(row.line, typed, current.student if current else None, state, cells, answers)


def _question(state: str, typed: str, section: Section) -> str:
    words = {"typed": typed, "section": section}
    if state == "likely":
        return _("Who is “%(typed)s”?") % words
    if state == "twice":
        return _("“%(typed)s” is there twice.") % words
    return _("“%(typed)s” is no one in %(section)s.") % words


def _cells(
    preview: PastePreview, row: PastedRow, current: AnswerRow | None, choices: Mapping[str, str]
) -> tuple[list[PreviewCell], dict[int, str]]:
    """The cells as they are shown, and the texts to save by number; counts what is written and replaced."""
    cells: list[PreviewCell] = []
    answers: dict[int, str] = {}
    empty = BLANK_TEXT if choices.get("empty") == BLANK_TEXT else ""
    for column in preview.grid.columns:
        item = column.item
        text = row.cells.get(item.number)
        if text is None or (not text and not empty):
            cells.append(PreviewCell(""))
            continue
        try:
            answer = read_answer(item, text or empty)
        except DomainError as error:
            answer = _settled(preview, row, item, current, choices, str(error))
            cells.append(PreviewCell("" if answer is Mark.EMPTY else _text(item, answer), typed=text))
        else:
            cells.append(PreviewCell(_text(item, answer)))
        if current is None or answer is Mark.EMPTY:
            continue
        answers[item.number] = cells[-1].text
    if current is not None and ABSENT_TEXT in answers.values():
        answers = dict.fromkeys(list(answers)[:1], ABSENT_TEXT)
        preview.written += not current.is_absent
        preview.replaced += 0 if current.is_absent else sum(bool(cell.text) for cell in current.cells)
    elif current is not None:
        before = {cell.item.number: cell.text for cell in current.cells}
        changed = [number for number, text in answers.items() if before[number] != text]
        preview.written += len(changed)
        preview.replaced += sum(bool(before[number]) for number in changed)
    return cells, answers


def _text(item: AssessmentItem, answer: Answer | Mark) -> str:
    if isinstance(answer, Mark):
        return ABSENT_TEXT if answer is Mark.ABSENT else ""
    return text_of(item, answer.points, answer.choice)


def _settled(
    preview: PastePreview,
    row: PastedRow,
    item: AssessmentItem,
    current: AnswerRow | None,
    choices: Mapping[str, str],
    problem: str,
) -> Answer | Mark:
    """What stands for a text that cannot be read: not entered, unless somebody chose an answer."""
    name = f"cell-{row.line}-{item.number}"
    chosen = choices.get(name, NOT_ENTERED)
    options = [(NOT_ENTERED, _("Not entered")), (BLANK_TEXT, _("Left blank"))]
    if item.kind == AssessmentItem.Kind.CHOICE:
        options += [(letter, letter) for letter in letters_of(item)]
    if chosen not in dict(options):
        chosen = NOT_ENTERED
    if current is not None and len(preview.settlings) < MOST_TO_SETTLE:
        words = {"item": item.number, "problem": problem}
        preview.settlings.append(
            Settling(
                name,
                _("Item %(item)s: %(problem)s") % words,
                _("%(student)s, row %(row)s") % {"student": current.student, "row": row.line},
                options,
                chosen,
            )
        )
    return Mark.EMPTY if chosen == NOT_ENTERED else read_answer(item, chosen)


def _which_column(table: PastedTable) -> Settling:
    first = table.rows[0] if table.rows else None
    shown = ", ".join(text for text in (first.cells.values() if first else ()) if text)
    return Settling(
        "column",
        _("There is a column too many. Which one is no item?"),
        _("The first row is read as %(cells)s.") % {"cells": shown},
        [(str(place), _("Column %(column)s") % {"column": heading}) for place, heading in table.spare],
        str(int(table.left_out[0]) - 1),
    )


def _what_empty_means(choices: Mapping[str, str]) -> Settling:
    return Settling(
        "empty",
        _("What does an empty cell mean?"),
        "",
        [
            (NOT_ENTERED, _("Not entered: it changes nothing")),
            (BLANK_TEXT, _("Left blank: it counts as wrong")),
        ],
        BLANK_TEXT if choices.get("empty") == BLANK_TEXT else NOT_ENTERED,
    )
