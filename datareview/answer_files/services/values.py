"""Read the cells of a file of answers by the items, and compare them with what is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from django.utils.translation import gettext as _

from datareview.answers.marks import ABSENT_TEXT, BLANK_TEXT, Answer, Mark, read_answer, text_of
from datareview.records.models import ItemResponse
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from datareview.answer_files.services.items import AnswerTarget
    from teams.tables.problems import Problems

ABSENCE = 0  # in place of an item's number


def read_answers(
    target: AnswerTarget, cells: pd.DataFrame, problems: Problems, *, is_blank: bool
) -> pd.DataFrame:
    """Read each answer; a student whose cells say "absent" gets one row, with the number 0.

    An empty cell is not entered, or left blank if ``is_blank`` and the student has any answer.
    """
    read: dict[tuple[int, str], Answer | Mark | DomainError] = {}
    answered = set(cells.loc[cells["text"] != "", "student_id"])
    records: list[dict[str, Any]] = []
    wrong: dict[tuple[str, str], list[tuple[int, str]]] = {}
    absent: set[int] = set()
    names = ("line", "student_id", "section_id", "number", "text", "column")
    for line, student, section, number, typed, column in zip(*(cells[name] for name in names), strict=True):
        item = target.items[number]
        text = BLANK_TEXT if not typed and is_blank and student in answered else typed
        if (number, text) not in read:
            try:
                read[number, text] = read_answer(item, _letter_of(item.options, text))
            except DomainError as error:
                read[number, text] = error
        value = read[number, text]
        if isinstance(value, DomainError):
            wrong.setdefault((column, str(value)), []).append((line, text))
        if isinstance(value, DomainError) or value is Mark.EMPTY or student in absent:
            continue
        record = {
            "line": line,
            "student_id": student,
            "section_id": None if pd.isna(section) else int(section),
        }
        if isinstance(value, Mark):
            absent.add(student)
            records.append({**record, "number": ABSENCE, "points": 0.0, "choice": "", "text": ABSENT_TEXT})
            continue
        shown = text_of(item, value.points, value.choice)
        records.append(
            {**record, "number": number, "points": value.points, "choice": value.choice, "text": shown}
        )
    for (column, message), rows in wrong.items():
        problems.add(
            pd.DataFrame(rows, columns=["line", "text"]), column, "no-answer", message, values="text"
        )
    kept = [one for one in records if one["number"] == ABSENCE or one["student_id"] not in absent]
    columns = ["line", "student_id", "section_id", "number", "points", "choice", "text"]
    return pd.DataFrame(kept, columns=columns).astype({"section_id": object})


def _letter_of(options: list[str], text: str) -> str:
    """The letter of an option that is written out, as in the answers of an online form."""
    words = [" ".join(one.split()).casefold() for one in options]
    place = words.index(plain) if (plain := " ".join(text.split()).casefold()) in words and plain else -1
    return text if place < 0 else chr(ord("A") + place)


def beside_answers(target: AnswerTarget, rows: pd.DataFrame, problems: Problems) -> pd.DataFrame:
    """Add ``state`` and ``before``; an absence that would delete answers becomes a problem."""
    stored: dict[tuple[int, int], tuple[float, str]] = {}
    absent: set[int] = set()
    if target.assessment is not None:
        answers = ItemResponse.objects.filter(item__assessment=target.assessment)
        for student, number, points, choice in answers.values_list(
            "student_id", "item__number", "points", "choice"
        ):
            stored[student, number] = points, choice
        sittings = target.assessment.sittings.filter(is_absent=True)
        absent = set(sittings.values_list("student_id", flat=True))
    answered = {student for student, _number in stored}
    refused = rows[(rows["number"] == ABSENCE) & rows["student_id"].isin(answered)]
    message = _(
        "The student has answers already, so the absence is left out. Mark it on the page if it is right."
    )
    problems.add(refused, "", "has-answers", message, values="text")
    rows = rows.drop(refused.index)
    states, before = [], []
    for student, number, points, choice in zip(
        rows["student_id"], rows["number"], rows["points"], rows["choice"], strict=True
    ):
        if number == ABSENCE:
            states.append("same" if student in absent else "new")
            before.append("")
            continue
        old = stored.get((student, number))
        states.append("new" if old is None else "same" if old == (points, choice) else "changed")
        before.append(text_of(target.items[number], *old) if old else "")
    return rows.assign(state=states, before=before, row_id=None)
