"""Find meeting times: the cost of each slot of the bell schedule, and who is free when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse

from collab.availability.queries.frequency import frequency_of
from collab.availability.queries.timetable import (
    LOOK_AHEAD,
    Clash,
    Timetable,
    clashes_of,
    clock_of,
    cost_words,
    lost_lessons,
    names_of_periods,
    timetable_of,
)
from collab.availability.slots import FREE, Slot, choices_of
from collab.meetings.permissions import may_plan_for
from teams.access.permissions import can, is_member, teams_visible_to
from teams.directory.cycles import monday_of
from teams.directory.models import Staff, Team, TeamMember
from teams.lib import clock

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from collab.availability.queries.frequency import MeetingFrequency
    from collab.availability.slots import Choice
    from teams.directory.models import Period, School, User

MOST_CHOICES = 12
MOST_ASKED = 5


@dataclass(frozen=True, slots=True)
class SlotRow:
    """A ranked slot: its next date, its cost in words, and links to plan a meeting or series."""

    choice: Choice
    day: str
    starts: dt.time
    ends: dt.time
    periods: str
    next_on: dt.date | None
    words: list[str]
    clash_words: list[str]
    is_present: bool
    series_url: str
    meeting_url: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A person's duty in one period."""

    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class PeriodLine:
    """A period of one day with each person's duty."""

    period: Period
    cells: list[Cell]
    free: int


@dataclass(frozen=True, slots=True)
class Finder:
    """The finder's page: people, ranked times (``rows`` the best, ``rest`` the others), and the grid of one day."""

    team: Team | None
    people: list[Staff]
    minutes: int
    week: dt.date
    rows: list[SlotRow]
    rest: list[SlotRow]
    days: list[str]
    day: int
    lines: list[PeriodLine]
    has_periods: bool
    unknown: list[Staff]
    lost: list[tuple[str, int]]
    poll_url: str
    calendar_url: str


def finder_teams(user: User, school: School) -> QuerySet[Team]:
    """Teams the user may choose."""
    return teams_visible_to(user).filter(school=school, is_active=True)


def finder_staff(school: School) -> QuerySet[Staff]:
    """Current staff of the school."""
    return Staff.objects.active().filter(school=school).select_related("user")


def first_team(user: User, school: School) -> Team | None:
    """The user's default team: one they lead, else one they are in."""
    own = TeamMember.objects.active().filter(
        staff__user_id=user.pk, team__school=school, team__is_active=True
    )
    member = own.select_related("team").order_by("-is_lead", "team__name").first()
    return member.team if member else None


def team_staff(team: Team) -> list[Staff]:
    """Current members of ``team``."""
    found = Staff.objects.filter(pk__in=team.members.active().values("staff_id"))
    return list(found.select_related("user"))


def may_find(user: User, school: School) -> bool:
    """Whether the user may search for times: people who meet in teams or schedule them."""
    return can(user, "join_teams", school) or can(user, "schedule_teams", school)


def finder_of(
    user: User,
    school: School,
    *,
    team: Team | None,
    people: Sequence[Staff],
    minutes: int,
    week: dt.date,
    day: int = 0,
    every: str = "",
) -> Finder:
    """Ranked times when ``people`` could meet for ``minutes``, starting with the week of ``week``.

    ``every`` is the key of the meeting frequency.
    """
    people, week = list(people), monday_of(week)
    table, frequency = timetable_of(school, [one.pk for one in people]), frequency_of(school, every)
    days = frequency.dates(school, week, week + LOOK_AHEAD)
    slots = frequency.slots(table.bells, minutes=minutes)
    clashes = clashes_of(user, school, people, slots, days, without=team)
    ids = [one.pk for one in people]
    past = lost_lessons(school, ids, table)
    found = choices_of(
        slots,
        ids,
        table.kinds,
        past=past,
        busy={slot: [one.person for one in rows if one.is_hard] for slot, rows in clashes.items()},
    )
    make = _RowMaker(user, school, team, people, table, clashes, days, frequency, minutes)
    rows = [make.row(choice) for choice in (found if people else [])]
    day = day if 0 <= day < len(table.days) else 0
    return Finder(
        team=team,
        people=people,
        minutes=minutes,
        week=week,
        rows=rows[:MOST_CHOICES],
        rest=rows[MOST_CHOICES:],
        days=table.days,
        day=day,
        lines=_lines(table, people, day),
        has_periods=bool(table.bells),
        unknown=[one for one in people if one.pk not in table.known] if table.bells else [],
        lost=[(one.user.short_name, past[one.pk]) for one in people if past.get(one.pk)],
        poll_url=_poll_url(user, school, team, people, minutes, rows),
        calendar_url=_address("teams:calendar-show") if can(user, "edit_calendar", school) else "",
    )


@dataclass(frozen=True, slots=True)
class _RowMaker:
    """Data shared by all rows."""

    user: User
    school: School
    team: Team | None
    people: list[Staff]
    table: Timetable
    clashes: dict[Slot, list[Clash]]
    days: dict[dt.date, int]
    frequency: MeetingFrequency
    minutes: int

    def row(self, choice: Choice) -> SlotRow:
        slot = choice.slot
        by_id = {one.pk: one for one in self.people}
        next_on = next_date(self.school, slot, self.days)
        at = clock_of(slot.starts)
        plans = self.team is not None and may_plan_for(self.user, self.team)
        clashes = self.clashes.get(slot, [])
        return SlotRow(
            choice=choice,
            day=self.frequency.names[slot.day],
            starts=at,
            ends=clock_of(slot.ends),
            periods=names_of_periods(self.table, slot),
            next_on=next_on,
            words=cost_words(choice.losses, by_id, self.table, slot),
            clash_words=[one.words for one in clashes if one.person],
            is_present=any(not one.person for one in clashes),
            series_url=self._series_url(slot) if plans else "",
            meeting_url=self._meeting_url(next_on, at) if plans and next_on else "",
        )

    def _series_url(self, slot: Slot) -> str:
        day = {"weekday": slot.day} if self.frequency.is_weekly else {"cycle_day": slot.day}
        parameters = {
            **self._of_team(),
            **day,
            "time": f"{clock_of(slot.starts):%H:%M}",
            "minutes": self.minutes,
        }
        return _address("collab:series-new", parameters)

    def _meeting_url(self, day: dt.date, at: dt.time) -> str:
        parameters = {
            **self._of_team(),
            "day": day.isoformat(),
            "time": f"{at:%H:%M}",
            "minutes": self.minutes,
        }
        return _address("collab:meeting-plan", parameters)

    def _of_team(self) -> dict[str, object]:
        return {"team": self.team.uuid} if self.team else {}


def next_date(school: School, slot: Slot, days: dict[dt.date, int]) -> dt.date | None:
    """The first future date in ``days`` with the slot's cycle day."""
    now = clock.now()
    at = clock_of(slot.starts)
    return next((day for day, place in days.items() if place == slot.day and school.at(day, at) > now), None)


def _lines(table: Timetable, people: list[Staff], day: int) -> list[PeriodLine]:
    lines = []
    for period in table.periods.values():
        if period.cycle_day == day:
            cells = [_cell(table, one, period) for one in people]
            lines.append(PeriodLine(period, cells, sum(cell.kind == FREE for cell in cells)))
    return lines


def _cell(table: Timetable, person: Staff, period: Period) -> Cell:
    if person.pk not in table.known:
        return Cell("", "")
    key = (person.pk, period.pk)
    return Cell(table.kinds.get(key, FREE), table.labels.get(key, ""))


def _poll_url(
    user: User, school: School, team: Team | None, people: list[Staff], minutes: int, rows: list[SlotRow]
) -> str:
    """Link to a new poll among ``people`` with the best dates; empty if the user may not create one."""
    if team is not None and not is_member(user, team):
        return ""
    if not people or not can(user, "join_teams", school):
        return ""
    dated = [(row.next_on, row.starts) for row in rows if row.next_on][:MOST_ASKED]
    pairs: list[tuple[str, object]] = [("team", team.uuid)] if team else []
    pairs += [("minutes", minutes), *(("people", one.uuid) for one in people)]
    pairs += [("at", f"{day.isoformat()}T{at:%H:%M}") for day, at in sorted(dated)]
    return _address("collab:poll-new", pairs)


def _address(name: str, parameters: object = ()) -> str:
    """The URL of view ``name`` with initial form data; empty if the view does not exist."""
    try:
        address = reverse(name)
    except NoReverseMatch:
        return ""
    return f"{address}?{urlencode(parameters)}" if parameters else address  # type: ignore[arg-type]
