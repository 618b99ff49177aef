"""The school calendar: terms, holidays, the coming weeks with their days of the cycle, the bell schedule."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from teams.calendar.usual_days import UsualDays, is_in_united_states, usual_holidays, usual_year
from teams.directory.cycles import monday_of
from teams.directory.models import Term
from teams.directory.queries.days import cycle_day_names, cycle_days, year_on

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import Holiday, Period, School, SchoolYear


WEEKS = 4


JUNE = 6  # a later month belongs to the school year that begins in it


@dataclass(frozen=True, slots=True)
class Day:
    """One date of the coming weeks: its day of the cycle, or the reason why there is no school."""

    on: dt.date
    cycle_day: str
    closed: str
    is_today: bool


@dataclass(frozen=True, slots=True)
class CalendarPage:
    """Everything on the calendar page."""

    today: dt.date
    years: list[SchoolYear]
    year: SchoolYear | None
    terms: list[Term]
    holidays: list[Holiday]
    weeks: list[list[Day]]
    periods: int


def terms_of(school: School) -> QuerySet[Term]:
    """Terms of all years of ``school``."""
    return Term.objects.filter(year__school=school).select_related("year__school")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A school year to add, or None if ``known`` is that year already, and the usual holidays that it lacks."""

    first: int
    year: UsualDays | None
    known: SchoolYear | None
    holidays: list[UsualDays]


def suggestion_for(school: School, first: int | None = None) -> Suggestion:
    """What the school year that begins in August of ``first`` could have; by default the one that has something to add.

    That is this school year if it has no rows or no holidays yet, else the next one.
    """
    today = school.today()
    this = today.year if today.month > JUNE else today.year - 1
    if first is not None:
        return _suggestion(school, min(max(first, this - 1), this + 2))
    here = _suggestion(school, this)
    is_done = here.known and school.holidays.filter(starts_on__gte=here.known.starts_on).exists()
    return _suggestion(school, this + 1) if is_done else here


def _suggestion(school: School, first: int) -> Suggestion:
    usual = usual_year(first)
    known = school.years.filter(starts_on__lte=usual.ends_on, ends_on__gte=usual.starts_on).first()
    starts_on, ends_on = (known.starts_on, known.ends_on) if known else (usual.starts_on, usual.ends_on)
    taken = list(school.holidays.values_list("starts_on", "ends_on"))
    holidays = [
        one
        for one in (usual_holidays(first) if is_in_united_states(school.time_zone) else [])
        if starts_on <= one.starts_on
        and one.ends_on <= ends_on
        and not any(begin <= one.ends_on and one.starts_on <= end for begin, end in taken)
    ]
    return Suggestion(first, None if known else usual, known, holidays)


def calendar_page(school: School) -> CalendarPage:
    """The calendar page of ``school``."""
    today = school.today()
    year = year_on(school, today)
    return CalendarPage(
        today=today,
        years=list(school.years.order_by("-starts_on")),
        year=year,
        terms=list(year.terms.all()) if year else [],
        holidays=list(school.holidays.filter(ends_on__gte=today - dt.timedelta(days=30))),
        weeks=coming_weeks(school, today),
        periods=school.periods.count(),
    )


def coming_weeks(school: School, today: dt.date, weeks: int = WEEKS) -> list[list[Day]]:
    """Monday to Friday of ``weeks`` weeks, from the week of ``today`` on."""
    monday = monday_of(today)
    last = monday + dt.timedelta(weeks=weeks, days=-3)
    names, cycle = cycle_day_names(school), cycle_days(school, monday, last)
    holidays = list(school.holidays.filter(starts_on__lte=last, ends_on__gte=monday))
    rows = []
    for week in range(weeks):
        days = [monday + dt.timedelta(weeks=week, days=day) for day in range(5)]
        rows.append([_day(day, today, cycle, names, holidays) for day in days])
    return rows


def _day(
    day: dt.date, today: dt.date, cycle: dict[dt.date, int], names: list[str], holidays: list[Holiday]
) -> Day:
    closed = next((row.name for row in holidays if row.starts_on <= day <= row.ends_on), "")
    return Day(day, names[cycle[day]] if day in cycle else "", closed, day == today)


@dataclass(frozen=True, slots=True)
class BellDay:
    """One day of the cycle with its periods."""

    number: int
    name: str
    periods: list[Period]


def bell_schedule_of(school: School) -> list[BellDay]:
    """Every day of the cycle with its periods in order."""
    periods = list(school.periods.order_by("cycle_day", "starts_at"))
    return [
        BellDay(number, name, [period for period in periods if period.cycle_day == number])
        for number, name in enumerate(cycle_day_names(school))
    ]
