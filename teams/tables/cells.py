"""Read the cells of a table: days, grades, yes and no, known numbers; what can't be read becomes a problem."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from django.utils.translation import gettext as _

from teams.tables.days import read_days
from teams.tables.distinct import read_distinct
from teams.tables.numbers import NO_TEXT, NO_VALUE
from teams.tables.reading import plain_number

if TYPE_CHECKING:
    from collections.abc import Iterable

    from teams.tables.problems import Problems

YES = {"yes", "y", "true", "1", "sí", "si", "s", "verdadero"}
NO = {"no", "n", "false", "0", "falso"}
ANSWERS = {**dict.fromkeys(YES, True), **dict.fromkeys(NO, False)}


class Cells:
    """The rows of a file that are still right; each method reads one column and drops rows with a problem."""

    def __init__(
        self, frame: pd.DataFrame, problems: Problems, columns: dict[str, str], options: dict[str, Any]
    ) -> None:
        self.frame, self.problems, self.columns, self.options = frame, problems, columns, options

    def keep(self, name: str, values: Iterable[Any]) -> None:
        """Add a column; missing values are None."""
        self.frame = self.frame.assign(**{name: plain_column(values, self.frame.index)})

    def drop(self, bad: pd.Series, name: str, code: str, message: str) -> None:
        """Report and leave out the rows in ``bad``, of which some may be gone already."""
        column, bad = self.columns.get(name, ""), bad.loc[self.frame.index]
        self.problems.add(self.frame[bad], column or name, code, message, values=column)
        self.frame = self.frame[~bad]

    def column(self, name: str) -> Iterable[Any]:
        """The values of a column that was read, or else None for each row."""
        return self.frame.get(name, [None] * len(self.frame))

    def texts(self, name: str) -> pd.Series:
        """The texts of a column, without spaces around them."""
        return self.frame[self.columns[name]].str.strip()

    def text(self, name: str, most: int) -> None:
        """Add the texts of a column, cut after ``most`` characters."""
        if self.columns.get(name):
            texts = self.texts(name)
            empty = missing_cells(texts, self.options, NO_TEXT)
            self.keep(name, texts.str.slice(0, most).where(~empty, None))

    def needed(self, name: str, most: int) -> None:
        """Add the texts of a column that no row may lack."""
        self.text(name, most)
        self.drop(self.frame[name].isna(), name, "empty", _("The cell is empty."))

    def day(self, name: str) -> None:
        """Add the days of a column."""
        if not self.columns.get(name):
            return
        empty = missing_cells(self.texts(name), self.options)
        order, usual = (self.options.get(option, "") for option in ("date_order", "usual_order"))
        days = read_days(self.frame[self.columns[name]], order=order, usual=usual).settled()
        bad = days.isna() & ~empty
        self.keep(name, plain_days(days))
        self.drop(bad, name, "no-date", _("This date can’t be read. Write dates like 2026-11-24."))

    def answer(self, name: str) -> None:
        """Read yes or no; a word that is neither is a problem, since guessing it could allow what is forbidden."""
        if not self.columns.get(name):
            return
        texts = self.texts(name)
        answers = texts.map(plain_number).str.normalize("NFC").str.casefold().map(ANSWERS)
        self.keep(name, answers)
        bad = answers.isna() & ~missing_cells(texts, self.options)
        self.drop(bad, name, "no-answer", _("Write yes or no. Leave the cell empty to keep what is stored."))

    def found(self, name: str, target: str, known: dict[str, int], message: str) -> None:
        """Replace the text of a column by the id it names in ``known``."""
        self.keep(target, self.texts(name).map(plain_number).str.casefold().map(known))
        self.drop(self.frame[target].isna(), name, f"unknown-{name}", message)
        self.keep(target, self.frame[target].map(int))


def plain_column(values: Iterable[Any], index: pd.Index) -> pd.Series:
    """The values as a column of Python's, in which missing ones are None."""
    plain = values.tolist() if isinstance(values, pd.Series) else list(values)
    found = pd.Series(plain, index=index, dtype=object)
    found[found.isna()] = None
    return found


def plain_days(days: pd.Series) -> pd.Series:
    """Timestamps as dates of Python, each made once; NaT stays."""
    return read_distinct(days, lambda found: pd.Series(found.dt.date, dtype=object))


def missing_cells(texts: pd.Series, options: dict[str, Any], words: frozenset[str] = NO_VALUE) -> pd.Series:
    """Whether each text is one of ``words``, or of the file's own codes, that mean that there is no value."""
    marks = {*words, *(mark.strip().lower() for mark in options.get("missing", []))}
    return read_distinct(texts, lambda found: found.str.strip().str.lower().isin(marks))


def as_one_text(frame: pd.DataFrame, names: list[str]) -> pd.Series:
    """The values of some columns as one text for each row, by which `without_doubles` compares rows."""
    if not names:
        return pd.Series("", index=frame.index, dtype=str)
    rows = zip(*(frame[name].tolist() for name in names), strict=True)
    return pd.Series(["|".join(map(str, row)) for row in rows], index=frame.index, dtype=str)


def without_doubles(
    frame: pd.DataFrame, keys: list[str], value: str, problems: Problems, column: str, message: str = ""
) -> pd.DataFrame:
    """Keep one row per key: equal duplicates are dropped with a warning, contradicting ones all become problems.

    ``message`` is about those that contradict each other; without it they are taken for values of a student and day.
    """
    if not frame.duplicated(keys).any():
        return frame
    repeated = frame[frame.duplicated(keys, keep=False)]
    different = repeated.groupby(keys, dropna=False)[value].transform("nunique") > 1
    several = different.reindex(frame.index, fill_value=False)
    message = message or _(
        "The file has different values for the same student and day. Keep one of the rows."
    )
    problems.add(frame[several], column, "contradiction", message, values=value)
    frame = frame[~several]
    doubled = frame.duplicated(keys)
    message = _("This row repeats an earlier one. It is counted once.")
    problems.add(frame[doubled], column, "double", message, values=value, severity="warning")
    return frame[~doubled]


def without_equal_rows(
    frame: pd.DataFrame, keys: list[str], names: list[str], problems: Problems, column: str, message: str = ""
) -> pd.DataFrame:
    """As `without_doubles`, where rows are equal if they are in all columns ``names``."""
    if not frame.duplicated(keys).any():
        return frame
    frame = frame.assign(all=as_one_text(frame, names))
    return without_doubles(frame, keys, "all", problems, column, message)


def split_names(frame: pd.DataFrame, column: str, problems: Problems) -> pd.DataFrame:
    """Split “Last, First” at the comma into columns “first of both” and “last of both”; rows without one become problems."""
    parts = frame[column].str.partition(",")
    split = parts[0].str.strip().ne("") & parts[2].str.strip().ne("")
    message = _(
        "First and last name are matched to this column, and there is no comma to split it at. "
        "Write “Last, First”, or match a column for each."
    )
    bad = ~split & frame[column].str.strip().ne("")
    problems.add(frame[bad], column, "no-comma", message, values=column)
    return frame.assign(**{"first of both": parts[2], "last of both": parts[0]})[~bad]
