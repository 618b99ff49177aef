"""The rounds of a repeating meeting, a week, a month or a turn of the cycle: what "all that follow" move by."""

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

AROUND = dt.timedelta(days=70)  # longer than any round with its longest holidays


def set_day(series: Series, day: dt.date) -> None:
    """Let the rule of ``series`` (not saved) have ``day``: its weekday, which of the month, its day of the cycle."""
    if series.pattern == Series.Pattern.CYCLE:
        series.cycle_day = cycle_days(series.team.school, day, day)[day]
        return
    series.weekday = day.weekday()
    if series.pattern == Series.Pattern.MONTH:
        series.nth = nth_of(day, last=series.nth == LAST)
    # every second week is counted from the first day: it goes on in the weeks of ``day``
    weeks = (week_of(day) - week_of(series.starts_on)) % series.every
    series.starts_on = min(series.starts_on + dt.timedelta(weeks=weeks), day)


def days_after_move(
    series: Series, was: dt.date, day: dt.date, dates: Iterable[dt.date]
) -> dict[dt.date, dt.date | None]:
    """Date → where its meeting goes, when the one of ``was`` goes to ``day``, which the rule of ``series`` has.

    Each stays in its round, or goes as many rounds on as that one; None where that round has no such day.
    """
    dates = list(dates)
    first, last = min(*dates, was, day) - AROUND, max(*dates, was, day) + AROUND
    round_of, days = _rounds(series, first, last)
    ahead = round_of(day) - round_of(was)
    by_round = {round_of(one): one for one in days}
    return {date: by_round.get(round_of(date) + ahead) for date in dates}


def _rounds(series: Series, first: dt.date, last: dt.date) -> tuple[Callable[[dt.date], int], list[dt.date]]:
    """What numbers the rounds, and the day of the rule in each."""
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
        # a day without school belongs to the turn of the school day before it
        while day not in turns and day > first:
            day -= dt.timedelta(days=1)
        return turns.get(day, 0)

    return turn_of, [day for day, place in cycle.items() if place == series.cycle_day]
