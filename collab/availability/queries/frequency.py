"""How often a team meets at a slot: once a cycle, or every week if a cycle is not one week."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from collab.availability.slots import folded, slots_of, whole_periods
from collab.meetings.models import Series
from teams.directory.cycles import SCHOOL_WEEK
from teams.directory.models import School
from teams.directory.queries.days import cycle_day_names, cycle_days
from teams.lib import formats

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.utils.functional import _StrPromise

    from collab.availability.slots import Bell, Slot

MONDAY = dt.date(2024, 1, 1)
WEEK, CYCLE = "week", "cycle"
CHOICES: list[tuple[str, str | _StrPromise]] = [
    (WEEK, _("Every week, on the same weekday")),
    (CYCLE, _("Once per cycle, on the same day")),
]


@dataclass(frozen=True, slots=True)
class MeetingFrequency:
    """The days on which slots repeat, by name, each with the cycle days that fall on it (``meant``)."""

    key: str
    names: list[str]
    meant: list[tuple[int, ...]]
    is_weekly: bool

    @property
    def folds(self) -> bool:
        """Whether its days are weekdays on which different cycle days fall."""
        return any(days != (place,) for place, days in enumerate(self.meant))

    def slots(self, bells: Sequence[Bell], *, minutes: int, periods: int | None = None) -> list[Slot]:
        """Slots of ``minutes``, or of whole ``periods``. Weekly ones combine all cycle days of a weekday."""
        found = whole_periods(bells, periods) if periods else slots_of(bells, minutes)
        return folded(found, bells, self.meant) if self.folds else found

    def dates(self, school: School, first: dt.date, last: dt.date) -> dict[dt.date, int]:
        """Date → day of this frequency, for school days from ``first`` to ``last``."""
        days = cycle_days(school, first, last)
        return {date: date.weekday() for date in days} if self.folds else days

    def days_of(self, series: Series) -> list[int]:
        """The days of this frequency on which ``series`` meets.

        A weekday falls on every day of a cycle over school days, and on two days of a two-week cycle.
        Conversely, a day of a cycle over school days falls on every weekday.
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
    """Whether the cycle of ``school`` is one week."""
    return school.cycle == School.Cycle.WEEK and school.cycle_days == SCHOOL_WEEK


def frequency_of(school: School, key: str | None = None) -> MeetingFrequency:
    """The frequency named ``key``, or the default for the school's cycle.

    In a cycle of five or more school days, which is about a week, a team meets once a cycle. In a shorter
    cycle (A and B days) or a two-week cycle, it meets every week.
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
    return [formats.weekday(MONDAY + dt.timedelta(days=day)) for day in range(SCHOOL_WEEK)]


def _each(length: int) -> list[tuple[int, ...]]:
    return [(day,) for day in range(length)]


def frequency_choices(school: School) -> list[tuple[str, str | _StrPromise]]:
    """Form choices; empty if the cycle is one week."""
    return [] if is_plain(school) else CHOICES
