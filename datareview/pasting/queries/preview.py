"""What saving a pasted block would do: whom each row means, what cannot be read, what is replaced. Stores nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import ngettext

from datareview.answers.marks import ABSENT_TEXT, ABSENT_WORDS, BLANK_TEXT, Answer, Mark, read_answer, text_of
from datareview.answers.queries.grid import class_grid
from datareview.pasting.blocks import PastedRow, PastedTable, read_block
from datareview.pasting.queries.meant import LIKELY, NO_ONE, SURE, TOO_LONG, TWICE, Meaning, MeantRow
from datareview.pasting.queries.settling import (
    NOT_ENTERED,
    Settling,
    choices_of_cell,
    what_a_cell_means,
    what_empty_means,
    which_column,
)
from teams.lib import formats
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from datareview.answers.queries.grid import AnswerGrid
    from datareview.records.models import Assessment, AssessmentItem, Section, Student
    from teams.directory.models import User

MOST_TO_SETTLE = 60


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
    state: str  # sure, likely, twice, long or none
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
    def title(self) -> str:
        """How many rows there are, and how many of them match, in words."""
        many = [
            (SURE, lambda n: ngettext("%(n)s matches", "%(n)s match", n)),
            (LIKELY, lambda n: ngettext("%(n)s is likely", "%(n)s are likely", n)),
            (TWICE, lambda n: ngettext("%(n)s is there twice", "%(n)s are there twice", n)),
            (TOO_LONG, lambda n: ngettext("%(n)s is too long", "%(n)s are too long", n)),
            (NO_ONE, lambda n: ngettext("%(n)s matches no one", "%(n)s match no one", n)),
        ]
        counts = [(sum(row.state == state for row in self.rows), words) for state, words in many]
        parts = ", ".join(words(n) % {"n": formats.number(n)} for n, words in counts if n)
        rows = ngettext("%(n)s row", "%(n)s rows", len(self.rows)) % {"n": formats.number(len(self.rows))}
        return f"{rows}: {parts}"


def preview_paste(
    assessment: Assessment, section: Section, text: str, choices: Mapping[str, str], *, reader: User
) -> PastePreview:
    """Preview a block for a class that ``reader`` enters. ``choices`` has what was settled: `Settling.name` → value.

    Raises DomainError if the block cannot be used at all.
    """
    grid = class_grid(assessment, section)
    items = [column.item for column in grid.columns]
    without = choices.get("column", "")
    table = read_block(text, items, without=int(without) if without.isdecimal() else None)
    preview = PastePreview(grid, table)
    if table.spare:
        preview.settlings.append(which_column(table))
    if any(not all(row.cells.values()) and not _is_absence(row) for row in table.rows):
        preview.settlings.append(what_empty_means(choices))
    meaning = Meaning(assessment, section, grid, choices, reader)
    for meant in [meaning.of(row) for row in table.rows]:
        cells, answers = _cells(preview, meant, choices)
        student = meant.current.student if meant.current else None
        preview.settlings += meant.questions
        preview.rows.append(PreviewRow(meant.row.line, meant.typed, student, meant.state, cells, answers))
    del preview.settlings[MOST_TO_SETTLE:]
    with_row = {row.student for row in preview.rows}
    preview.without_row = [
        row.student for row in grid.rows if not row.is_begun and row.student not in with_row
    ]
    return preview


def _is_absence(row: PastedRow) -> bool:
    """Whether a row says that the student was absent: its other cells mean nothing."""
    return any(text.casefold() in ABSENT_WORDS for text in row.cells.values())


def _cells(
    preview: PastePreview, meant: MeantRow, choices: Mapping[str, str]
) -> tuple[list[PreviewCell], dict[int, str]]:
    """The cells as they are shown, and the texts to save by number; counts what is written and replaced."""
    cells: list[PreviewCell] = []
    answers: dict[int, str] = {}
    current = meant.current
    empty = BLANK_TEXT if choices.get("empty") == BLANK_TEXT else ""
    for column in preview.grid.columns:
        item = column.item
        text = meant.cells.get(item.number)
        if text is None or (not text and not empty):
            cells.append(PreviewCell(""))
            continue
        try:
            answer = read_answer(item, text or empty)
        except DomainError as error:
            answer = _settled(meant, item, choices, str(error))
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
    meant: MeantRow, item: AssessmentItem, choices: Mapping[str, str], problem: str
) -> Answer | Mark:
    """What stands for a text that cannot be read: not entered, unless somebody chose an answer."""
    chosen = choices.get(f"cell-{meant.row.line}-{item.number}", NOT_ENTERED)
    if chosen not in dict(choices_of_cell(item)):
        chosen = NOT_ENTERED
    if meant.current is not None:
        meant.questions.append(what_a_cell_means(meant.row, item, meant.current.student, problem, chosen))
    return Mark.EMPTY if chosen == NOT_ENTERED else read_answer(item, chosen)
