"""A school's calendar: school days, and the day of the cycle of each."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from teams.directory.cycles import (
    LONGEST_BREAK,
    days_between,
    first_school_day,
    is_school_day,
    turning_cycle,
    week_cycle,
)
from teams.directory.models import Holiday, School
from teams.kept.queries import read_seldom
from teams.lib import formats

if TYPE_CHECKING:
    from collections.abc import Iterable

    from teams.directory.models import SchoolYear


def closed_days(
    school_ids: Iterable[int], first: dt.date = dt.date.min, last: dt.date = dt.date.max
) -> set[dt.date]:
    """Holidays of the schools from ``first`` to ``last``, as single dates."""
    return {
        day
        for start, end in _holidays(tuple(sorted(set(school_ids))))
        if start <= last and end >= first
        for day in days_between(max(start, first), min(end, last))
    }


def days_without_school(school_id: int, days: Iterable[dt.date]) -> set[dt.date]:
    """The ``days`` that are weekends or holidays of a school."""
    wanted = set(days)
    closed = closed_days([school_id], min(wanted), max(wanted)) if wanted else set()
    return {day for day in wanted if not is_school_day(day, closed)}


@read_seldom(Holiday)
def _holidays(school_ids: tuple[int, ...]) -> tuple[tuple[dt.date, dt.date], ...]:
    return tuple(Holiday.objects.filter(school__in=school_ids).values_list("starts_on", "ends_on"))


def school_day_from(school: School, day: dt.date) -> dt.date:
    """The first school day on or after ``day``; what is proposed to people never falls on a weekend or a holiday."""
    return first_school_day(day, closed_days([school.pk], day, day + LONGEST_BREAK))


def cycle_days(school: School, first: dt.date, last: dt.date) -> dict[dt.date, int]:
    """Map the school days from ``first`` to ``last``, in order, to the day of the cycle (0 is the first)."""
    start = school.cycle_from or school.year_start(first)
    make = turning_cycle if school.cycle == School.Cycle.TURNING else week_cycle
    closed = closed_days([school.pk], min(start, first), max(start, last))
    return make(first, last, start=start, length=school.cycle_days, closed=closed)


def year_on(school: School, day: dt.date) -> SchoolYear | None:
    """The school year that contains ``day``, else the next one, else None."""
    return school.years.on(day).first() or school.years.filter(starts_on__gte=day).first()


def cycle_day_names(school: School) -> list[str]:
    """Names of the days of the cycle, in order: weekdays, "Mon A" … "Fri B", or "A" to "J"."""
    if school.cycle == School.Cycle.TURNING:
        return [chr(ord("A") + place) for place in range(school.cycle_days)]
    monday = dt.date(2024, 1, 1)

    names = [formats.weekday(monday + dt.timedelta(days=place)) for place in range(5)]
    if school.cycle_days == 5:
        return names
    return [f"{name} {week}" for week in "AB" for name in names]
