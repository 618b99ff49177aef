"""The days of a repeating meeting: rules of RFC 5545 for weeks and months, the bell schedule's cycle for the rest."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from dateutil.rrule import MONTHLY, WEEKLY, rrule, weekday

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

WEEK, MONTHS = 7, 12
LAST = 5  # the fifth weekday of a month stands for the last one, which every month has


def weekly_days(first: dt.date, last: dt.date, *, on: int, every: int = 1) -> list[dt.date]:
    """Weekday ``on`` (Monday 0) of every ``every``-th week, counted from the week of ``first``."""
    rule = rrule(
        WEEKLY, interval=every, byweekday=on, dtstart=_midnight(first), until=_midnight(last), wkst=0
    )
    return [found.date() for found in rule]


def monthly_days(first: dt.date, last: dt.date, *, on: int, nth: int) -> list[dt.date]:
    """The ``nth`` (5: the last) weekday ``on`` of each month."""
    place = weekday(on, -1 if nth == LAST else nth)
    rule = rrule(MONTHLY, byweekday=place, dtstart=_midnight(first), until=_midnight(last))
    return [found.date() for found in rule]


def cycle_days_of(days: Mapping[dt.date, int], *, on: int) -> list[dt.date]:
    """The dates of ``days`` (date → day of the cycle) that have day ``on``."""
    return [day for day, place in days.items() if place == on]


def week_of(day: dt.date) -> int:
    """The number of the week of ``day``, Monday first, over all years."""
    return (day.toordinal() - 1) // WEEK


def month_of(day: dt.date) -> int:
    """The number of the month of ``day`` over all years."""
    return day.year * MONTHS + day.month - 1


def nth_of(day: dt.date, *, last: bool = False) -> int:
    """Which one of its weekday in its month ``day`` is; with ``last`` a last one is the last, be it the fourth."""
    is_last = (day + dt.timedelta(days=WEEK)).month != day.month
    return LAST if last and is_last else (day.day - 1) // WEEK + 1


def turns_of(days: Mapping[dt.date, int], *, length: int, is_turning: bool) -> dict[dt.date, int]:
    """Date → which turn of a cycle it is in, counted from the first of ``days`` (date → day of the cycle).

    A cycle over school days has turned when its days begin again; one by the calendar turns with its weeks,
    whether there was school or not.
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
    """``days`` that are not ``closed``, in order."""
    return sorted(set(days) - set(closed))


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time())
