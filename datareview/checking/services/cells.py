"""Read the cells of a file's table: students, days, grades."""

from __future__ import annotations

import datetime as dt
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from django.utils.translation import gettext as _

from datareview.checking.services.pending import pending
from datareview.imports.checked import mapped_columns
from datareview.recognition.columns import student_key
from datareview.records.models import Student
from teams.lib import formats
from teams.lib.errors import DomainError
from teams.tables.days import read_days
from teams.tables.distinct import distinct_texts, spread
from teams.tables.reading import plain_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from datareview.imports.models import Import
    from teams.tables.problems import Problems

A_PART = 20_000  # stored rows that are objects at the same time
UNKNOWN = 0  # the id of no student; those of students who are still to be stored are below
OLDEST = dt.timedelta(days=60 * 366)


def without_zeros(known: Iterable[str]) -> Callable[[str], str | None]:
    """A function from a student number to the one known number that differs by zeros in front, case or spaces."""
    found: dict[str, str | None] = {}
    for number in known:
        key = student_key(number)
        found[key] = None if key in found else number
    return lambda number: found.get(student_key(number))


def with_students(row: Import, frame: pd.DataFrame, problems: Problems) -> pd.DataFrame:
    """Add ``student_id`` to rows of known students; the others become problems.

    A number that differs by zeros in front is a student's, unless the file has the student's own number too.
    """
    column = mapped_columns(row)["student"]
    known = {one.local_id: one.pk for one in pending().students.values()}
    known |= dict(Student.objects.filter(school=row.school).values_list("local_id", "pk"))
    places, texts = distinct_texts(frame[column])
    numbers = texts.astype(str).map(plain_number)
    found = numbers.map(known)
    if (lost := found.isna()).any():
        others = numbers[lost].map(without_zeros(known))
        found = found.fillna(others[~others.isin(numbers)].map(known))
    ids = found.astype(float).fillna(UNKNOWN).astype("int64")
    frame = frame.assign(
        number=spread(numbers, places, frame.index), student_id=spread(ids, places, frame.index)
    )
    message = _(
        "No student has this number, but one has it with or without zeros in front; the row is theirs."
    )
    likely = frame[spread(lost & (ids != UNKNOWN), places, frame.index)]
    problems.add(likely, column, "zeros", message, values="number", severity="warning")
    unknown = frame["student_id"] == UNKNOWN
    message = _(
        "No student at this school has this number. Import the students first, or correct the number."
    )
    problems.add(frame[unknown], column, "unknown-student", message, values="number")
    return without(frame, unknown)


def without(frame: pd.DataFrame, bad: pd.Series) -> pd.DataFrame:
    """The rows that are not ``bad``, without a copy if that is all of them."""
    return frame[~bad] if bad.any() else frame


def with_days(row: Import, frame: pd.DataFrame, problems: Problems, own: str = "") -> pd.DataFrame:
    """Add ``day`` to rows with a valid date, neither in the future nor in another century; the others become problems.

    ``own`` is the column with the dates, if each score has its own.
    """
    options, column = row.mapping["options"], own or mapped_columns(row).get("day", "")
    today = row.school.today()
    if options.get("fixed_day") and not own:
        frame = frame.assign(day=pd.Timestamp(options["fixed_day"]), day_text=options["fixed_day"])
    elif not column:
        raise DomainError(_("Choose the column with the date, or one date for the whole file."))
    else:
        texts = frame[column]
        frame = frame.assign(day_text=texts, day=column_days(row, texts, until=today))
    name = _("date") if own else column or _("date")
    bad = frame["day"].isna()
    message = _("This date can’t be read. Write dates like 2026-11-24, the same way in the whole column.")
    problems.add(frame[bad], name, "no-date", message, values="day_text")
    frame = without(frame, bad)
    future = frame["day"] > pd.Timestamp(today)
    message = _("The date is in the future; today is %(today)s at the school.") % {
        "today": formats.short_day(today, with_year=True)
    }
    problems.add(frame[future], name, "future", message, values="day_text")
    old = frame["day"] < pd.Timestamp(today - OLDEST)
    message = _("The date is more than 60 years ago. Correct the year.")
    problems.add(frame[old], name, "too-old", message, values="day_text")
    return without(frame, future | old)


def column_days(row: Import, texts: pd.Series, until: dt.date | None = None) -> pd.Series:
    """Read the days of a column; DomainError if day and month could be either, and nobody said which."""
    options = row.mapping["options"]
    order, usual = options.get("date_order", ""), options.get("usual_order", "")
    found = read_days(
        texts, options.get("day_zero"), order=order, usual=usual, zone=row.school.tz, until=until
    )
    return found.settled()


def beside_stored(
    frame: pd.DataFrame, stored: Iterable[tuple[Any, ...]], keys: list[str], empty: Any = None
) -> pd.DataFrame:
    """Join the rows with ``stored`` values (keys, then value and row id) by ``keys``; ``empty`` is the value of others.

    Stored values are taken in parts, so that there are never objects for all of them.
    """
    there, rows = [], iter(stored)
    while part := list(islice(rows, A_PART)):
        one = pd.DataFrame(part, columns=[*keys, "stored", "row_id"]).astype({"row_id": "Int64"})
        one["day"] = pd.to_datetime(one["day"])
        there.append(one.astype({key: frame[key].dtype for key in keys}))
    if not there:
        none = pd.array([pd.NA], "Int64").take(np.zeros(len(frame), np.int64))
        return frame.assign(stored=empty, row_id=none)
    found = frame[keys].merge(pd.concat(there), how="left", on=keys)
    return frame.assign(stored=found["stored"].to_numpy(), row_id=found["row_id"].array)


def states(is_new: np.ndarray[Any, Any], is_same: np.ndarray[Any, Any]) -> pd.Categorical[str]:
    """The state of each row; what is neither new nor the same is changed."""
    codes = np.where(is_new, 0, np.where(is_same, 1, 2)).astype(np.int8)
    return pd.Categorical.from_codes(codes, pd.Index(["new", "same", "changed"]))
