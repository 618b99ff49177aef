"""Whole-school schedules: the search problem, its result, and a comparison with current meetings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from collab.availability.queries.frequency import CYCLE, frequency_of
from collab.availability.queries.timetable import (
    clock_of,
    cover_words,
    loss_words,
    minutes_after_midnight,
    past_words,
)
from collab.planning.queries.series import default_end
from collab.schedules.models import Schedule
from collab.schedules.queries.problems import schedule_teams
from collab.schedules.solver.search import is_available
from teams.access.permissions import can, plannable_teams, schools_where

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from django.db.models import QuerySet

    from collab.schedules.models import Placement
    from teams.directory.models import School, User


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


def schedule_list_of(user: User, school: School) -> ScheduleList:
    """The latest schedules of ``school``."""
    return ScheduleList(
        schedules=list(schedules_visible_to(user).filter(school=school)[:20]),
        has_periods=school.periods.exists(),
        has_solver=is_available(),
        has_teams=schedule_teams(school).exists(),
    )


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
