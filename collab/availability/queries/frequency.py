"""How often a team meets at a slot: once a cycle, or every week, where a week is no whole cycle."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from collab.availability.slots import folded, slots_of, whole_periods
from collab.meetings.models import Series
from teams.directory.cycles import SCHOOL_WEEK
from teams.directory.models import School
from teams.directory.queries.days import cycle_day_names, cycle_days

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.utils.functional import _StrPromise

    from collab.availability.slots import Bell, Slot

MONDAY = dt.date(2024, 1, 1)
WEEK, CYCLE = "week", "cycle"
CHOICES: list[tuple[str, str | _StrPromise]] = [
    (WEEK, _("Every week, on the same weekday")),
    (CYCLE, _("Once a cycle, on the same day of it")),
]


@dataclass(frozen=True, slots=True)
class MeetingFrequency:
    """The days that slots are on, by name, and which days of the cycle fall on each of them."""

    key: str
    names: list[str]
    meant: list[tuple[int, ...]]
    is_weekly: bool

    @property
    def folds(self) -> bool:
        """Whether its days are weekdays on which different days of the cycle fall."""
        return any(days != (place,) for place, days in enumerate(self.meant))

    def slots(self, bells: Sequence[Bell], *, minutes: int, periods: int | None = None) -> list[Slot]:
        """Times of ``minutes``, or of so many whole ``periods``; a weekly one takes what it meets on every day."""
        found = whole_periods(bells, periods) if periods else slots_of(bells, minutes)
        return folded(found, bells, self.meant) if self.folds else found

    def dates(self, school: School, first: dt.date, last: dt.date) -> dict[dt.date, int]:
        """Date → the day that its slots are on, of the school days from ``first`` to ``last``."""
        days = cycle_days(school, first, last)
        return {date: date.weekday() for date in days} if self.folds else days

    def days_of(self, series: Series) -> list[int]:
        """The days on which ``series`` meets.

        A weekday falls on every day of a cycle that turns over school days, and on two of a cycle of two
        weeks; the other way round a day of a turning cycle falls on every weekday.
        """
        school = series.team.school
        turning, weekday = school.cycle == School.Cycle.TURNING, series.weekday or 0
        if series.pattern == Series.Pattern.CYCLE:
            place = series.cycle_day or 0
            return [day for day, meant in enumerate(self.meant) if place in meant]
        if self.folds:
            return [weekday]
        return (
            list(range(school.cycle_days))
            if turning
            else list(range(weekday, school.cycle_days, SCHOOL_WEEK))
        )


def is_plain(school: School) -> bool:
    """Whether a cycle of ``school`` is just a week."""
    return school.cycle == School.Cycle.WEEK and school.cycle_days == SCHOOL_WEEK


def frequency_of(school: School, key: str | None = None) -> MeetingFrequency:
    """The rhythm that ``key`` names; what is usual in a cycle like the school's where it names none.

    A cycle of five days and more that turns is about a week: a team meets once in it. In a shorter one, A and
    B days, or in one of two weeks, a team meets every week.
    """
    if is_plain(school):
        return MeetingFrequency(CYCLE, cycle_day_names(school), _each(school.cycle_days), is_weekly=True)
    turning = school.cycle == School.Cycle.TURNING
    if key not in (WEEK, CYCLE):
        key = CYCLE if turning and school.cycle_days >= SCHOOL_WEEK else WEEK
    if key == CYCLE:
        return MeetingFrequency(CYCLE, cycle_day_names(school), _each(school.cycle_days), is_weekly=False)
    length = school.cycle_days
    meant = [
        tuple(range(length)) if turning else tuple(range(day, length, SCHOOL_WEEK))
        for day in range(SCHOOL_WEEK)
    ]
    return MeetingFrequency(WEEK, _weekdays(), meant, is_weekly=True)


def _weekdays() -> list[str]:
    return [date_format(MONDAY + dt.timedelta(days=day), "D") for day in range(SCHOOL_WEEK)]


def _each(length: int) -> list[tuple[int, ...]]:
    return [(day,) for day in range(length)]


def frequency_choices(school: School) -> list[tuple[str, str | _StrPromise]]:
    """What there is to choose from; nothing where a cycle is just a week."""
    return [] if is_plain(school) else CHOICES
