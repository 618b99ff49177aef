"""What is to settle in a pasted block: each question with its choices, and the one that holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from datareview.answers.marks import BLANK_TEXT, letters_of
from datareview.records.models import AssessmentItem
from datareview.records.queries.order import named_apart

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from datareview.pasting.blocks import PastedRow, PastedTable
    from datareview.records.models import Student

LEAVE_OUT = "out"
NOT_ENTERED = "none"


@dataclass(frozen=True, slots=True)
class Settling:
    """Something to settle: a question with choices (value, label), and the one that holds now."""

    name: str
    question: str
    detail: str
    choices: list[tuple[str, str]]
    chosen: str


def which_column(table: PastedTable) -> Settling:
    """Which of a block's columns is no item, where there is one too many."""
    first = table.rows[0] if table.rows else None
    shown = ", ".join(text for text in (first.cells.values() if first else ()) if text)
    return Settling(
        "column",
        _("There is a column too many. Which one is no item?"),
        _("The first row is read as %(cells)s.") % {"cells": shown},
        [(str(place), _("Column %(column)s") % {"column": heading}) for place, heading in table.spare],
        str(int(table.left_out[0]) - 1),
    )


def which_answer(row: PastedRow, typed: str, items: int, chosen: str) -> Settling:
    """Which of a row's answers is the one too many; the row is left out until that is chosen."""
    question = _("“%(typed)s” has %(n)s answers for %(items)s items. Which one is too many?")
    return Settling(
        f"many-{row.line}",
        question % {"typed": typed, "n": len(row.too_many), "items": items},
        _("row %(row)s") % {"row": row.line},
        [(LEAVE_OUT, _("Leave the row out"))]
        + [
            (str(place), _("Answer %(n)s, “%(text)s”") % {"n": place + 1, "text": text})
            for place, text in enumerate(row.too_many)
        ],
        chosen,
    )


def whose_row(row: PastedRow, question: str, students: Sequence[Student], chosen: str) -> Settling:
    """Which of ``students`` a row means."""
    return Settling(
        f"row-{row.line}",
        question,
        _("row %(row)s") % {"row": row.line},
        [(LEAVE_OUT, _("Leave the row out")), *named_apart(students, with_grade=False)],
        chosen,
    )


def which_row(row: PastedRow, typed: str, earlier: int, student: Student, chosen: str) -> Settling:
    """Which of two rows of one student counts, where their answers differ."""
    words = {"typed": typed, "first": earlier, "row": row.line}
    return Settling(
        f"row-{row.line}",
        _("“%(typed)s” is there twice, with different answers.") % words,
        _("rows %(first)s and %(row)s") % words,
        [
            (LEAVE_OUT, _("Take row %(first)s") % words),
            (str(student.uuid), _("Take row %(row)s") % words),
        ],
        chosen,
    )


def what_a_cell_means(
    row: PastedRow, item: AssessmentItem, student: Student, problem: str, chosen: str
) -> Settling:
    """What stands for a text that cannot be read."""
    return Settling(
        f"cell-{row.line}-{item.number}",
        _("Item %(item)s: %(problem)s") % {"item": item.number, "problem": problem},
        _("%(student)s, row %(row)s") % {"student": student, "row": row.line},
        choices_of_cell(item),
        chosen,
    )


def choices_of_cell(item: AssessmentItem) -> list[tuple[str, str]]:
    """What can stand for a text that cannot be read: not entered, left blank, or a letter."""
    options = [(NOT_ENTERED, _("Not entered")), (BLANK_TEXT, _("Left blank"))]
    if item.kind == AssessmentItem.Kind.CHOICE:
        options += [(letter, letter) for letter in letters_of(item)]
    return options


def what_empty_means(choices: Mapping[str, str]) -> Settling:
    """Whether empty cells are not entered or left blank."""
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
