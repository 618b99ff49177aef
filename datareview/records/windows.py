"""The benchmark windows of a school: which one a day belongs to, and when the next one ends.

A score on a day inside a window belongs to that window. A score between two windows belongs to the window before it,
because the next benchmark is not due yet. A score before the first window of a school year belongs to the first one.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

FALL, WINTER, SPRING = "fall", "winter", "spring"
NAMES = {FALL: _("Fall"), WINTER: _("Winter"), SPRING: _("Spring")}


@dataclass(frozen=True, slots=True)
class WindowSpan:
    """A benchmark window in one school year, both days included; ``own_name`` replaces the usual name of its key."""

    key: str
    starts_on: dt.date
    ends_on: dt.date
    own_name: str = ""

    @property
    def name(self) -> str:
        """The school's name for the window, or the usual one in the reader's language."""
        return self.own_name or str(NAMES.get(self.key, self.key))

    @property
    def name_in_text(self) -> str:
        """The name inside a sentence."""
        return self.own_name or self.name.lower()

    def moved_to(self, year: int) -> WindowSpan:
        """The same days ``year`` years later; February 29 becomes February 28."""
        return WindowSpan(
            self.key, _years_later(self.starts_on, year), _years_later(self.ends_on, year), self.own_name
        )


@dataclass(frozen=True, slots=True)
class YearSpan:
    """A school year's first and last day, and its windows in order of their dates."""

    starts_on: dt.date
    ends_on: dt.date
    windows: tuple[WindowSpan, ...] = ()

    @property
    def middle(self) -> dt.date:
        """The day in the middle, which is in the same July to June as most of the year, even if that starts in June."""
        return self.starts_on + (self.ends_on - self.starts_on) / 2


@dataclass(frozen=True, slots=True)
class SchoolWindows:
    """The windows of a school: its ``years`` in order, each with its windows.

    A year without windows of its own has those of the last year that has some, moved to it, and without any the
    `usual_windows`.
    """

    years: tuple[YearSpan, ...] = ()

    def in_year_of(self, day: dt.date) -> tuple[WindowSpan, ...]:
        """The windows, in order, of the latest school year that began by ``day``."""
        past = self.years[: bisect_right(self.years, day, key=lambda year: year.starts_on)]
        if not past:
            return usual_windows(day)
        for year in reversed(past):
            if year.windows:
                later = past[-1].starts_on.year - year.starts_on.year
                return tuple(window.moved_to(later) for window in year.windows) if later else year.windows
        return usual_windows(past[-1].middle)

    def window_on(self, day: dt.date) -> WindowSpan:
        """The window that a score of ``day`` belongs to."""
        windows = self.in_year_of(day)
        begun = bisect_right(windows, day, key=lambda window: window.starts_on)
        return windows[max(begun - 1, 0)]

    def key_on(self, day: dt.date) -> str:
        """The key of `window_on`."""
        return self.window_on(day).key

    def end_after(self, day: dt.date, *, today: dt.date) -> dt.date | None:
        """The end of the first window of ``today``'s school year that ends on ``day`` or later, or None."""
        return next((window.ends_on for window in self.in_year_of(today) if window.ends_on >= day), None)


def usual_windows(day: dt.date) -> tuple[WindowSpan, ...]:
    """Windows of the year from July to June around ``day``: to November, December to February, from March."""
    year = day.year if day.month >= 7 else day.year - 1
    march = dt.date(year + 1, 3, 1)
    return (
        WindowSpan(FALL, dt.date(year, 7, 1), dt.date(year, 11, 30)),
        WindowSpan(WINTER, dt.date(year, 12, 1), march - dt.timedelta(days=1)),
        WindowSpan(SPRING, march, dt.date(year + 1, 6, 30)),
    )


def _years_later(day: dt.date, years: int) -> dt.date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + years, day=28 if is_leap_day and years else day.day)
