"""Read days as files have them, with or without a time and a zone; say when day and month could be either."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from django.utils.translation import gettext as _

from teams.lib.errors import DomainError
from teams.tables.distinct import distinct_texts, spread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from zoneinfo import ZoneInfo

LATEST = 2100  # a year in digits without signs between them
AROUND = dt.timedelta(days=21)  # days of one column that belong together
ORDERS = ("mdy", "dmy")  # of a date whose year is last
_TIME = r"(?:[T ,]+\d{1,2}(?::\d{2}){1,2}(?:[.,]\d+)?\s*(?:[ap]\.?\s?m\.?)?)?"
_ISO = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]+(\d{1,2}:\d{2}(?::\d{2})?)(?:[.,]\d+)?\s*"
    r"(?:(Z|UTC|[+-]\d{2}:?\d{2})(?:\[[\w/]+\])?|[ap]\.?m\.?)?)?",
    re.IGNORECASE,
)
_PARTS = re.compile(rf"(\d{{1,2}})\s?[-/.]\s?(\d{{1,2}})\s?[-/.]\s?(\d{{4}}|\d{{2}}){_TIME}", re.IGNORECASE)
_DAY_NAME = re.compile(
    rf"(?:[^\W\d]+,? )?(\d{{1,2}})(?:st|nd|rd|th)?[- /.]+(?:de )?([^\W\d]+)\.?[- /,.]+(?:de )?(\d{{4}}|\d{{2}}){_TIME}",
    re.IGNORECASE,
)
_NAME_DAY = re.compile(
    rf"(?:[^\W\d]+, )?([^\W\d]+)\.? (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}}){_TIME}", re.IGNORECASE
)
_SPREADSHEET = dt.date(1899, 12, 30)
_MONTHS = [
    ("jan", "ene"),
    ("feb",),
    ("mar",),
    ("apr", "abr"),
    ("may",),
    ("jun",),
    ("jul",),
    ("aug", "ago"),
    ("sep", "set"),
    ("oct",),
    ("nov",),
    ("dec", "dic"),
]
_MONTH = {word: month for month, words in enumerate(_MONTHS, start=1) for word in words}


@dataclass(frozen=True, slots=True)
class DayReading:
    """How a column's days were read: ``order`` is "mdy" or "dmy" where it matters, else empty.

    ``example`` is a text that has two readings, if nothing in the column tells them apart, else empty.
    """

    days: pd.Series
    order: str = ""
    example: str = ""

    def settled(self) -> pd.Series:
        """The days; DomainError if day and month could be either, and nobody said which."""
        if self.example:
            raise DomainError(
                _(
                    "Is %(day)s written with the month or with the day first? Choose it under “Order of dates”."
                )
                % {"day": self.example}
            )
        return self.days


def read_days(
    texts: pd.Series,
    day_zero: str | None = None,
    *,
    order: str = "",
    usual: str = "",
    zone: ZoneInfo | None = None,
    until: dt.date | None = None,
) -> DayReading:
    """Read a column of days as timestamps without a time; NaT where a text is none.

    A text with a zone is the day there was in ``zone``. ``order`` is known or empty; a reading after ``until`` is
    taken for wrong where the other one is not, and ``usual`` decides where nothing else does. Months without a day, as
    "092024", are their first day. With ``day_zero``, numbers are days since then.
    """
    places, distinct = distinct_texts(texts)
    found = _of_distinct([text.strip() for text in distinct.astype(str)], day_zero, order, usual, zone, until)
    return replace(found, days=spread(found.days, places, texts.index))


def _of_distinct(
    texts: list[str],
    day_zero: str | None,
    order: str,
    usual: str,
    zone: ZoneInfo | None,
    until: dt.date | None,
) -> DayReading:
    """How the different texts of a column are read, with the day of each."""
    if day_zero:
        numbers = pd.to_numeric(pd.Series(texts, dtype=str), errors="coerce").astype(float)
        offsets = pd.to_timedelta(numbers.where(numbers.abs() < 40_000), unit="D", errors="coerce")
        return DayReading(pd.Timestamp(day_zero) + offsets)
    unique = [text for text in dict.fromkeys(texts) if text]
    digits = {known: _digits(unique, known) for known in ORDERS}
    reading = {known: {text: _day(text, known, digits[known], zone) for text in unique} for known in ORDERS}
    chosen, example = (order, "") if order in ORDERS else _order(reading, until)
    if example and usual in ORDERS:
        chosen, example = usual, ""
    days = reading[chosen or "mdy"]
    found = pd.Series(np.array([days.get(text) for text in texts], "datetime64[s]"))
    return DayReading(found, chosen, example)


def _order(reading: dict[str, dict[str, dt.date | None]], until: dt.date | None) -> tuple[str, str]:
    """The order of day and month by what can be a day, and one text that fits both if nothing decides."""
    open_texts = [text for text, day in reading["mdy"].items() if day != reading["dmy"][text]]
    if not open_texts:
        return "", ""
    read = {order: sum(reading[order][text] is not None for text in open_texts) for order in ORDERS}
    if read["mdy"] != read["dmy"]:
        return max(ORDERS, key=lambda order: read[order]), ""
    sure = [day for text, day in reading["mdy"].items() if day and day == reading["dmy"][text]]
    if sure:  # dates written otherwise in the same column, as ISO ones, say when it was
        first, last = min(sure) - AROUND, max(sure) + AROUND
        near = {
            order: sum(
                day is not None and first <= day <= last
                for text in open_texts
                for day in [reading[order][text]]
            )
            for order in ORDERS
        }
        if sorted(near.values()) == [0, len(open_texts)]:
            return max(ORDERS, key=lambda order: near[order]), ""
    if until is not None:
        late = {
            order: sum(day is not None and day > until for day in reading[order].values()) for order in ORDERS
        }
        if late["mdy"] != late["dmy"]:
            return min(ORDERS, key=lambda order: late[order]), ""
    return "", open_texts[0]


def _digits(texts: Iterable[str], order: str) -> Callable[[str], dt.date | None] | None:
    """How a column of digits alone is read: the first form that fits nine in ten of them."""
    plain = [text.removesuffix(".0") for text in texts]
    digits = [text for text in plain if text.isdecimal()]
    if len(digits) < 0.5 * len(plain) or not digits:
        return None
    forms: list[Callable[[str], dt.date | None]] = [
        lambda text: _made(text[:4], text[4:6], text[6:], LATEST) if len(text) == 8 else None,
        lambda text: (
            _ordered(text[-8:-6], text[-6:-4], text[-4:], order, LATEST) if len(text) in (7, 8) else None
        ),
        lambda text: _made(text[-4:], text[:-4], "1", LATEST) if len(text) in (5, 6) else None,
        lambda text: _made(text[:4], text[4:], "1", LATEST) if len(text) == 6 else None,
        lambda text: _ordered(text[-6:-4], text[-4:-2], text[-2:], order) if len(text) in (5, 6) else None,
        lambda text: _SPREADSHEET + dt.timedelta(days=int(text)) if 20_000 < int(text) < 60_000 else None,
    ]
    return next(
        (form for form in forms if sum(form(text) is not None for text in digits) >= 0.9 * len(digits)), None
    )


def _day(
    text: str, order: str, digits: Callable[[str], dt.date | None] | None, zone: ZoneInfo | None
) -> dt.date | None:
    if digits and text.removesuffix(".0").isdecimal():
        return digits(text.removesuffix(".0"))
    if found := _ISO.fullmatch(text):
        return _in_zone(found, zone)
    if found := _PARTS.fullmatch(text):
        return _ordered(found[1], found[2], found[3], order)
    if found := _DAY_NAME.fullmatch(text):
        return _made(found[3], _month(found[2]), found[1])
    if found := _NAME_DAY.fullmatch(text):
        return _made(found[3], _month(found[1]), found[2])
    return None


def _in_zone(found: re.Match[str], zone: ZoneInfo | None) -> dt.date | None:
    day = _made(found[1], found[2], found[3])
    if day is None or not found[5] or zone is None:
        return day
    offset = "+00:00" if found[5].upper() in ("Z", "UTC") else found[5]
    try:
        moment = dt.datetime.fromisoformat(f"{day.isoformat()}T{found[4]:0>5}{offset}")
        return moment.astimezone(zone).date()
    except (ValueError, OverflowError):
        return None


def _ordered(first: str, second: str, year: str, order: str, latest: int = 9999) -> dt.date | None:
    month, day = (first, second) if order == "mdy" else (second, first)
    return _made(year, month, day, latest)


def _made(year: str, month: str, day: str, latest: int = 9999) -> dt.date | None:
    """The date of three texts; None if there is none since 1900. Years of two digits are 1970 to 2069."""
    try:
        number = int(year)
        if len(year) <= 2:
            number += 2000 if number < 70 else 1900
        return dt.date(number, int(month), int(day)) if 1900 <= number <= latest else None
    except ValueError:
        return None


def _month(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold())[:3]
    return str(_MONTH.get(plain, ""))
