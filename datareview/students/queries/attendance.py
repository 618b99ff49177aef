"""A student's attendance this year: a calendar by weekday and week, and what stands out in it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from datareview.records.absence import DAYS_ABSENT
from datareview.records.models import AttendanceDay, Student
from datareview.records.queries.of_student import attendance_of
from datareview.records.values import value_address
from teams.lib import formats

if TYPE_CHECKING:
    from collections.abc import Iterable

    from datareview.analysis.absences import AbsenceChange, WeekdayExcess

CHRONIC = 10  # percent of days: the usual definition of chronic absence
FIRM = 3  # percent of days, under which attendance is a strength
LEAST_DAYS = 20  # marked days, under which neither is said
MARKS = AttendanceDay.Mark


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day of the calendar; ``mark`` is "" on a day without one, ``title`` says what it is, ``url`` is its page."""

    mark: str
    title: str = ""
    url: str = ""
    is_change: bool = False


@dataclass(frozen=True, slots=True)
class WeekdayRow:
    """One weekday over all weeks, with the days missed of the days marked."""

    name: str
    cells: list[DayCell]
    absent: float
    days: int

    @property
    def missed(self) -> str:
        """The days missed, as text."""
        return formats.number(self.absent, 1)


@dataclass(frozen=True, slots=True)
class Month:
    """The name of a month over the ``weeks`` weeks that begin in it."""

    name: str
    weeks: int


@dataclass(frozen=True, slots=True)
class AttendanceRecord:
    """Attendance this year. Half days count as halves in ``absent``, and not at all in what stands out.

    ``away`` has the days not present, each with its mark in words and its page.
    """

    days: int = 0
    absent: float = 0.0
    excused: int = 0
    tardy: int = 0
    last: dt.date | None = None
    months: list[Month] = field(default_factory=list)
    rows: list[WeekdayRow] = field(default_factory=list)
    away: list[tuple[dt.date, str, str]] = field(default_factory=list)
    weekday: WeekdayExcess | None = None
    change: AbsenceChange | None = None

    @property
    def percent_absent(self) -> float:
        """Days missed of the days marked, from 0 to 100."""
        return 100 * self.absent / self.days if self.days else 0.0

    @property
    def is_chronic(self) -> bool:
        """Whether one day in ten or more was missed, of at least twenty."""
        return self.days >= LEAST_DAYS and self.percent_absent >= CHRONIC

    @property
    def is_firm(self) -> bool:
        """Whether hardly a day was missed, of at least twenty."""
        return self.days >= LEAST_DAYS and self.percent_absent < FIRM

    @property
    def missed(self) -> str:
        """The days missed, as text."""
        return formats.number(self.absent, 1)

    @property
    def finding(self) -> str:
        """What the calendar shows, as its title."""
        if not self.days:
            return _("Attendance")
        if self.weekday:
            return on_a_weekday(self.weekday)
        words = ngettext("Missed %(n)s of %(days)d day", "Missed %(n)s of %(days)d days", self.days)
        return words % {"n": self.missed, "days": self.days}

    @property
    def change_in_words(self) -> str:
        """The change since a month, with both counts, or ""."""
        if not self.change:
            return ""
        words = _(
            "Until %(day)s: %(before)d of %(days_before)d days missed. Since then: %(after)d of %(days)d."
        )
        return words % {
            "day": formats.short_day(self.change.since),
            "before": self.change.before[0],
            "days_before": self.change.before[1],
            "after": self.change.after[0],
            "days": self.change.after[1],
        }


def on_a_weekday(found: WeekdayExcess) -> str:
    """Name the weekday on which most absences fall: "6 of 9 absences were on Mondays"."""
    words = _("%(n)d of %(all)d absences were on a %(weekday)s")
    figures = {"n": found.absent, "all": found.all_absent, "weekday": WEEKDAYS[found.weekday]}
    return words % figures


def attendance_record_of(student: Student) -> AttendanceRecord:
    """The attendance of ``student`` this school year, from the marks that count."""
    from datareview.analysis.absences import absence_change, weekday_excess

    marks = attendance_of(student)
    if not marks:
        return AttendanceRecord()
    by_day = dict(marks)
    is_absent = {day: mark in (MARKS.EXCUSED, MARKS.UNEXCUSED) for day, mark in marks}
    first, last = marks[0][0], marks[-1][0]
    change = absence_change(is_absent, _month_starts(first, last))
    since = min((day for day in by_day if change and day >= change.since), default=None)
    page = value_address(student.uuid, "day", "")
    mondays = [
        _monday(first) + dt.timedelta(weeks=n) for n in range((_monday(last) - _monday(first)).days // 7 + 1)
    ]
    return AttendanceRecord(
        days=len(marks),
        absent=sum(DAYS_ABSENT[mark] for _day, mark in marks),
        excused=sum(mark == MARKS.EXCUSED for _day, mark in marks),
        tardy=sum(mark == MARKS.TARDY for _day, mark in marks),
        last=last,
        months=_months(mondays),
        rows=[_row(weekday, mondays, by_day, since, page) for weekday in _weekdays(by_day)],
        away=[
            (day, str(MARKS(mark).label), f"{page}{day}")
            for day, mark in reversed(marks)
            if mark != MARKS.PRESENT
        ],
        weekday=weekday_excess(is_absent),
        change=change,
    )


def _row(
    weekday: int, mondays: list[dt.date], by_day: dict[dt.date, str], since: dt.date | None, page: str
) -> WeekdayRow:
    days = [monday + dt.timedelta(days=weekday) for monday in mondays]
    marked = [by_day[day] for day in days if day in by_day]
    return WeekdayRow(
        name=str(formats.weekday(days[0])),
        cells=[_cell(day, by_day.get(day), page, is_change=day == since) for day in days],
        absent=sum(DAYS_ABSENT[mark] for mark in marked),
        days=len(marked),
    )


def _cell(day: dt.date, mark: str | None, page: str, *, is_change: bool) -> DayCell:
    if mark is None:
        return DayCell("")
    return DayCell(mark, f"{formats.day(day)}: {MARKS(mark).label}", f"{page}{day}", is_change)


def _weekdays(days: Iterable[dt.date]) -> list[int]:
    """Monday to Friday, and each other weekday with a mark."""
    return sorted({0, 1, 2, 3, 4, *(day.weekday() for day in days)})


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


def _months(mondays: list[dt.date]) -> list[Month]:
    found: list[Month] = []
    for monday in mondays:
        name = formats.month(monday, with_year=False)
        if found and found[-1].name == name:
            found[-1] = Month(name, found[-1].weeks + 1)
        else:
            found.append(Month(name, 1))
    # A month with one week has no room for its name.
    return [Month(one.name if one.weeks > 1 else "", one.weeks) for one in found]


def _month_starts(first: dt.date, last: dt.date) -> list[dt.date]:
    months = range(first.year * 12 + first.month, last.year * 12 + last.month)
    return [dt.date(month // 12, month % 12 + 1, 1) for month in months]
