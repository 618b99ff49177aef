"""What the values of a column can be: student numbers, days, numbers, grades, marks, addresses, names."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from datareview.cell_words.conduct import read_consequence, read_severity
from datareview.cell_words.marks import read_mark
from datareview.recognition.names import plain_words
from teams.tables.cells import ANSWERS
from teams.tables.days import read_days
from teams.tables.grades import read_grade
from teams.tables.numbers import BEYOND, NO_VALUE, RANGE, number_codes, read_numbers
from teams.tables.reading import plain_number
from teams.tables.times import read_time

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

LONGEST_ANSWER = 8  # characters of an answer, with room for "absent"
MOST_POINTS = 20  # of an item, as a column of answers has it
MOST_GRADES = 14  # from before kindergarten to 12
MOST_ROWS = 500  # of a file, by which its columns are judged
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_NUMBER = re.compile(r"[\w.\-/:|]{1,40}")
_PHONE = re.compile(r"[\d\s().+\-x]{7,}")
_AROUND = re.compile(f"{RANGE.pattern}|{BEYOND.pattern}", re.IGNORECASE)
_OTHER_NUMBERS = """
    absences age ano attempt attempts birth birthdate code codigo count credits date days disability district dob
    duration edad error escuela ethnicity fecha fips flag form gender gpa growth id index latitude lexile
    locker longitude lunch max maximum min minimum minutes number numero order percentile phone possible postal
    projected quantile race rank registration room school seconds sem sex site status std stderr telefono time
    version week weeks weight windows year yr zip zipcode
    building entity period periods section term yog rnk rk ptile pctl npr possible out
"""  # words in the names of columns whose numbers are no scores
_LIMITS = {"max", "maximum", "min", "minimum", "possible"}  # of a score, in the names of columns
_CODE = re.compile(r"[A-Z]{1,4}")
MOST_CODES = 3  # for no score in a column of scores
_DATED = {"date", "dates", "day", "dte", "dt", "month", "fecha", "dia", "on", "dob", "birth", "birthdate"}
_BIRTH = {"birth", "birthdate", "birthday", "dob", "nacimiento"}
_NO_SCORE = frozenset(_OTHER_NUMBERS.split())


def student_key(number: str) -> str:
    """A student number without what files add or lose: spaces, ".0", case, leading zeros."""
    plain = plain_number(number).casefold()
    return plain.lstrip("0") or plain


@dataclass
class Column:
    """A column's name and its filled cells in the first rows; each share (0 to 1) is of the cells."""

    name: str
    place: int
    cells: list[str]
    known: frozenset[str] = field(repr=False, default=frozenset())
    _parts: dict[Callable[[str], object], float] = field(init=False, repr=False, default_factory=dict)

    @classmethod
    def of(cls, name: str, place: int, rows: list[list[str]], known: frozenset[str]) -> Column:
        """The column at ``place`` of ``rows``; ``known`` has the keys of the school's student numbers."""
        cells = [text for row in rows[:MOST_ROWS] if (text := row[place].strip()).lower() not in NO_VALUE]
        codes = number_codes(cells)
        return cls(name, place, [text for text in cells if text not in codes], known)

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of the name."""
        return frozenset(plain_words(self.name).split())

    @cached_property
    def distinct(self) -> int:
        """How many different values there are."""
        return len(set(self.cells))

    @cached_property
    def students(self) -> float:
        """The share of different values that are numbers of students of the school."""
        keys = {student_key(text) for text in self.cells}
        return len(keys & self.known) / len(keys) if keys else 0.0

    @cached_property
    def days(self) -> float:
        """The share that are dates; digits alone are only if they are as many as a date has.

        Six digits are more often somebody's number, so they are dates only in a column that is called so.
        """
        is_called = bool(self.words & _DATED)
        return _share(
            self.cells,
            lambda texts: read_days(_digits_of_dates(texts, six=is_called), until=None).days.notna(),
        )

    @cached_property
    def looks_like_grade(self) -> bool:
        """Whether all values are grades, of a few different ones."""
        return (self.fits("grade") or 0) > 0.95 and self.distinct <= MOST_GRADES

    @cached_property
    def commas(self) -> float:
        """The share that have a comma."""
        return _part(self.cells, lambda text: "," in text)

    @cached_property
    def numbers(self) -> float:
        """The share that are numbers, or say between which numbers a score is.

        Up to three short codes, as NT for not tested, are left aside where a fourth or more are numbers.
        """
        cells = [text for text in self.cells if not _CODE.fullmatch(text)]
        if len({*self.cells} - {*cells}) > MOST_CODES or 4 * len(cells) < len(self.cells):
            cells = self.cells
        return _share(cells, lambda texts: read_numbers(texts).notna() | texts.str.fullmatch(_AROUND))

    @cached_property
    def codes(self) -> float:
        """The share that could be somebody's number: a word of digits and letters, but no decimals and no date."""
        if self.days > 0.9:
            return 0.0
        return _part(
            self.cells, lambda text: _NUMBER.fullmatch(plain_number(text)) and "." not in plain_number(text)
        )

    @cached_property
    def looks_like_score(self) -> bool:
        """Whether the values are numbers on a scale, and the name does not say that they are something else."""
        return self.numbers >= 0.8 and self.days < 0.5 and not self.words & _NO_SCORE and not self.is_serial

    @cached_property
    def is_serial(self) -> bool:
        """Whether the values are long numbers that are nearly all different, as ids are."""
        digits = [text for text in map(plain_number, self.cells) if text.isdecimal()]
        many = (
            len(digits) > 0.9 * len(self.cells) and self.distinct > 0.95 * len(self.cells) and len(digits) > 4
        )
        return many and min(map(len, digits), default=0) >= 5

    @cached_property
    def has_short_cells(self) -> bool:
        """Whether nearly all cells are as short as a letter, or a number as small as the points of an item."""
        return not self.cells or _part(self.cells, _could_answer) >= 0.9

    def fits(self, name: str) -> float | None:
        """How well (0 to 1) the values are those of a field; None if nothing is filled in."""
        if not self.cells:
            return None
        if name == "student":
            return max(self.students, self._could_be_students())
        if name in ("day", "entered_on", "left_on", "starts_on", "ends_on"):
            return 0.0 if self.words & _BIRTH else self.days
        if name in ("value", "percent"):
            return self.numbers if self.days < 0.5 and not self.words & _LIMITS else 0.0
        test = _TESTS.get(name)
        if test is None:
            return 1.0
        if test not in self._parts:
            self._parts[test] = _part(self.cells, test)
        return self._parts[test]

    def _could_be_students(self) -> float:
        """Numbers of students whom the school does not have yet; where it has many, others are less likely."""
        return self.codes * (0.6 if len(self.known) > 20 else 0.8)


def _could_answer(text: str) -> bool:
    whole = text.partition(".")[0].partition(",")[0]
    return len(text) <= LONGEST_ANSWER and not (whole.isdecimal() and int(whole) > MOST_POINTS)


def _words(text: str) -> bool:
    return any(mark.isalpha() for mark in text) and not _EMAIL.fullmatch(text)


_TESTS: dict[str, Callable[[str], object]] = {
    "grade": lambda text: read_grade(text) is not None,
    "mark": read_mark,
    "severity": read_severity,
    "consequence": read_consequence,
    "time": read_time,
    "email": _EMAIL.fullmatch,
    "phone": _PHONE.fullmatch,
    "may_contact": lambda text: plain_number(text).casefold() in ANSWERS,
    "first_name": _words,
    "last_name": _words,
    "preferred_name": _words,
    "relation": _words,
    "language": _words,
    "home_language": _words,
    "group": _words,
    "measure": _words,
}


def _digits_of_dates(texts: pd.Series, *, six: bool) -> pd.Series:
    others = "" if six else r"|\d{6}"
    short = texts.str.fullmatch(rf"\d{{1,5}}|\d{{7}}|\d{{9,}}|-?\d*\.\d+{others}")
    return texts.where(~short.astype(bool), "")


def _share(cells: list[str], test: Callable[[pd.Series], pd.Series]) -> float:
    return float(test(pd.Series(cells, dtype=str)).mean()) if cells else 0.0


def _part(cells: Iterable[str], test: Callable[[str], object]) -> float:
    found = [test(text) not in (None, False) for text in cells]
    return sum(found) / len(found) if found else 0.0
