"""Read the cells of a file's table: students, days, grades."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd
from django.utils.translation import gettext as _

from datareview.imports.services.reading import student_number
from datareview.records.models import Student
from teams.lib.parameters import int_or_none
from teams.tables.problems import FILE

if TYPE_CHECKING:
    from datareview.imports.models import Import
    from datareview.records.models import Measure
    from teams.tables.problems import Problems

MISSING = ["", "?", "na", "n/a", "nan", "null", "none", "-", "."]
OLDEST = dt.timedelta(days=15 * 366)
DATE_FORMATS = ["%Y-%m-%d", "%m/%d/%Y", "%d.%m.%Y", "%d/%m/%Y", "%Y%m%d", "%m/%d/%y", "%Y-%m-%d %H:%M:%S"]
GRADES = {"pk": -1, "prek": -1, "pre-k": -1, "k": 0, "kg": 0, "kindergarten": 0}


@dataclass(slots=True)
class Checked:
    """The result of a check. ``rows`` has ``line``, ``state`` (new, changed, same) and the values to write."""

    rows: pd.DataFrame
    problems: list[dict[str, Any]] = field(default_factory=list)
    counts: dict[str, Any] = field(default_factory=dict)
    measures: dict[str, Measure] = field(default_factory=dict)


def mapped_columns(row: Import) -> dict[str, str]:
    """Map each mapped field to its column in the frame."""
    return {field: FILE + name for field, name in row.mapping["columns"].items() if name}


def missing_cells(texts: pd.Series, options: dict[str, Any]) -> pd.Series:
    """Whether each text means that there is no value."""
    marks = {*MISSING, *(mark.strip().lower() for mark in options.get("missing", []))}
    return texts.str.strip().str.lower().isin(marks)


def with_students(row: Import, frame: pd.DataFrame, problems: Problems) -> pd.DataFrame:
    """Add ``student_id`` to rows of known students; the others become problems."""
    column = mapped_columns(row)["student"]
    number = frame[column].map(student_number)
    known = dict(Student.objects.filter(school=row.school).values_list("local_id", "pk"))
    frame = frame.assign(number=number, student_id=number.map(known))
    unknown = frame[frame["student_id"].isna()]
    message = _(
        "No student at this school has this number. Import the students first, or correct the number."
    )
    problems.add(unknown, column, "unknown-student", message, values="number")
    known_rows = frame[frame["student_id"].notna()]
    return known_rows.assign(student_id=known_rows["student_id"].astype("int64"))


def read_days(texts: pd.Series, day_zero: str | None) -> pd.Series:
    """Parse dates in the format that fits most of them, or as days counted from ``day_zero``."""
    if day_zero:
        numbers = pd.to_numeric(texts, errors="coerce")
        offsets = pd.to_timedelta(numbers.where(numbers.abs() < 40_000), unit="D", errors="coerce")
        return pd.Timestamp(day_zero) + offsets
    sample = texts.head(1_000)
    rates = {
        form: pd.to_datetime(sample, format=form, errors="coerce").notna().mean() for form in DATE_FORMATS
    }
    best = max(rates, key=lambda form: rates[form])
    return pd.to_datetime(texts, format=best, errors="coerce").dt.normalize()


def without_doubles(
    frame: pd.DataFrame, keys: list[str], value: str, problems: Problems, column: str
) -> pd.DataFrame:
    """Keep one row per key: equal duplicates are dropped with a warning, contradicting ones all become problems."""
    several = frame.groupby(keys)[value].transform("nunique") > 1
    message = _("The file has different values for the same student and day. Keep one of the rows.")
    problems.add(frame[several], column, "contradiction", message, values=value)
    frame = frame[~several]
    doubled = frame.duplicated(keys)
    message = _("This row repeats an earlier one. It is counted once.")
    problems.add(frame[doubled], column, "double", message, values=value, severity="warning")
    return frame[~doubled]


def read_grade(text: str) -> int | None:
    """Parse a grade in lower case, as "k", "4" or "grade 4"; None if it is none."""
    text = text.removeprefix("grade ").strip()
    if text in GRADES:
        return GRADES[text]
    number = int_or_none(text.removesuffix(".0"))
    return number if number is not None and 0 <= number <= 12 else None
