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
from datareview.imports.checked import Checked, mapped_columns
from datareview.imports.models import MANY_SECONDS, SECOND, Import
from datareview.imports.services.reading import load_columns
from datareview.recognition.codes import EXPLAINED, with_meanings
from datareview.recognition.systems import has_other_roles
from datareview.records.models import Student
from teams.lib.errors import DomainError
from teams.lib.tags.grades import grade
from teams.tables.cells import as_one_text, missing_cells, split_names, without_doubles
from teams.tables.grades import read_grade
from teams.tables.languages import language_codes
from teams.tables.numbers import NO_TEXT
from teams.tables.problems import FILE, Problems
from teams.tables.reading import plain_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from teams.tables.process import Columns

LONGEST_NUMBER = 40
STUDENT_FIELDS = ROSTERS[Import.Kind.STUDENTS].fields


def check_file(row: Import) -> Checked:
    """Read the file of ``row`` and check it by its mapping against current data."""
    table = load_columns(row)
    columns = {FILE + name: pd.Series(cells, dtype=str) for name, cells in table.cells.items()}
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
    frame = frame.assign(all=as_one_text(frame, given))
    message = _("The file has this student number twice, with different values. Keep one of the rows.")
    frame = without_doubles(frame, ["local_id"], "all", problems, columns["student"], message)
    stored = {
        values["local_id"]: values
        for values in Student.objects.filter(school=row.school).values("pk", "local_id", *STUDENT_FIELDS)
    }
    states, ids = [], []
    for record in frame.to_dict("records"):
        old = stored.get(record["local_id"])
        differs = old and any(record[name] is not None and record[name] != old[name] for name in given)
        states.append("new" if old is None else "changed" if differs else "same")
        ids.append(old["pk"] if old else None)
    frame = frame.assign(state=states, row_id=pd.Series(ids, index=frame.index, dtype=object))
    seconds = _seconds(frame, stored)
    message = _(
        "A student with this name and grade is here under another number, which the file does not have. Choose the column "
        "with the number by which the school knows them."
    )
    problems.add(seconds, columns["student"], SECOND, message, values="local_id", severity="warning")
    absent = len(stored.keys() - set(frame["local_id"]))
    return Checked(rows=frame, counts={"absent": absent})


def _seconds(frame: pd.DataFrame, stored: dict[str, dict[str, Any]]) -> pd.DataFrame:
    """The new rows with the name and grade of a present student whose number is not in the file."""
    names = ["first_name", "last_name", "grade"]
    if not set(names) <= set(frame.columns):
        return frame.iloc[:0]
    here = stored.keys() - set(frame["local_id"])
    taken = {
        _alike(stored[number][name] for name in names)
        for number in here
        if stored[number]["status"] != Student.Status.LEFT
    }
    alike = [_alike(values) in taken for values in frame[names].itertuples(index=False)]
    return frame[(frame["state"] == "new") & pd.Series(alike, index=frame.index, dtype=bool)]


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
    here = set(frame["local_id"])
    match = without_zeros(stored)
    named = {number: match(number) for number in here - stored}
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
        frame = _given(frame, "grade", texts.map(read_grade))
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


def _of_days(row: Import, frame: pd.DataFrame, problems: Problems, name: str) -> pd.DataFrame:
    """Add the days of a field, and leave out rows whose cell is none."""
    column = mapped_columns(row)[name]
    texts = frame[column]
    frame = _given(frame, name, [None if pd.isna(day) else day.date() for day in column_days(row, texts)])
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
    plain = [None if pd.isna(value) else value for value in values]
    return frame.assign(**{name: pd.Series(plain, index=frame.index, dtype=object)})


_CHECKS: dict[str, Callable[[Import, pd.DataFrame, Problems], Checked]] = {
    Import.Kind.SCORES: check_scores,
    Import.Kind.ATTENDANCE: check_attendance,
    **dict.fromkeys(ROSTERS, check_roster),
    Import.Kind.STUDENTS: _check_students,
    Import.Kind.ANSWERS: check_answers,
}
