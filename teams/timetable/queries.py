"""The timetable as a grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from teams.calendar.queries import BellDay, bell_schedule_of
from teams.directory.models import Duty, Staff, Team, TeamMember
from teams.lib.parameters import uuid_or_none
from teams.names.columns import people_order

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import Period, School


@dataclass(frozen=True, slots=True)
class Cell:
    """The duty of one person in one period; without a kind it is unknown."""

    period: Period
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Row:
    """One person's cells, in the order of periods."""

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
    """Staff who work at ``school`` today, the rows of the timetable."""
    return Staff.objects.active().filter(school=school).select_related("user")


def active_teams_of(school: School) -> QuerySet[Team]:
    """The teams of ``school`` by which the grid is narrowed."""
    return Team.objects.filter(school=school, is_active=True).order_by("name")


def grid_of(school: School, *, day: int = 0, wanted: dict[str, str] | None = None) -> Grid:
    """The timetable of one day; for a day outside the cycle, of the first day with periods.

    ``wanted`` (the query string) narrows it to people by the words of "q", or to the members of a "team".
    """
    days = bell_schedule_of(school)
    chosen = next((one for one in days if one.number == day and one.periods), None)
    chosen = chosen or next((one for one in days if one.periods), None)
    duties = {
        (row.staff_id, row.period_id): row
        for row in Duty.objects.filter(staff__school=school, period__in=chosen.periods if chosen else [])
    }
    rows = [
        Row(staff, [_cell(period, duties.get((staff.pk, period.pk))) for period in chosen.periods])
        for staff in _narrowed(staff_of(school), wanted or {}).order_by(*people_order("user__"), "pk")
        if chosen
    ]
    return Grid(days, chosen, rows, [(str(kind), str(label)) for kind, label in Duty.Kind.choices])


def _narrowed(rows: QuerySet[Staff], wanted: dict[str, str]) -> QuerySet[Staff]:
    if team := uuid_or_none(wanted.get("team")):
        rows = rows.filter(pk__in=TeamMember.objects.active().filter(team__uuid=team).values("staff"))
    for word in wanted.get("q", "").split()[:4]:
        rows = rows.filter(Q(user__first_name__icontains=word) | Q(user__last_name__icontains=word))
    return rows


def _cell(period: Period, duty: Duty | None) -> Cell:
    return Cell(period, duty.kind if duty else "", duty.label if duty else "")
