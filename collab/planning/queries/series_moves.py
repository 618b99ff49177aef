"""How a series shifts when "this and following meetings" move.

An interval is one repetition of the rule: a week, a month or a turn of the cycle.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from collab.meetings.models import Series
from collab.planning.recurrence import LAST, month_of, monthly_days, nth_of, turns_of, week_of
from teams.directory.cycles import monday_of
from teams.directory.models import School
from teams.directory.queries.days import cycle_days

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

AROUND = dt.timedelta(days=70)  # longer than any interval including holidays


def set_day(series: Series, day: dt.date) -> None:
    """Change the recurrence rule of ``series`` (not saved) so that it includes ``day``."""
    if series.pattern == Series.Pattern.CYCLE:
        series.cycle_day = cycle_days(series.team.school, day, day)[day]
        return
    series.weekday = day.weekday()
    if series.pattern == Series.Pattern.MONTH:
        series.nth = nth_of(day, last=series.nth == LAST)
    # alternate weeks are counted from the start date, so shift it to the weeks of ``day``
    weeks = (week_of(day) - week_of(series.starts_on)) % series.every
    series.starts_on = min(series.starts_on + dt.timedelta(weeks=weeks), day)


def days_after_move(
    series: Series, was: dt.date, day: dt.date, dates: Iterable[dt.date]
) -> dict[dt.date, dt.date | None]:
    """Date → new date of its meeting when the meeting on ``was`` moves to ``day``, which the new rule includes.

    Each meeting shifts by the same number of intervals; None where its interval has no such day.
    """
    dates = list(dates)
    first, last = min(*dates, was, day) - AROUND, max(*dates, was, day) + AROUND
    interval_of, days = _intervals(series, first, last)
    ahead = interval_of(day) - interval_of(was)
    by_interval = {interval_of(one): one for one in days}
    return {date: by_interval.get(interval_of(date) + ahead) for date in dates}


def _intervals(
    series: Series, first: dt.date, last: dt.date
) -> tuple[Callable[[dt.date], int], list[dt.date]]:
    """A function that numbers the intervals, and the rule's date in each."""
    if series.pattern == Series.Pattern.MONTH:
        days = monthly_days(first.replace(day=1), last, on=series.weekday or 0, nth=series.nth or 1)
        return month_of, days
    if series.pattern == Series.Pattern.WEEKS:
        monday = monday_of(first)
        weeks = range((last - monday).days // 7 + 1)
        return week_of, [monday + dt.timedelta(days=week * 7 + (series.weekday or 0)) for week in weeks]
    school = series.team.school
    cycle = cycle_days(school, first, last)
    turns = turns_of(cycle, length=school.cycle_days, is_turning=school.cycle == School.Cycle.TURNING)

    def turn_of(day: dt.date) -> int:
        # a holiday belongs to the turn of the school day before it
        while day not in turns and day > first:
            day -= dt.timedelta(days=1)
        return turns.get(day, 0)

    return turn_of, [day for day, place in cycle.items() if place == series.cycle_day]
