"""The district's school years: from mid-August to early June, two semesters, five holidays."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("America/Chicago")
FIRST_DAY, LAST_DAY = (8, 17), (6, 5)  # month and day
SEMESTERS = [((8, 17), (12, 18)), ((1, 5), (6, 5))]


def start_year(day: dt.date) -> int:
    """Return the calendar year in which the school year of ``day`` began; summer belongs to the previous year."""
    return day.year if (day.month, day.day) >= FIRST_DAY else day.year - 1


def bounds(start: int) -> tuple[dt.date, dt.date]:
    """Return the first and the last day of the school year that begins in ``start``."""
    return dt.date(start, *FIRST_DAY), dt.date(start + 1, *LAST_DAY)


def semesters(start: int) -> list[tuple[dt.date, dt.date]]:
    """Return the first and last days of the two semesters of the school year that begins in ``start``."""
    return [
        (dt.date(start + (first[0] < 8), *first), dt.date(start + (last[0] < 8), *last))
        for first, last in SEMESTERS
    ]


def holidays(start: int) -> list[tuple[str, dt.date, dt.date]]:
    """Return names, first and last days of the holidays of the school year that begins in ``start``."""
    thanks = dt.date(start, 11, 1)
    thanks += dt.timedelta(days=(3 - thanks.weekday()) % 7 + 21)
    labor = dt.date(start, 9, 1)
    labor += dt.timedelta(days=-labor.weekday() % 7)
    return [
        ("Labor Day", labor, labor),
        ("Fall break", dt.date(start, 10, 12), dt.date(start, 10, 13)),
        ("Thanksgiving", thanks, thanks + dt.timedelta(days=1)),
        ("Winter break", dt.date(start, 12, 21), dt.date(start + 1, 1, 4)),
        ("Spring break", dt.date(start + 1, 3, 22), dt.date(start + 1, 3, 26)),
    ]


def is_school_day(day: dt.date) -> bool:
    """Return whether ``day`` is a school day."""
    start = start_year(day)
    first, last = bounds(start)
    is_closed = any(begins <= day <= ends for _name, begins, ends in holidays(start))
    return first <= day <= last and day.weekday() < 5 and not is_closed


def school_days(start: int, before: dt.date) -> list[dt.date]:
    """Return the school days before ``before`` in the school year that begins in ``start``."""
    first, last = bounds(start)
    span = (min(before, last + dt.timedelta(days=1)) - first).days
    days = (first + dt.timedelta(days=n) for n in range(span))
    return [day for day in days if is_school_day(day)]
