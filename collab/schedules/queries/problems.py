"""The search problem of a schedule: teams, people, timetable, lost lessons, and meetings of other teams."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from collab.availability.queries.frequency import CYCLE, MeetingFrequency, frequency_of
from collab.availability.queries.timetable import (
    clock_of,
    lost_lessons,
    minutes_after_midnight,
    timetable_of,
)
from collab.availability.slots import TEACHING, Slot
from collab.meetings.models import Series
from collab.planning.queries.series import words_of
from collab.schedules.solver.problem import Need, Problem
from teams.directory.models import Staff, Team, TeamMember
from teams.lib import formats

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.db.models import QuerySet

    from collab.availability.queries.timetable import Timetable
    from collab.schedules.models import Schedule
    from teams.directory.models import School


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


def schedule_teams(school: School) -> QuerySet[Team]:
    """Teams that can be scheduled."""
    return Team.objects.filter(school=school, is_active=True)


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
