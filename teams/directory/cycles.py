"""Arithmetic on dates and day cycles, without a database."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

ONE_DAY = dt.timedelta(days=1)
LONGEST_BREAK = dt.timedelta(days=120)
WEEK = 7
SCHOOL_WEEK = 5


def monday_of(day: dt.date) -> dt.date:
    """The Monday of the week of ``day``."""
    return day - dt.timedelta(days=day.weekday())


def days_between(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """Every date from ``first`` to ``last``, both included."""
    for offset in range((last - first).days + 1):
        yield first + dt.timedelta(days=offset)


def is_school_day(day: dt.date, closed: Collection[dt.date]) -> bool:
    """Whether ``day`` is a school day: Monday to Friday and not in ``closed``."""
    return day.weekday() < SCHOOL_WEEK and day not in closed


def first_school_day(day: dt.date, closed: Collection[dt.date]) -> dt.date:
    """The first school day on or after ``day``, or ``day`` if there is none within four months."""
    days = days_between(day, day + LONGEST_BREAK)
    return next((one for one in days if is_school_day(one, closed)), day)


def week_cycle(
    first: dt.date, last: dt.date, *, start: dt.date, length: int, closed: Collection[dt.date]
) -> dict[dt.date, int]:
    """Map school days to days of a weekly cycle: 5 days, or 10 for alternating weeks."""
    monday = monday_of(start)
    weeks = length // SCHOOL_WEEK
    return {
        day: ((day - monday).days // WEEK % weeks) * SCHOOL_WEEK + day.weekday()
        for day in days_between(first, last)
        if is_school_day(day, closed)
    }


def turning_cycle(
    first: dt.date, last: dt.date, *, start: dt.date, length: int, closed: Collection[dt.date]
) -> dict[dt.date, int]:
    """Map school days to days of a rotating cycle, which counts school days only: a holiday shifts every later day.

    ``start``, or the first school day after it, is day 0. Days before ``start`` count backwards.
    """
    found: dict[dt.date, int] = {}
    place = 0
    for day in days_between(start, last):
        if is_school_day(day, closed):
            found[day] = place % length
            place += 1
    place, day = -1, start - ONE_DAY
    while day >= first:
        if is_school_day(day, closed):
            found[day] = place % length
            place -= 1
        day -= ONE_DAY
    return {day: found[day] for day in sorted(found) if first <= day <= last}
