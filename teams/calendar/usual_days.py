"""The usual days of a school year in the United States: first and last day, terms, and days without school."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from teams.lib.formats import country_of_zone

MONDAY, THURSDAY, FRIDAY, SATURDAY = 0, 3, 4, 5
DAY, WEEK = dt.timedelta(days=1), dt.timedelta(days=7)
TERMS = (2, 3, 4)


@dataclass(frozen=True, slots=True)
class UsualDays:
    """Days with a name: a school year, a term or a holiday, both ends included."""

    name: str
    starts_on: dt.date
    ends_on: dt.date

    @property
    def key(self) -> str:
        """The days as text, for a form."""
        return f"{self.starts_on}/{self.ends_on}"


def is_in_united_states(time_zone: str) -> bool:
    """Whether schools in this time zone have the holidays of `usual_holidays`."""
    return country_of_zone(time_zone) == "US"


def usual_year(first: int) -> UsualDays:
    """A school year from the third Monday in August of the year ``first`` to the second Friday in June."""
    ends_on = _nth(first + 1, 6, FRIDAY, 2)
    return UsualDays(f"{first}–{str(first + 1)[2:]}", _nth(first, 8, MONDAY, 3), ends_on)


def usual_holidays(first: int) -> list[UsualDays]:
    """Days on which most schools are closed from August of ``first`` to June; a day on a weekend is left out.

    The winter break is the week of Christmas and the one after it, the spring break the last full week of March.
    """
    second = first + 1
    thanksgiving = _nth(first, 11, THURSDAY, 4)
    christmas, march = dt.date(first, 12, 25), dt.date(second, 3, 31)
    break_begins = christmas - DAY * christmas.weekday()
    spring = march - DAY * ((march.weekday() - FRIDAY) % 7) - DAY * 4
    days = [
        _one(_("Labor Day"), _nth(first, 9, MONDAY, 1)),
        _one(_("Indigenous Peoples’ Day"), _nth(first, 10, MONDAY, 2)),
        _one(_("Veterans Day"), dt.date(first, 11, 11)),
        UsualDays(_("Thanksgiving"), thanksgiving, thanksgiving + DAY),
        UsualDays(_("Winter break"), break_begins, break_begins + DAY * 11),
        _one(_("Martin Luther King Jr. Day"), _nth(second, 1, MONDAY, 3)),
        _one(_("Presidents’ Day"), _nth(second, 2, MONDAY, 3)),
        UsualDays(_("Spring break"), spring, spring + DAY * 4),
        _one(_("Memorial Day"), _last(second, 5, MONDAY)),
    ]
    return [one for one in days if one.starts_on.weekday() < SATURDAY]


def usual_terms_of(starts_on: dt.date, ends_on: dt.date, many: int) -> list[UsualDays]:
    """The year cut into ``many`` terms of about the same number of weeks; all but the last end on a Sunday."""
    weeks = ((ends_on - starts_on).days + 1) / 7
    if weeks < many:
        return []
    begins = [
        starts_on - DAY * starts_on.weekday() + WEEK * round(weeks * place / many) for place in range(many)
    ]
    begins[0] = starts_on
    ends = [*(begin - DAY for begin in begins[1:]), ends_on]
    return [
        UsualDays(_("Term %(n)d") % {"n": place}, begin, end)
        for place, (begin, end) in enumerate(zip(begins, ends, strict=True), start=1)
    ]


def _one(name: str, day: dt.date) -> UsualDays:
    return UsualDays(name, day, day)


def _nth(year: int, month: int, weekday: int, n: int) -> dt.date:
    """The ``n``-th such weekday of a month."""
    first = dt.date(year, month, 1)
    return first + DAY * ((weekday - first.weekday()) % 7) + WEEK * (n - 1)


def _last(year: int, month: int, weekday: int) -> dt.date:
    """The last such weekday of a month."""
    fifth = _nth(year, month, weekday, 5)
    return fifth if fifth.month == month else fifth - WEEK
