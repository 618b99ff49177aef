"""Create, move, cancel and extend series of meetings."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from collab.agendas.services.layout import create_with_protocol_items
from collab.meetings.models import Meeting, Series
from collab.meetings.permissions import may_plan_for
from collab.meetings.queries.meetings import clashes, next_meeting_of
from collab.meetings.queries.roles import Turns
from collab.meetings.services.locking import lock_team
from collab.planning.queries.series import days_of
from collab.planning.queries.series_moves import days_after_move, set_day
from collab.planning.services.meetings import cancel_meeting, move_meeting, require_unmoved
from collab.preparation.services.queue import fill_agenda_automatically
from teams.audit.services import record_event
from teams.directory.queries.days import closed_days, cycle_days
from teams.lib import clock, formats
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from collab.protocols.models import Protocol
    from teams.directory.models import Team, User

LONGEST = dt.timedelta(days=400)


@dataclass(frozen=True, slots=True)
class PlanResult:
    """A series with the number of meetings created, and dates where the team already meets."""

    series: Series
    made: int
    taken: list[dt.date]


@dataclass(frozen=True, slots=True)
class UnmovedMeeting:
    """A meeting that could not move with its series: its date, the target date, and the reason."""

    day: dt.date
    target: dt.date | None
    reason: str


@dataclass(frozen=True, slots=True)
class MoveResult:
    """The number of meetings moved, and those that could not move."""

    count: int
    unmoved: list[UnmovedMeeting]


def make_series(
    team: Team,
    *,
    actor: User,
    title: str,
    pattern: str,
    starts_at: dt.time,
    minutes: int,
    starts_on: dt.date,
    ends_on: dt.date,
    weekday: int | None = None,
    every: int = 1,
    nth: int | None = None,
    cycle_day: int | None = None,
    place: str = "",
    protocol: Protocol | None = None,
) -> Series:
    """Create a series with all its meetings; `plan_series` without the details."""
    return plan_series(
        Series(
            team=team,
            title=title,
            pattern=pattern,
            weekday=weekday,
            every=every,
            nth=nth,
            cycle_day=cycle_day,
            starts_at=starts_at,
            minutes=minutes,
            place=place,
            protocol=protocol,
            starts_on=starts_on,
            ends_on=ends_on,
        ),
        actor=actor,
    ).series


def check_dates(series: Series) -> None:
    """Raise DomainError if the series ends before it starts, or lasts too long."""
    if series.ends_on < series.starts_on:
        raise DomainError(_("The last day is before the first. Choose a later one."))
    if series.ends_on - series.starts_on > LONGEST:
        raise DomainError(_("A series can last up to a school year. Choose an earlier last day."))


@transaction.atomic
def plan_series(series: Series, *, actor: User) -> PlanResult:
    """Save a new series and plan its future meetings, at school time and without holidays."""
    if not may_plan_for(actor, series.team):
        raise PermissionDenied
    check_dates(series)
    days = days_of(series, max(series.starts_on, series.team.school.today()))
    if not days:
        raise DomainError(
            _(
                "No meeting day falls between the first and the last day. Change the dates or how often "
                "it meets."
            )
        )
    series.save()
    made, taken = _plan_days(series, days)
    if not made:
        raise DomainError(_("The team already meets at all of these times. Choose another time."))
    coming = next_meeting_of(series.team)
    if coming:
        fill_agenda_automatically(coming)
    record_event(actor, "planned-series", series, school=series.team.school, meetings=made)
    return PlanResult(series, made, taken)


def _plan_days(series: Series, days: list[dt.date]) -> tuple[int, list[dt.date]]:
    """Create a meeting on each free future date. Returns the number created and the dates already taken."""
    lock_team(series.team)
    made, taken = 0, []
    turns: Turns | None = None
    for day in days:
        starts_at = series.team.school.at(day, series.starts_at)
        ends_at = starts_at + dt.timedelta(minutes=series.minutes)
        if starts_at < clock.now():
            continue
        if clashes(series.team, starts_at, ends_at).exists():
            taken.append(day)
            continue
        turns = turns or Turns(series.team, before=starts_at)
        meeting = Meeting(
            team=series.team, series=series, protocol=series.protocol, title=series.title, place=series.place
        )
        meeting.starts_at, meeting.ends_at = starts_at, ends_at
        create_with_protocol_items(meeting, turns)
        made += 1
    return made, taken


@transaction.atomic
def change_following(
    meeting: Meeting,
    *,
    actor: User,
    day: dt.date,
    starts_at: dt.time,
    minutes: int,
    place: str,
    seen: str = "",
) -> MoveResult:
    """Move ``meeting`` to ``day`` and time, and all later planned meetings of its series with it.

    A new time keeps the dates. A new day changes the recurrence rule: the weekday, its place in the month or
    the cycle day. Meetings that would fall on a holiday or a taken slot stay where they are and are reported.
    ``seen`` as for `move_meeting`.
    """
    series = _series_of(meeting, actor)
    # it may have been moved before the lock
    meeting.refresh_from_db(fields=["state", "starts_at", "ends_at", "place"])
    if meeting.state != Meeting.State.PLANNED:
        raise DomainError(_("Only a meeting that hasn’t started can be moved."))
    require_unmoved(meeting, seen)
    school = meeting.team.school
    was = _day_of(meeting)
    rows = list(_following(meeting).order_by("starts_at" if day < was else "-starts_at"))
    targets: dict[dt.date, dt.date | None] = {_day_of(one): _day_of(one) for one in rows}
    if day != was:
        if day not in cycle_days(school, day, day):
            raise DomainError(
                _("There is no school on %(day)s. Choose a school day to move the following meetings too.")
                % {"day": formats.day(day)}
            )
        set_day(series, day)
        targets = days_after_move(series, was, day, targets) | {was: day}
    goals = [goal for goal in targets.values() if goal]
    closed = closed_days([school.pk], min(goals), max(goals)) if day != was else set()
    moved, unmoved, last = 0, list[UnmovedMeeting](), series.ends_on
    for one in rows:
        target = targets[_day_of(one)]
        if target is None or target in closed:
            unmoved.append(UnmovedMeeting(_day_of(one), target, _("no school")))
            continue
        try:
            at = school.at(target, starts_at)
            move_meeting(one, actor=actor, starts_at=at, minutes=minutes, place=place)
        except DomainError:
            if one.pk == meeting.pk:
                raise
            unmoved.append(UnmovedMeeting(_day_of(one), target, _("the team already meets")))
            continue
        moved, last = moved + 1, max(last, target)
    series.starts_at, series.minutes, series.place, series.ends_on = starts_at, minutes, place, last
    series.save()
    record_event(actor, "moved-series", series, school=school, meetings=moved)
    return MoveResult(moved, sorted(unmoved, key=lambda one: one.day))


@transaction.atomic
def cancel_following(meeting: Meeting, *, actor: User, reason: str = "") -> int:
    """Cancel ``meeting`` and all later planned ones of its series, and end the series before it. Returns the number."""
    series = _series_of(meeting, actor)
    rows = list(_following(meeting).order_by("starts_at"))
    for one in rows:
        cancel_meeting(one, actor=actor, reason=reason)
    day = _day_of(meeting)
    series.ends_on = max(series.starts_on, day - dt.timedelta(days=1))
    series.save(update_fields=["ends_on"])
    record_event(actor, "ended-series", series, school=meeting.team.school, on=day.isoformat())
    return len(rows)


@transaction.atomic
def extend_series(series: Series, *, actor: User, ends_on: dt.date) -> PlanResult:
    """Extend a series to ``ends_on`` with the same rule."""
    series = (
        Series.objects.select_for_update(of=("self",), no_key=True)
        .select_related("team__school", "protocol")
        .get(pk=series.pk)
    )
    if not may_plan_for(actor, series.team):
        raise PermissionDenied
    if ends_on <= series.ends_on:
        raise DomainError(_("The series already runs until that day."))
    if ends_on - series.starts_on > LONGEST:
        raise DomainError(_("A series can last up to a school year. Choose an earlier last day."))
    first, series.ends_on = series.ends_on + dt.timedelta(days=1), ends_on
    series.save(update_fields=["ends_on"])
    made, taken = _plan_days(series, days_of(series, max(first, series.team.school.today())))
    record_event(actor, "extended-series", series, school=series.team.school, meetings=made)
    return PlanResult(series, made, taken)


def _series_of(meeting: Meeting, actor: User) -> Series:
    if not may_plan_for(actor, meeting.team):
        raise PermissionDenied
    if meeting.series is None:
        raise DomainError(_("This meeting isn’t part of a series."))
    rows = Series.objects.select_for_update(of=("self",), no_key=True).select_related("team__school")
    return rows.get(pk=meeting.series.pk)


def _following(meeting: Meeting) -> QuerySet[Meeting]:
    rows = Meeting.objects.filter(series=meeting.series_id, starts_at__gte=meeting.starts_at)
    return rows.filter(state=Meeting.State.PLANNED).select_related("team__school")


def _day_of(meeting: Meeting) -> dt.date:
    return meeting.starts_at.astimezone(meeting.team.school.tz).date()
