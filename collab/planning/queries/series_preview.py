"""A new series before it is saved: its dates, days left out by name, and what clashes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from collab.meetings.models import Meeting, Series
from collab.planning.queries.series import days_of, words_of
from collab.planning.recurrence import monthly_days, weekly_days
from teams.lib import clock

if TYPE_CHECKING:
    from teams.directory.models import Holiday


@dataclass(frozen=True, slots=True)
class SeriesPreview:
    """What saving a series would plan.

    ``days`` are the dates of its meetings, ``left_out`` its dates on holidays, ``taken`` its dates on which the team
    already meets at that time, with the meeting.
    """

    words: str
    days: list[dt.date]
    left_out: list[tuple[dt.date, Holiday]]
    taken: list[tuple[dt.date, Meeting]]


def preview_of(series: Series) -> SeriesPreview:
    """Preview an unsaved ``series``; a constant number of queries."""
    school, now = series.team.school, clock.now()
    length = dt.timedelta(minutes=series.minutes)
    starts = {day: school.at(day, series.starts_at) for day in days_of(series, school.today())}
    starts = {day: moment for day, moment in starts.items() if moment >= now}
    rows = Meeting.objects.filter(team=series.team).exclude(state=Meeting.State.CANCELLED)
    rows = rows.filter(starts_at__lt=school.at(series.ends_on, dt.time.max), ends_at__gt=now)
    known, taken = list(rows.order_by("starts_at")), list[tuple[dt.date, Meeting]]()
    for day, moment in starts.items():
        same = [one for one in known if one.starts_at < moment + length and one.ends_at > moment]
        taken += [(day, one) for one in same[:1]]
    busy = {day for day, _meeting in taken}
    return SeriesPreview(
        words=words_of(series),
        days=[day for day in starts if day not in busy],
        left_out=_left_out(series),
        taken=taken,
    )


def _left_out(series: Series) -> list[tuple[dt.date, Holiday]]:
    """Dates of the rule that are holidays. A cycle's days are school days, so it leaves none out."""
    if series.pattern == Series.Pattern.CYCLE:
        return []
    if series.pattern == Series.Pattern.MONTH:
        days = monthly_days(series.starts_on, series.ends_on, on=series.weekday or 0, nth=series.nth or 1)
    else:
        days = weekly_days(series.starts_on, series.ends_on, on=series.weekday or 0, every=series.every)
    holidays = list(series.team.school.holidays.filter(ends_on__gte=series.starts_on))
    today = series.team.school.today()
    on = [(day, next((one for one in holidays if one.starts_on <= day <= one.ends_on), None)) for day in days]
    return [(day, one) for day, one in on if one and day >= max(today, series.starts_on)]
