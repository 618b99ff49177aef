"""Cells as schools write them: numbers, grades and days; what can't be one is never guessed to be one."""

from __future__ import annotations

import datetime as dt
import math
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from teams.lib.errors import DomainError
from teams.tables.days import read_days
from teams.tables.grades import read_grade
from teams.tables.numbers import BEYOND, RANGE, number_codes, read_numbers
from tests.properties import given, st

CHICAGO = ZoneInfo("America/Chicago")


def numbers(*texts):
    return [None if math.isnan(value) else value for value in read_numbers(pd.Series(texts, dtype=str))]


def days(*texts, **options):
    found = read_days(pd.Series(texts, dtype=str), **options).days
    return [None if pd.isna(day) else day.date().isoformat() for day in found]


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (["1,310", "980"], [1310, 980]),
        (["1,234,567.5"], [1234567.5]),
        (["70,5", "1,310"], [70.5, 1.31]),
        (["1.310,5", "2.000"], [1310.5, 2000]),
        (["53%", "7 %"], [53, 7]),
        (["Level 3 (Meets)", "Nivel 2", "level 1"], [3, 2, 1]),
        (["<1", "90 - 95", "BR400", "6th", "", "1e400", "1_000", "١"], [None] * 8),
    ],
)
def test_numbers(texts, values):
    assert numbers(*texts) == values


@given(st.lists(st.floats(-1e6, 1e6).map(lambda value: round(value, 2)), min_size=1, max_size=20))
def test_numbers_come_back_as_they_were_written_with_thousands_or_decimal_commas(values):
    assert numbers(*[f"{value:,.2f}" for value in values]) == values
    swap = str.maketrans(",.", ".,")
    assert numbers(*[f"{value:,.2f}".translate(swap) for value in values]) == values


def test_codes_for_no_value_are_codes_only_where_nothing_else_is_below_zero():
    assert number_codes(["-9999", "-6666.0", "0", "12"]) == {"-9999", "-6666.0"}
    assert number_codes(["-9999", "-1.5"]) == set()
    assert number_codes(["9999", "-1"]) == set()


@pytest.mark.parametrize("text", ["90 - 95", "90-95%", "1 to 3"])
def test_ranges_are_known(text):
    assert RANGE.fullmatch(text)


@pytest.mark.parametrize("text", ["<1", "> 95%", "≤5", "under 10", "95+"])
def test_limits_are_known(text):
    assert BEYOND.fullmatch(text)


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        (name, grade)
        for grade in range(1, 13)
        for name in (str(grade), f"{grade:02d}", f"{grade}.0", f"{grade}th")
    ]
    + [(name, -1) for name in ("PK", "-1", "pre-k", "PK3", "PK4", "EE", "TK", "Transitional Kindergarten")]
    + [(name, 0) for name in ("K", "KG", "KF", "KN", "Kindergarten", "Kinder", "Grade K")]
    + [("Grade 6", 6), ("6th Grade", 6), ("Two", 2), ("second grade", 2), ("1er grado", 1), ("Séptimo", 7)]
    + [("Grado 4", 4), ("5º", 5), ("3.er grado", 3), ("11th", 11), ("Gr. 8", 8), ("0", 0)]
    + [(name, None) for name in ("", "13", "ungraded", "3,4", "06-08", "100", "-3", "kindness")],
)
def test_grades(text, grade):
    assert read_grade(text) == grade


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2015-01-21", "2015-01-21"),
        ("1/21/2015 9:18", "2015-01-21"),
        ("01/21/15", "2015-01-21"),
        ("21.1.2015", "2015-01-21"),
        ("21-Jan-2015", "2015-01-21"),
        ("January 21, 2015", "2015-01-21"),
        ("Wed, Jan 21, 2015 9:18 AM", "2015-01-21"),
        ("21 de enero de 2015", "2015-01-21"),
        ("2015-01-21T09:18:00.123Z", "2015-01-21"),
        ("2015-01-22T03:00:00+00:00", "2015-01-21"),
        ("2015-01-21 23:30:00-06:00", "2015-01-21"),
        ("20150121", "2015-01-21"),
        ("01212015", "2015-01-21"),
        ("1212015", "2015-01-21"),
        ("092024", "2024-09-01"),
        ("42025", "2025-04-01"),
        ("45292", "2024-01-01"),
        ("2015-02-30", None),
        ("soon", None),
    ],
)
def test_days(text, day):
    assert days(text, zone=CHICAGO) == [day]


def test_day_and_month_are_asked_only_if_nothing_tells_them_apart():
    both = read_days(pd.Series(["05/10/2026", "06/10/2026", "2026-01-02"]))
    assert (both.order, both.example) == ("", "05/10/2026")
    with pytest.raises(DomainError, match="05/10/2026"):
        both.settled()
    assert days("05/10/2026", "13/10/2026") == ["2026-10-05", "2026-10-13"]
    assert days("05/10/2026", "10/13/2026") == ["2026-05-10", "2026-10-13"]
    assert days("05/10/2026", order="dmy") == ["2026-10-05"]
    assert days("05/10/2026", until=dt.date(2026, 6, 1)) == ["2026-05-10"]
    assert read_days(pd.Series(["05/05/2026"])).example == ""
    mixed = read_days(pd.Series(["11/5/2026", "2026-11-05", "2026-11-12"]))
    assert (mixed.example, mixed.order, str(mixed.days[0].date())) == ("", "mdy", "2026-11-05")
    assert read_days(pd.Series(["10122023"])).example == "10122023"


@given(st.lists(st.dates(dt.date(1970, 1, 1), dt.date(2069, 12, 31)), min_size=1, max_size=20), st.data())
def test_days_come_back_as_they_were_written(dates, data):
    form, order = data.draw(
        st.sampled_from(
            [
                ("%Y-%m-%d", ""),
                ("%Y/%m/%d %H:%M", ""),
                ("%Y%m%d", ""),
                ("%d %B %Y", ""),
                ("%m/%d/%Y %H:%M", "mdy"),
                ("%d.%m.%Y", "dmy"),
                ("%m-%d-%y", "mdy"),
                ("%m%d%Y", "mdy"),
                ("%d%m%Y", "dmy"),
            ]
        )
    )
    assert days(*[day.strftime(form) for day in dates], order=order) == [day.isoformat() for day in dates]


def test_days_counted_from_one_day():
    assert days("0", "19", "?", day_zero="2013-10-01") == ["2013-10-01", "2013-10-20", None]
