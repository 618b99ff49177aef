"""Whole-school schedules: the search problem, its result, and a comparison with current meetings."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from collab.availability.queries.frequency import CYCLE, MeetingFrequency, frequency_of
from collab.availability.queries.timetable import (
    clock_of,
    cover_words,
    loss_words,
    lost_lessons,
    minutes_after_midnight,
    past_words,
    timetable_of,
)
from collab.availability.slots import TEACHING, Slot
from collab.meetings.models import Series
from collab.planning.queries.series import default_end, words_of
from collab.schedules.models import Schedule
from collab.schedules.solver import Need, Problem, is_available
from teams.access.permissions import can, plannable_teams, schools_where
from teams.directory.models import Staff, Team, TeamMember
from teams.lib import formats

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from django.db.models import QuerySet

    from collab.availability.queries.timetable import Timetable
    from collab.schedules.models import Placement
    from teams.directory.models import School, User


@dataclass(frozen=True, slots=True)
class Other:
    """A team outside the search: its members and meeting times."""

    team: Team
    people: frozenset[int]
    times: list[Slot]


@dataclass(frozen=True, slots=True)
class ScheduleProblem:
    """A problem for the solver with the objects behind its numbers. ``empty`` are teams without members."""

    frequency: MeetingFrequency
    problem: Problem
    teams: dict[int, Team]
    empty: list[Team]
    people: dict[int, Staff]
    table: Timetable
    present: dict[int, list[Series]]
    others: list[Other]


@dataclass(frozen=True, slots=True)
class Placed:
    """A team's row in the result: slot, cost in words, and its current time."""

    placement: Placement
    day: str
    starts: dt.time | None
    ends: dt.time | None
    periods: str
    is_protected: bool
    words: list[str]
    present: str
    present_words: str
    objection: str
    may_accept: bool


@dataclass(frozen=True, slots=True)
class WeekRow:
    """A time of day, with the teams meeting then on each day."""

    starts: dt.time
    cells: list[list[str]]


@dataclass(frozen=True, slots=True)
class SchedulePage:
    """The page of a schedule."""

    schedule: Schedule
    placed: list[Placed]
    unplaced: list[Placed]
    days: list[str]
    week: list[WeekRow]
    totals: dict[str, Any]
    may_watch: bool
    may_accept: bool
    starts_on: dt.date
    ends_on: dt.date | None


@dataclass(frozen=True, slots=True)
class ScheduleList:
    """Schedules of a school, and requirements for starting another."""

    schedules: list[Schedule]
    has_periods: bool
    has_solver: bool
    has_teams: bool


def schedules_visible_to(user: User) -> QuerySet[Schedule]:
    """Schedules of schools where the user schedules teams."""
    return Schedule.objects.filter(school__in=schools_where(user, "schedule_teams")).select_related(
        "school", "job"
    )


def schedule_teams(school: School) -> QuerySet[Team]:
    """Teams that can be scheduled."""
    return Team.objects.filter(school=school, is_active=True)


def schedule_list_of(user: User, school: School) -> ScheduleList:
    """The latest schedules of ``school``."""
    return ScheduleList(
        schedules=list(schedules_visible_to(user).filter(school=school)[:20]),
        has_periods=school.periods.exists(),
        has_solver=is_available(),
        has_teams=schedule_teams(school).exists(),
    )


def search_of(schedule: Schedule) -> ScheduleProblem:
    """Load the problem of ``schedule``: teams, people, timetable, lost lessons, and meetings of other teams."""
    school, wanted = schedule.school, schedule.settings
    frequency = frequency_of(school, wanted.get("every", CYCLE))
    teams = {one.pk: one for one in schedule_teams(school).filter(uuid__in=wanted["teams"])}
    members = members_by_team(teams)
    people = {person for ids in members.values() for person in ids}
    table = timetable_of(school, people)
    found = frequency.slots(table.bells, minutes=wanted["minutes"], periods=wanted.get("periods"))
    slots = [slot for slot in found if slot.day in wanted["days"]]
    present = _series_now(school)
    others = _others(set(teams), present, frequency)
    problem = Problem(
        needs=tuple(Need(team, frozenset(members[team])) for team in sorted(teams) if members.get(team)),
        slots=tuple(_one_a_time(slots)),
        kinds=table.kinds,
        past=lost_lessons(school, people, table),
        taken=_taken(people, others),
        most_at_once=wanted.get("most_at_once") or 0,
        most_covers=wanted.get("most_covers"),
    )
    return ScheduleProblem(
        frequency=frequency,
        problem=problem,
        teams=teams,
        empty=[team for pk, team in sorted(teams.items()) if not members.get(pk)],
        people={one.pk: one for one in Staff.objects.filter(pk__in=people).select_related("user")},
        table=table,
        present=present,
        others=others,
    )


def _one_a_time(slots: Iterable[Slot]) -> list[Slot]:
    """Keep one slot per start time where several periods start together; it covers their lessons anyway."""
    return list({(slot.day, slot.starts, slot.ends): slot for slot in reversed(list(slots))}.values())[::-1]


def members_by_team(teams: Iterable[int]) -> dict[int, set[int]]:
    """Team id → current members."""
    found: dict[int, set[int]] = defaultdict(set)
    rows = TeamMember.objects.active().filter(team_id__in=list(teams))
    for team, person in rows.values_list("team_id", "staff_id"):
        found[team].add(person)
    return found


def _series_now(school: School) -> dict[int, list[Series]]:
    """Team id → its current series."""
    found: dict[int, list[Series]] = defaultdict(list)
    rows = Series.objects.filter(team__school=school, team__is_active=True, ends_on__gte=school.today())
    for one in rows.select_related("team__school", "protocol").order_by("starts_on", "pk"):
        found[one.team_id].append(one)
    return found


def _others(
    searched: set[int], present: Mapping[int, list[Series]], frequency: MeetingFrequency
) -> list[Other]:
    """Teams outside the search that have current series."""
    rows = {team: series for team, series in present.items() if team not in searched}
    members = members_by_team(rows)
    return [
        Other(
            series[0].team,
            frozenset(members.get(team, ())),
            [slot for one in series for slot in times_of(one, frequency)],
        )
        for team, series in rows.items()
    ]


def _taken(people: set[int], others: Iterable[Other]) -> dict[int, list[Slot]]:
    """Person → meeting times of teams outside the search."""
    taken: dict[int, list[Slot]] = defaultdict(list)
    for other in others:
        for person in other.people & people:
            taken[person] += other.times
    return taken


def times_of(series: Series, frequency: MeetingFrequency) -> list[Slot]:
    """Days and times at which ``series`` meets, as slots without periods."""
    starts = minutes_after_midnight(series.starts_at)
    return [Slot(day, starts, starts + series.minutes, ()) for day in frequency.days_of(series)]


def losses_now(search: ScheduleProblem, team: int) -> tuple[int, int] | None:
    """Lessons and duties that one round of the team's current series costs; None without a series."""
    rows, need = search.present.get(team), next((n for n in search.problem.needs if n.team == team), None)
    if not rows or need is None:
        return None
    time = next(iter(times_of(rows[-1], search.frequency)), None)
    if time is None:
        return None
    meant = search.frequency.meant[time.day]
    bells = [bell for bell in search.table.bells if bell.day in meant]
    taken = tuple(bell.period for bell in bells if bell.starts < time.ends and time.starts < bell.ends)
    losses = search.problem.losses(need, Slot(time.day, time.starts, time.ends, taken))
    lessons = sum(kind == TEACHING for _person, kind in losses)
    return lessons, len(losses) - lessons


def present_words(search: ScheduleProblem, team: int) -> str:
    """The team's current series in words: "Every week on Tuesday at 10:10"."""
    rows = search.present.get(team)
    return words_of(rows[-1]) if rows else ""


def slot_name(slot: Slot, search: ScheduleProblem) -> str:
    """A slot in words: "Tue, 10:05 AM"."""
    return f"{search.frequency.names[slot.day]}, {formats.time(clock_of(slot.starts))}"


def schedule_page(
    user: User, schedule: Schedule, objections: Mapping[int, str] | None = None
) -> SchedulePage:
    """The page of ``schedule``; ``objections`` are slots that are no longer valid."""
    days = frequency_of(schedule.school, schedule.settings.get("every", CYCLE)).names
    placements = schedule.placements.select_related("team__school", "period", "series")
    plannable = set(plannable_teams(user, schedule.school).values_list("pk", flat=True))
    objections = objections or {}
    rows = [_placed(one, days, plannable, objections.get(one.pk, "")) for one in placements]
    placed = [row for row in rows if row.starts is not None]
    today, job = schedule.school.today(), schedule.job
    return SchedulePage(
        schedule=schedule,
        placed=placed,
        unplaced=[row for row in rows if row.starts is None],
        days=days,
        week=_week(placed, len(days)),
        totals=schedule.result,
        may_watch=job is not None
        and (job.requested_by_id == user.pk or can(user, "see_jobs", schedule.school)),
        may_accept=any(row.may_accept for row in placed),
        starts_on=today,
        ends_on=default_end(schedule.school, today),
    )


def _placed(placement: Placement, days: list[str], plannable: set[int], objection: str) -> Placed:
    starts, losses = placement.starts_at, placement.losses
    words = [loss_words(one["who"], one["kind"], one["label"], one.get("day", "")) for one in losses]
    if losses:
        words.append(cover_words(len(losses)))
    words += [past_words(who, lessons) for who, lessons in placement.past]
    return Placed(
        placement=placement,
        day=_day_name(placement.day, days),
        starts=starts,
        ends=clock_of(minutes_after_midnight(starts) + placement.minutes) if starts is not None else None,
        periods=placement.periods,
        is_protected=placement.is_protected,
        words=words or ([_("Everyone is free.")] if starts is not None else []),
        present=placement.present,
        present_words=_now_words(placement),
        objection=objection,
        may_accept=starts is not None
        and placement.series is None
        and not objection
        and placement.team_id in plannable,
    )


def _day_name(day: int | None, days: list[str]) -> str:
    return days[day] if day is not None and day < len(days) else ""


def _now_words(placement: Placement) -> str:
    """The cost of the current series in words."""
    if placement.present_lessons is None or placement.present_duties is None:
        return ""
    covers = placement.present_lessons + placement.present_duties
    return cover_words(covers) if covers else _("no one needs to be covered")


def _week(placed: list[Placed], days: int) -> list[WeekRow]:
    found: dict[dt.time, list[list[str]]] = {}
    for row in placed:
        day = row.placement.day
        if row.starts is not None and day is not None and day < days:
            cells = found.setdefault(row.starts, [[] for _day in range(days)])
            cells[day].append(str(row.placement.team))
    return [WeekRow(starts, found[starts]) for starts in sorted(found)]
