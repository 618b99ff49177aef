"""The days of a repeating meeting: rules of RFC 5545 for weeks and months, the bell schedule's cycle for the rest."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from dateutil.rrule import MONTHLY, WEEKLY, rrule, weekday

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

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


def without(days: Collection[dt.date], closed: Collection[dt.date]) -> list[dt.date]:
    """``days`` that are not ``closed``, in order."""
    return sorted(set(days) - set(closed))


def _midnight(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time())
