"""Read the cells of a file's table: students, days, grades."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pandas as pd
from django.utils.translation import gettext as _

from datareview.checking.services.pending import pending
from datareview.imports.checked import mapped_columns
from datareview.recognition.columns import student_key
from datareview.records.models import Student
from teams.lib import formats
from teams.lib.errors import DomainError
from teams.tables.days import read_days
from teams.tables.distinct import read_distinct
from teams.tables.reading import plain_number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from datareview.imports.models import Import
    from teams.tables.problems import Problems

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
    number = read_distinct(frame[column], lambda texts: texts.map(plain_number))
    known = {one.local_id: one.pk for one in pending().students.values()}
    known |= dict(Student.objects.filter(school=row.school).values_list("local_id", "pk"))
    match = without_zeros(known)
    ids = read_distinct(number, lambda texts: texts.map(known))
    others = read_distinct(number, lambda texts: texts.map(match))
    others = others.mask(others.isin(number.unique()))
    frame = frame.assign(number=number, student_id=ids.fillna(others.map(known)))
    message = _(
        "No student has this number, but one has it with or without zeros in front; the row is theirs."
    )
    found = frame[ids.isna() & frame["student_id"].notna()]
    problems.add(found, column, "zeros", message, values="number", severity="warning")
    unknown = frame[frame["student_id"].isna()]
    message = _(
        "No student at this school has this number. Import the students first, or correct the number."
    )
    problems.add(unknown, column, "unknown-student", message, values="number")
    known_rows = frame[frame["student_id"].notna()]
    return known_rows.assign(student_id=known_rows["student_id"].astype("int64"))


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
    frame = frame[~bad]
    future = frame["day"] > pd.Timestamp(today)
    message = _("The date is in the future; today is %(today)s at the school.") % {
        "today": formats.short_day(today, with_year=True)
    }
    problems.add(frame[future], name, "future", message, values="day_text")
    old = frame["day"] < pd.Timestamp(today - OLDEST)
    message = _("The date is more than 60 years ago. Correct the year.")
    problems.add(frame[old], name, "too-old", message, values="day_text")
    return frame[~future & ~old]


def column_days(row: Import, texts: pd.Series, until: dt.date | None = None) -> pd.Series:
    """Read the days of a column; DomainError if day and month could be either, and nobody said which."""
    options = row.mapping["options"]
    order, usual = options.get("date_order", ""), options.get("usual_order", "")
    found = read_days(
        texts, options.get("day_zero"), order=order, usual=usual, zone=row.school.tz, until=until
    )
    return found.settled()


def beside_stored(frame: pd.DataFrame, stored: list[tuple[Any, ...]], keys: list[str]) -> pd.DataFrame:
    """Join the rows with ``stored`` values (keys, then value and row id) by ``keys``."""
    there = pd.DataFrame(stored, columns=[*keys, "stored", "row_id"]).astype({"row_id": "Int64"})
    there["day"] = pd.to_datetime(there["day"])
    there = there.astype({key: frame[key].dtype for key in keys})
    found = frame[keys].merge(there, how="left", on=keys)
    return frame.assign(stored=found["stored"].to_numpy(), row_id=found["row_id"].array)
