"""The bell schedule, and who does what in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from teams.calendar.queries import BellDay, bells_of
from teams.directory.models import Duty, Staff

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import Period, School


@dataclass(frozen=True, slots=True)
class Cell:
    """What one person does in one period; without a kind nobody has said."""

    period: Period
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Row:
    """One person, one period after the other."""

    staff: Staff
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Grid:
    """People × periods of one day of the cycle."""

    days: list[BellDay]
    day: BellDay | None
    rows: list[Row]
    kinds: list[tuple[str, str]]


def staff_of(school: School) -> QuerySet[Staff]:
    """Staff who work at ``school`` today: the rows of its timetable."""
    return Staff.objects.active().filter(school=school).select_related("user")


def grid_of(school: School, *, day: int = 0) -> Grid:
    """The timetable of one day; a day the cycle has not is the first that has periods."""
    days = bells_of(school)
    chosen = next((one for one in days if one.number == day and one.periods), None)
    chosen = chosen or next((one for one in days if one.periods), None)
    duties = {
        (row.staff_id, row.period_id): row
        for row in Duty.objects.filter(staff__school=school, period__in=chosen.periods if chosen else [])
    }
    rows = [
        Row(staff, [_cell(period, duties.get((staff.pk, period.pk))) for period in chosen.periods])
        for staff in staff_of(school).order_by("user__last_name", "user__first_name", "pk")
        if chosen
    ]
    return Grid(days, chosen, rows, [(str(kind), str(label)) for kind, label in Duty.Kind.choices])


def _cell(period: Period, duty: Duty | None) -> Cell:
    return Cell(period, duty.kind if duty else "", duty.label if duty else "")
