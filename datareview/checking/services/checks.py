"""Check a file without writing: every row is new, changed, the same, or has a problem."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from django.utils.translation import gettext as _

from datareview.answer_files.services.answers import check_answers
from datareview.checking.services.attendance import check_attendance
from datareview.checking.services.cells import column_days, without_zeros
from datareview.checking.services.examples import days_read
from datareview.checking.services.roster_checks import check_roster, note_new
from datareview.checking.services.rosters import GONE, LIFTED, ROSTERS, STUDENT_ROLES
from datareview.checking.services.scores import check_scores
from datareview.file_words.codes import EXPLAINED, with_meanings
from datareview.imports.checked import Checked, mapped_columns
from datareview.imports.models import MANY_SECONDS, SECOND, Import
from datareview.imports.services.reading import load_columns
from datareview.recognition.systems import has_other_roles
from datareview.records.models import Student
from teams.lib.errors import DomainError
from teams.lib.tags.grades import grade
from teams.tables.cells import missing_cells, plain_column, plain_days, split_names, without_equal_rows
from teams.tables.distinct import read_distinct, text_series
from teams.tables.grades import read_grade
from teams.tables.languages import language_codes
from teams.tables.numbers import NO_TEXT
from teams.tables.problems import FILE, Problems
from teams.tables.reading import plain_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from teams.tables.columns import Columns

LONGEST_NUMBER = 40
LONG = (Import.Kind.SCORES, Import.Kind.ATTENDANCE)  # of up to a million rows; their texts stay categories
NAMESAKES = ["first_name", "last_name", "grade"]
STUDENT_FIELDS = ROSTERS[Import.Kind.STUDENTS].fields


def check_file(row: Import) -> Checked:
    """Read the file of ``row`` and check it by its mapping against current data."""
    table = load_columns(row)
    columns = {FILE + name: text_series(cells) for name, cells in table.cells.items()}
    if row.kind not in LONG:
        columns = {name: texts.astype(str) for name, texts in columns.items()}
    frame = pd.DataFrame({"line": np.array(table.lines, np.int64), **columns})
    frame = with_meanings(frame, row.mapping)
    problems = Problems(EXPLAINED.get(row.kind))
    if table.ragged:
        lines = pd.DataFrame([(line, len(cells)) for line, cells in table.ragged], columns=["line", "cells"])
        message = _("This row doesn’t have as many cells as the header (%(n)d).") % {"n": len(table.cells)}
        problems.add(lines, "", "ragged", message, values="cells")
    days, order = days_read(row, frame)
    checked = _CHECKS[row.kind](row, frame, problems)
    note_new(row, checked)
    checked.problems = problems.found
    notes = [*table.notes, *checked.counts.get("notes", [])]
    checked.counts |= _counts(checked, table, problems) | {"notes": notes} | {"days": days, "order": order}
    return checked


def _counts(checked: Checked, table: Columns, problems: Problems) -> dict[str, Any]:
    states = checked.rows["state"].value_counts().to_dict() if len(checked.rows) else {}
    changed, known = int(states.get("changed", 0)), int(states.get("changed", 0) + states.get("same", 0))
    return {
        "rows": len(table.lines) + len(table.ragged),
        "new": int(states.get("new", 0)),
        "changed": changed,
        "same": int(states.get("same", 0)),
        "problems": problems.totals,
        "kinds": [[*kind, many] for kind, many in problems.kinds.items()],
        "codes": [[*code, many] for code, many in problems.codes.items()],
        "needs_confirm": LIFTED in problems.totals
        or problems.totals.get(SECOND, 0) >= MANY_SECONDS
        or (changed > 10 and changed > 0.1 * known),
    }


def _check_students(row: Import, frame: pd.DataFrame, problems: Problems) -> Checked:
    columns, options = mapped_columns(row), row.mapping["options"]
    if not columns.get("role") and has_other_roles(row.columns):
        raise DomainError(
            _(
                "This file of OneRoster has teachers and families too, and no column says who is a student. Add the column "
                "“role” from roles.csv, and load it again."
            )
        )
    if columns.get("role"):  # a file of OneRoster has everyone
        frame = frame[frame[columns["role"]].str.strip().str.lower().isin(STUDENT_ROLES)]
    frame = frame.assign(local_id=frame[columns["student"]].map(plain_number))
    empty = missing_cells(frame["local_id"], options)
    problems.add(frame[empty], columns["student"], "no-number", _("The row has no student number."))
    long = frame["local_id"].str.len() > LONGEST_NUMBER
    problems.add(
        frame[long], columns["student"], "long-number", _("This number is longer than 40 characters.")
    )
    frame = _as_stored(row, frame[~empty & ~long], problems, columns["student"])
    frame = _student_values(row, frame, problems)
    if columns.get("row_status"):
        frame = _without_gone(row, frame)
    given = [name for name in STUDENT_FIELDS if name in frame.columns]
    message = _("The file has this student number twice, with different values. Keep one of the rows.")
    frame = without_equal_rows(frame, ["local_id"], given, problems, columns["student"], message)
    names = list(dict.fromkeys(("pk", "local_id", "status", *NAMESAKES, *given)))
    rows = Student.objects.filter(school=row.school).values_list(*names)
    stored = pd.DataFrame(list(rows), columns=names, dtype=object)
    frame = _beside_students(frame, stored, given)
    is_absent = ~stored["local_id"].isin(frame["local_id"])
    seconds = _seconds(frame, stored[is_absent & (stored["status"] != Student.Status.LEFT)])
    message = _(
        "A student with this name and grade is here under another number, which the file does not have. Choose the column "
        "with the number by which the school knows them."
    )
    problems.add(seconds, columns["student"], SECOND, message, values="local_id", severity="warning")
    return Checked(rows=frame, counts={"absent": int(is_absent.sum())})


def _beside_students(frame: pd.DataFrame, stored: pd.DataFrame, given: list[str]) -> pd.DataFrame:
    """Add the ``state`` of each row and the id of its student; an empty cell is no difference."""
    place = pd.Index(stored["local_id"]).get_indexer(pd.Index(frame["local_id"], dtype=object))
    is_new = place < 0
    differs = np.zeros(len(frame), bool)
    beside = stored.iloc[np.where(is_new, 0, place)] if len(stored) else stored.reindex(range(len(frame)))
    for name in given:
        differs |= frame[name].notna().to_numpy() & (
            frame[name].to_numpy(object) != beside[name].to_numpy(object)
        )
    ids = np.array(beside["pk"], object)
    ids[is_new] = None
    state = np.where(is_new, "new", np.where(differs, "changed", "same"))
    return frame.assign(state=state, row_id=pd.Series(ids, index=frame.index, dtype=object))


def _seconds(frame: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """The new rows with the name and grade of one of the ``others``: present students whose number is not in the file."""
    if not {*NAMESAKES} <= {*frame.columns} or others.empty:
        return frame.iloc[:0]
    taken = {_alike(values) for values in others[NAMESAKES].itertuples(index=False)}
    new = frame[frame["state"] == "new"]
    alike = [_alike(values) in taken for values in new[NAMESAKES].itertuples(index=False)]
    return new[pd.Series(alike, index=new.index, dtype=bool)]


def _alike(values: Iterable[Any]) -> tuple[str, ...]:
    return tuple(str(value).strip().casefold() for value in values)


def _without_gone(row: Import, frame: pd.DataFrame) -> pd.DataFrame:
    """Students whose row was deleted have left today, unless they had before; unknown ones are left out."""
    stored = dict(Student.objects.filter(school=row.school).values_list("local_id", "status"))
    gone = frame[mapped_columns(row)["row_status"]].str.strip().str.lower() == GONE
    frame = frame[~gone | frame["local_id"].isin(stored)]
    leaves = gone.loc[frame.index] & (frame["local_id"].map(stored) != Student.Status.LEFT)
    for name, value in (("left_on", row.school.today()), ("status", Student.Status.LEFT.value)):
        before = frame.get(name, pd.Series(None, index=frame.index, dtype=object))
        is_open = leaves & before.isna()
        frame = _given(frame, name, [value if one else old for one, old in zip(is_open, before, strict=True)])
    return frame


def _as_stored(row: Import, frame: pd.DataFrame, problems: Problems, column: str) -> pd.DataFrame:
    """Give rows whose numbers lost their zeros the stored number, unless the file has that one too."""
    stored = set(Student.objects.filter(school=row.school).values_list("local_id", flat=True))
    here = set(frame["local_id"].tolist())
    if not stored or not (unknown := here - stored):
        return frame
    match = without_zeros(stored)
    named = {number: match(number) for number in unknown}
    named = {number: other for number, other in named.items() if other and other not in here}
    if not named:
        return frame
    message = _(
        "A student is stored with this number and zeros in front, or without; the row is taken for theirs."
    )
    problems.add(
        frame[frame["local_id"].isin(named)], column, "zeros", message, values="local_id", severity="warning"
    )
    return frame.assign(local_id=frame["local_id"].replace(named))


def _student_values(row: Import, frame: pd.DataFrame, problems: Problems) -> pd.DataFrame:
    """Convert the mapped fields to values; None for empty cells."""
    columns, options = mapped_columns(row), row.mapping["options"]
    if columns.get("first_name") and columns["first_name"] == columns.get("last_name"):
        frame = split_names(frame, columns["first_name"], problems)
        columns = columns | {"first_name": "first of both", "last_name": "last of both"}
    for name in ("first_name", "last_name", "preferred_name", "strengths"):
        if columns.get(name):
            texts = frame[columns[name]].str.strip().str.slice(0, 80)
            frame = _given(frame, name, texts.where(~missing_cells(texts, options, NO_TEXT), None))
    if columns.get("grade"):
        texts = frame[columns["grade"]]
        frame = _given(frame, "grade", read_distinct(texts, _grades))
        bad = frame["grade"].isna() & ~missing_cells(texts, options)
        message = _("Unknown grade. Write PK, K or a number from 1 to 12.")
        problems.add(frame[bad], columns["grade"], "unknown-grade", message, values=columns["grade"])
        frame = _of_school_grades(row, frame[~bad], problems, columns["grade"])
    elif options.get("grade") is not None:
        frame = frame.assign(grade=int(options["grade"]))
    if columns.get("home_language"):
        texts = frame[columns["home_language"]].str.strip()
        frame = _given(frame, "home_language", texts.str.casefold().map(language_codes()))
        bad = frame["home_language"].isna() & ~missing_cells(texts, options)
        message = _("This language is not known, so it is left out. Write its name, or its code as es.")
        problems.add(
            frame[bad],
            columns["home_language"],
            "no-language",
            message,
            values=columns["home_language"],
            severity="warning",
        )
    for name in ("entered_on", "left_on"):
        if columns.get(name):
            frame = _of_days(row, frame, problems, name)
    return _left(row, frame, problems, columns.get("left_on", "")) if "left_on" in frame.columns else frame


def _grades(texts: pd.Series) -> pd.Series:
    return pd.Series([read_grade(text) for text in texts], dtype=object)


def _of_days(row: Import, frame: pd.DataFrame, problems: Problems, name: str) -> pd.DataFrame:
    """Add the days of a field, and leave out rows whose cell is none."""
    column = mapped_columns(row)[name]
    texts = frame[column]
    frame = _given(frame, name, plain_days(column_days(row, texts)))
    bad = frame[name].isna() & ~missing_cells(texts, row.mapping["options"])
    message = _("This date can’t be read. Write dates like 2026-11-24, the same way in the whole column.")
    problems.add(frame[bad], column, "no-date", message, values=column)
    return frame[~bad]


def _left(row: Import, frame: pd.DataFrame, problems: Problems, column: str) -> pd.DataFrame:
    """Students with a last day up to today have left; a later one, as the end of the year, says nothing yet."""
    today = row.school.today()
    left = frame["left_on"].map(lambda day: day is not None and day <= today).astype(bool)
    frame = _given(frame, "left_on", frame["left_on"].where(left, None))
    frame = _given(frame, "status", [Student.Status.LEFT.value if one else None for one in left])
    if "entered_on" not in frame.columns:
        return frame
    pairs = zip(frame["entered_on"], frame["left_on"], strict=True)
    bad = pd.Series(
        [bool(first and last and last < first) for first, last in pairs], index=frame.index, dtype=bool
    )
    problems.add(frame[bad], column, "backwards", _("It ends before it begins."), values=column)
    return frame[~bad]


def _of_school_grades(row: Import, frame: pd.DataFrame, problems: Problems, column: str) -> pd.DataFrame:
    """Leave out rows of grades that the school does not have; a grade before kindergarten goes with kindergarten."""
    low, high = row.school.lowest_grade, row.school.highest_grade
    lowest = low or -1
    bad = frame["grade"].map(lambda number: number is not None and not lowest <= number <= high).astype(bool)
    message = _("The school has no such grade: it goes from %(low)s to %(high)s. Correct it.") % {
        "low": grade(low),
        "high": grade(high),
    }
    problems.add(frame[bad], column, "no-such-grade", message, values=column)
    return frame[~bad]


def _given(frame: pd.DataFrame, name: str, values: Iterable[Any]) -> pd.DataFrame:
    """Add a column whose missing values are None, so that they change nothing."""
    return frame.assign(**{name: plain_column(values, frame.index)})


_CHECKS: dict[str, Callable[[Import, pd.DataFrame, Problems], Checked]] = {
    Import.Kind.SCORES: check_scores,
    Import.Kind.ATTENDANCE: check_attendance,
    **dict.fromkeys(ROSTERS, check_roster),
    Import.Kind.STUDENTS: _check_students,
    Import.Kind.ANSWERS: check_answers,
}
