"""Dates of repeating meetings: RFC 5545 rules for weeks and months, else the cycle of the bell schedule."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from dateutil.rrule import MONTHLY, WEEKLY, rrule, weekday

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

WEEK, MONTHS = 7, 12
LAST = 5  # "fifth" means the last weekday of a month


def weekly_days(first: dt.date, last: dt.date, *, on: int, every: int = 1) -> list[dt.date]:
    """Dates on weekday ``on`` (Monday 0) of every ``every``-th week, counted from the week of ``first``."""
    rule = rrule(
        WEEKLY, interval=every, byweekday=on, dtstart=_midnight(first), until=_midnight(last), wkst=0
    )
    return [found.date() for found in rule]


def monthly_days(first: dt.date, last: dt.date, *, on: int, nth: int) -> list[dt.date]:
    """Dates on the ``nth`` (5: the last) weekday ``on`` of each month."""
    place = weekday(on, -1 if nth == LAST else nth)
    rule = rrule(MONTHLY, byweekday=place, dtstart=_midnight(first), until=_midnight(last))
    return [found.date() for found in rule]


def cycle_days_of(days: Mapping[dt.date, int], *, on: int) -> list[dt.date]:
    """Dates in ``days`` (date → day of the cycle) with cycle day ``on``."""
    return [day for day, place in days.items() if place == on]


def week_of(day: dt.date) -> int:
    """Running number of the week of ``day``; weeks start on Monday."""
    return (day.toordinal() - 1) // WEEK


def month_of(day: dt.date) -> int:
    """Running number of the month of ``day``."""
    return day.year * MONTHS + day.month - 1


def nth_of(day: dt.date, *, last: bool = False) -> int:
    """Which occurrence of its weekday in the month ``day`` is. With ``last``, the last one counts as `LAST`."""
    is_last = (day + dt.timedelta(days=WEEK)).month != day.month
    return LAST if last and is_last else (day.day - 1) // WEEK + 1


def turns_of(days: Mapping[dt.date, int], *, length: int, is_turning: bool) -> dict[dt.date, int]:
    """Date → running number of the cycle's turn, for ``days`` (date → day of the cycle).

    A cycle over school days turns when its days start again. A calendar cycle turns with its weeks, including
    holidays.
    """
    if not is_turning:
        monday_first = {day: day - dt.timedelta(days=place // 5 * WEEK) for day, place in days.items()}
        return {
            day: week_of(monday) // (length // 5) if length else 0 for day, monday in monday_first.items()
        }
    found, turn, before = dict[dt.date, int](), 0, -1
    for day, place in sorted(days.items()):
        turn += place <= before
        found[day], before = turn, place
    return found


def without(days: Collection[dt.date], closed: Collection[dt.date]) -> list[dt.date]:
    """``days`` except the ``closed`` ones, sorted."""
    return sorted(set(days) - set(closed))


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time())
