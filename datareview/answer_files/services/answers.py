"""Check a file with the answers of an assessment: an item in each of several columns, or one answer in a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from django.utils.translation import gettext as _

from datareview.answer_files.services.items import AnswerTarget, role_of, target_of
from datareview.answer_files.services.values import beside_answers, read_answers
from datareview.answers.marks import BLANK_TEXT
from datareview.answers.matching import match_people
from datareview.cell_words.items import numbered_items
from datareview.imports.checked import Checked, mapped_columns
from teams.lib import formats
from teams.lib.errors import DomainError
from teams.tables.cells import missing_cells
from teams.tables.numbers import NO_TEXT
from teams.tables.problems import FILE

if TYPE_CHECKING:
    from datareview.answers.queries.people import Taker
    from datareview.imports.models import Import
    from teams.tables.problems import Problems

LEFT_OUT = "out"
MOST_UNSETTLED = 60  # names that a page asks about
SHOWN_ITEMS = 60


def check_answers(row: Import, frame: pd.DataFrame, problems: Problems) -> Checked:
    """Check answers by the items of their assessment. ``rows`` has one for each answer, and one for each absence.

    A row has ``line``, ``state``, ``student_id``, ``section_id``, ``number`` (0: absent), ``points``, ``choice``, and the
    texts ``before`` and ``text``.
    """
    columns = mapped_columns(row)
    frame = frame.assign(**{name: frame[name].str.strip() for name in columns.values()})
    frame = frame.assign(typed=_typed(columns, frame))
    named = [frame[columns[name]].map(role_of) for name in ("who", "other_name") if columns.get(name)]
    roles = named[0].where(named[0] != "", named[-1])
    cells = _long(row, frame[roles == ""])
    heads = _long(row, frame[roles != ""]).assign(
        role=lambda one: one["line"].map(dict(zip(frame["line"], roles, strict=True)))
    )
    target = target_of(row, cells, heads, frame)
    _compare_keys(target, heads, problems)
    cells = _with_known_items(target, cells, problems)
    cells, unsettled = _with_students(row, target, cells, columns, frame, problems)
    cells = _without_second_rows(cells, problems, columns["who"])
    rows = read_answers(target, cells, problems, is_blank=row.mapping["options"].get("empty") == BLANK_TEXT)
    rows = beside_answers(target, rows, problems)
    counts = {
        "unsettled": unsettled,
        "students": int(rows["student_id"].nunique()) if len(rows) else 0,
        "without": len(target.takers) - (int(rows["student_id"].nunique()) if len(rows) else 0),
        "assessment": target.title,
        "items": _described(target),
    }
    return Checked(rows, counts=counts, answers=target)


def _typed(columns: dict[str, str], frame: pd.DataFrame) -> list[str]:
    """What names the student of each row, from one or two columns."""
    parts = [frame[columns[name]].str.strip() for name in ("who", "other_name") if columns.get(name)]
    return [" ".join(word for word in words if word) for words in zip(*parts, strict=True)]


def _long(row: Import, frame: pd.DataFrame) -> pd.DataFrame:
    """Reshape to a row for each answer: ``line``, ``typed``, ``column``, ``number`` and ``text`` ("" for no value)."""
    columns, options = mapped_columns(row), row.mapping["options"]
    base = frame[["line", "typed"]]
    items = row.mapping.get("items") or []
    if items:
        numbers = numbered_items(items)
        if len(numbers) < len(items):  # not all are numbered: the order of the columns counts
            numbers = {name: place for place, name in enumerate(items, start=1)}
        parts = [
            base.assign(column=name, number=numbers[name], text=frame[FILE + name].str.strip())
            for name in items
        ]
        long = pd.concat(parts, ignore_index=True)
    elif columns.get("item") and columns.get("answer"):
        found = frame[columns["item"]].str.extract(r"(\d{1,3})\D*$", expand=False)
        long = base.assign(
            column=columns["answer"].removeprefix(FILE),
            number=pd.to_numeric(found).fillna(-1).astype(int),
            text=frame[columns["answer"]],
        )
    else:
        raise DomainError(
            _(
                "Choose the columns that are items, or a column with the item and one with the answer of each row."
            )
        )
    is_missing = missing_cells(long["text"], options, NO_TEXT - {"-", "–", "—"})
    return long.assign(text=long["text"].mask(is_missing, ""))


def _compare_keys(target: AnswerTarget, heads: pd.DataFrame, problems: Problems) -> None:
    """Warn where the key of the file is another than that of the assessment, by which answers are marked."""
    for number, key in target.key.items():
        item = target.items.get(number)
        if item is not None and item.key and key.upper() != item.key:
            lines = heads[(heads["number"] == number) & (heads["role"] == "key")].assign(text=key)
            if lines.empty:
                lines = pd.DataFrame([(1, key)], columns=["line", "text"])
            message = _(
                "Item %(n)s: the file’s key is %(key)s, the assessment’s is %(stored)s, by which answers are marked."
            )
            words = {"n": number, "key": key.upper(), "stored": item.key}
            problems.add(lines.head(1), "", "other-key", message % words, values="text", severity="warning")


def _with_known_items(target: AnswerTarget, cells: pd.DataFrame, problems: Problems) -> pd.DataFrame:
    unknown = ~cells["number"].isin(target.items)
    for column, part in cells[unknown].groupby("column"):
        filled = part[part["text"] != ""]
        message = _("The assessment has no such item, so this is left out.")
        problems.add(filled.head(1), str(column), "no-item", message, values="text", severity="warning")
    return cells[~unknown]


def _with_students(
    row: Import,
    target: AnswerTarget,
    cells: pd.DataFrame,
    columns: dict[str, str],
    frame: pd.DataFrame,
    problems: Problems,
) -> tuple[pd.DataFrame, list[list[str]]]:
    """Add ``student_id`` and ``section_id``; rows of nobody become problems. Also names to settle, each with who it seems.

    A name that somebody settled is that student, or left out.
    """
    settled: dict[str, str] = row.mapping["options"].get("people", {})
    by_uuid = {str(one.student.uuid): one for one in target.takers}
    parts = [name for name in ("who", "other_name") if columns.get(name)]
    names = frame[["typed", *(columns[name] for name in parts)]].drop_duplicates("typed")
    names = names[names["typed"].isin(set(cells["typed"]))]
    people = [one.person for one in target.takers]
    lists = [
        [cell for cell in cells_of if cell]
        for cells_of in names[[columns[name] for name in parts]].to_numpy().tolist()
    ]
    found: dict[str, Taker] = {}
    likely: dict[str, str] = {}
    unsettled: list[list[str]] = []
    for typed, match in zip(names["typed"], match_people(lists, people), strict=True):
        chosen = settled.get(typed, "")
        seems = str(match.person.uuid) if match.person else ""
        if not match.is_sure and len(unsettled) < MOST_UNSETTLED and typed:
            unsettled.append([typed, chosen or seems or LEFT_OUT])
        taker = by_uuid.get(chosen or seems)
        if taker is None:
            continue
        found[typed] = taker
        if not match.is_sure and not chosen:
            likely[typed] = str(taker.student)
    left = {typed for typed, uuid in settled.items() if uuid == LEFT_OUT}
    cells = cells[~cells["typed"].isin(left)]
    column = columns["who"]
    lines = cells.drop_duplicates("line")
    message = _(
        "No student who is given this assessment has this number or name, or you may not enter their class. Choose who it is"
        " below, or correct the file."
    )
    problems.add(lines[~lines["typed"].isin(found)], column, "unknown-student", message, values="typed")
    for typed, name in likely.items():
        message = _("Taken for %(student)s. Choose below if it is someone else.") % {"student": name}
        problems.add(
            lines[lines["typed"] == typed],
            column,
            "likely-student",
            message,
            values="typed",
            severity="warning",
        )
    cells = cells[cells["typed"].isin(found)]
    students = {typed: one.student.pk for typed, one in found.items()}
    sections = {typed: one.section_id for typed, one in found.items()}
    return (
        cells.assign(
            student_id=cells["typed"].map(students).astype("int64"),
            section_id=pd.Series([sections[one] for one in cells["typed"]], index=cells.index, dtype="Int64"),
        ),
        unsettled,
    )


def _without_second_rows(cells: pd.DataFrame, problems: Problems, column: str) -> pd.DataFrame:
    """Leave out all rows of a student whose answers to an item differ; equal ones count once."""
    filled = cells[cells["text"] != ""]
    several = filled.groupby(["student_id", "number"])["text"].nunique()
    wrong = set(several[several > 1].index.get_level_values("student_id"))
    is_wrong = cells["student_id"].isin(wrong)
    message = _("The file has this student twice, with different answers. Keep one of the rows.")
    problems.add(cells[is_wrong].drop_duplicates("line"), column, "contradiction", message, values="typed")
    cells = cells[~is_wrong]
    cells = cells.assign(is_empty=cells["text"] == "").sort_values("is_empty", kind="stable")
    doubled = cells.duplicated(["student_id", "number"])
    message = _("This row repeats an earlier one. It is counted once.")
    again = cells[doubled & ~cells["is_empty"]].drop_duplicates("line")
    problems.add(again, column, "double", message, values="typed", severity="warning")
    return cells[~doubled].sort_values(["line", "number"], kind="stable")


def _described(target: AnswerTarget) -> list[str]:
    """The items of a new assessment in words."""
    if target.assessment is not None:
        return []
    return [
        " · ".join(part for part in (f"{one.number}", one.key or _points(one.max_points), one.code) if part)
        for one in target.values[:SHOWN_ITEMS]
    ]


def _points(most: float) -> str:
    return _("%(n)s points") % {"n": formats.number(most, 2)}
