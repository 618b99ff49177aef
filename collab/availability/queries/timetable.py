"""The bell schedule and duties as `collab.availability.slots` needs them, and its results in words."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from collab.availability.slots import TEACHING, Bell, Slot, lost_so_far
from collab.meetings.models import Attendance, Guest, Meeting
from teams.access.permissions import visible_teams
from teams.directory.models import Duty, TeamMember
from teams.directory.queries.days import cycle_day_names, cycle_days
from teams.lib import clock, formats

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from collab.availability.slots import Loss
    from teams.directory.models import Period, School, Staff, Team, User

LOOK_AHEAD = dt.timedelta(weeks=6)
LOOK_BACK = dt.timedelta(days=120)
CLASHES_FOR = dt.timedelta(weeks=4)
MOST_DATES = 3


@dataclass(frozen=True, slots=True)
class Timetable:
    """Periods in order, and people's duties in them. ``known`` are the people with any duty.

    ``days`` are the names of the cycle's days.
    """

    bells: list[Bell]
    periods: dict[int, Period]
    days: list[str]
    kinds: dict[tuple[int, int], str] = field(default_factory=dict)
    labels: dict[tuple[int, int], str] = field(default_factory=dict)
    known: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Clash:
    """A conflict with another meeting at a slot, in words. Person 0 is the team itself.

    It is hard if it occurs on the next date or repeatedly. One later meeting does not rule out a slot.
    """

    person: int
    words: str
    is_hard: bool


def timetable_of(school: School, staff: Iterable[int]) -> Timetable:
    """The bell schedule of ``school`` and the duties of ``staff`` (ids)."""
    periods = {one.pk: one for one in school.periods.order_by("cycle_day", "starts_at", "ends_at", "pk")}
    bells = [
        Bell(
            one.pk,
            one.cycle_day,
            minutes_after_midnight(one.starts_at),
            minutes_after_midnight(one.ends_at),
            one.name,
            one.is_protected,
        )
        for one in periods.values()
        if one.cycle_day < school.cycle_days
    ]
    rows = Duty.objects.filter(staff_id__in=list(staff), period__school=school)
    kinds, labels = {}, {}
    for person, period, kind, label in rows.values_list("staff_id", "period_id", "kind", "label"):
        kinds[person, period], labels[person, period] = kind, label
    known = frozenset(person for person, _period in kinds)
    return Timetable(bells, periods, cycle_day_names(school), kinds, labels, known)


def minutes_after_midnight(time: dt.time) -> int:
    """``time`` in minutes after midnight."""
    return time.hour * 60 + time.minute


def clock_of(minutes: int) -> dt.time:
    """The time at ``minutes`` after midnight, at most 23:59."""
    return dt.time(*divmod(min(minutes, 24 * 60 - 1), 60))


def names_of_periods(table: Timetable, slot: Slot) -> str:
    """The periods of ``slot`` in words: "Period 3", "Period 3 + 4", "Lunch"."""
    names = list(dict.fromkeys(table.periods[one].name for one in slot.periods if one in table.periods))
    if names and all(name.isdigit() for name in names):
        return _("Period %(names)s") % {"names": " + ".join(names)}
    return " + ".join(names)


def day_of_loss(table: Timetable, slot: Slot, period: int) -> str:
    """The cycle day of ``period`` if the slot combines several cycle days; else empty."""
    days = {table.periods[one].cycle_day for one in slot.periods if one in table.periods}
    place = table.periods[period].cycle_day
    return table.days[place] if len(days) > 1 and place < len(table.days) else ""


def cost_words(
    losses: Sequence[Loss], people: Mapping[int, Staff], table: Timetable, slot: Slot
) -> list[str]:
    """The cost of a slot: who misses what, and how many covers are needed."""
    words = [
        loss_words(
            people[loss.person].user.short_name,
            loss.kind,
            table.labels.get((loss.person, loss.period)),
            day_of_loss(table, slot, loss.period),
        )
        for loss in losses
    ]
    if losses:
        words.append(cover_words(len(losses)))
    return words


def loss_words(who: str, kind: str, label: str | None, day: str = "") -> str:
    """What a person misses, with the cycle ``day`` if given."""
    values = {"who": who, "what": label}
    if kind == TEACHING:
        words = _("%(who)s misses %(what)s") % values if label else _("%(who)s misses a lesson") % values
    else:
        words = _("%(who)s has a duty (%(what)s)") % values if label else _("%(who)s has a duty") % values
    return f"{words} ({day})" if day else words


def past_words(who: str, lessons: int) -> str:
    """The number of lessons a person has lost to meetings."""
    return ngettext(
        "%(who)s has lost %(n)s lesson to meetings in the last four months",
        "%(who)s has lost %(n)s lessons to meetings in the last four months",
        lessons,
    ) % {"who": who, "n": lessons}


def cover_words(covers: int) -> str:
    """The number of covers needed."""
    return ngettext("%(n)s period to cover", "%(n)s periods to cover", covers) % {"n": covers}


def lost_lessons(school: School, staff: Iterable[int], table: Timetable) -> dict[int, int]:
    """Staff id → lessons lost to team meetings in the last four months, by the current timetable.

    People marked absent lost none. Without any marks, the whole team counts as present.
    """
    ids, today = set(staff), school.today()
    held = Meeting.objects.filter(
        _of_people(ids), team__school=school, state=Meeting.State.CLOSED, starts_at__gte=_at(school, today)
    )
    rows = list(held.distinct().values_list("pk", "team_id", "starts_at", "ends_at"))
    if not rows or not any(kind == TEACHING for kind in table.kinds.values()):
        return {}
    there = _attendance([row[0] for row in rows])
    members = _members(ids)
    days = cycle_days(school, today - LOOK_BACK, today)
    meetings = []
    for pk, team, starts_at, ends_at in rows:
        day, starts, ends = _local(school, starts_at, ends_at)
        if day in days:
            who = there.get(pk) or members.get(team, set())
            meetings.append((days[day], starts, ends, ids & who))
    return lost_so_far(meetings, table.bells, table.kinds)


def clashes_of(
    user: User,
    school: School,
    people: Sequence[Staff],
    slots: Iterable[Slot],
    days: Mapping[dt.date, int],
    *,
    without: Team | None,
) -> dict[Slot, list[Clash]]:
    """Slot → existing meetings of ``people`` in the four weeks from the first of ``days``.

    Teams the user may not see are not named. Meetings of ``without`` are reported as the team's own.
    """
    if not days:
        return {}
    by_day: dict[int, list[Slot]] = defaultdict(list)
    for slot in slots:
        by_day[slot.day].append(slot)
    seen = {team.pk for team in visible_teams(user, school)}
    found: dict[Slot, dict[tuple[int, str], list[dt.date]]] = defaultdict(lambda: defaultdict(list))
    for meeting, who in _meetings_ahead(school, people, min(days)):
        day, starts, ends = _local(school, meeting.starts_at, meeting.ends_at)
        own = without is not None and meeting.team_id == without.pk
        name = meeting.team.name if meeting.team_id in seen else ""
        for slot in by_day.get(days.get(day, -1), ()):
            if slot.starts < ends and starts < slot.ends:
                for person in [0] if own else sorted(who):
                    found[slot][person, name].append(day)
    names = {one.pk: one.user.short_name for one in people}
    today = school.today()
    return {
        slot: [
            _clash(person, name, sorted(set(on)), names, slot, days, today)
            for (person, name), on in rows.items()
        ]
        for slot, rows in found.items()
    }


def _clash(
    person: int,
    team: str,
    on: list[dt.date],
    names: Mapping[int, str],
    slot: Slot,
    days: Mapping[dt.date, int],
    today: dt.date,
) -> Clash:
    values = {
        "who": names.get(person, ""),
        "team": team,
        "days": ", ".join(formats.short_day(day) for day in on[:MOST_DATES]),
    }
    words = (
        _("%(who)s meets with %(team)s then (%(days)s)")
        if team
        else _("%(who)s meets with others then (%(days)s)")
    )
    first = next((day for day, place in days.items() if place == slot.day and day >= today), None)
    return Clash(person, words % values, len(on) > 1 or first in on)


def _meetings_ahead(
    school: School, people: Sequence[Staff], first: dt.date
) -> list[tuple[Meeting, set[int]]]:
    """Planned meetings in the four weeks from ``first``, with the participants among ``people``."""
    ids = {one.pk for one in people}
    begin = max(school.at(first, dt.time()), clock.now())
    rows = Meeting.objects.filter(
        _of_people(ids),
        team__school=school,
        state__in=[Meeting.State.PLANNED, Meeting.State.LIVE],
        ends_at__gt=begin,
        starts_at__lt=school.at(first + CLASHES_FOR, dt.time()),
    )
    members, guests = _members(ids), defaultdict(set)
    for meeting, person in Guest.objects.filter(staff_id__in=ids, meeting__in=rows).values_list(
        "meeting_id", "staff_id"
    ):
        guests[meeting].add(person)
    return [
        (one, (members.get(one.team_id, set()) | guests[one.pk]) & ids)
        for one in rows.select_related("team").distinct()
    ]


def _of_people(ids: set[int]) -> Q:
    teams = TeamMember.objects.active().filter(staff_id__in=ids).values("team_id")
    visits = Guest.objects.filter(staff_id__in=ids).values("meeting_id")
    return Q(team__in=teams) | Q(pk__in=visits)


def _members(ids: set[int]) -> dict[int, set[int]]:
    """Team id → members among ``ids``."""
    found: dict[int, set[int]] = defaultdict(set)
    for team, person in (
        TeamMember.objects.active().filter(staff_id__in=ids).values_list("team_id", "staff_id")
    ):
        found[team].add(person)
    return found


def _attendance(meetings: list[int]) -> dict[int, set[int]]:
    """Meeting id → people who attended. Meetings without marks are left out."""
    found: dict[int, set[int]] = {}
    marks = Attendance.objects.filter(meeting_id__in=meetings)
    for meeting, person, mark in marks.values_list("meeting_id", "staff_id", "mark"):
        there = found.setdefault(meeting, set())
        if mark != Attendance.Mark.ABSENT:
            there.add(person)
    return found


def _local(school: School, starts_at: dt.datetime, ends_at: dt.datetime) -> tuple[dt.date, int, int]:
    """The date at the school, and start and end in minutes after its midnight."""
    starts = starts_at.astimezone(school.tz)
    minutes = minutes_after_midnight(starts.time())
    return starts.date(), minutes, minutes + round((ends_at - starts_at).total_seconds() / 60)


def _at(school: School, today: dt.date) -> dt.datetime:
    return school.at(today - LOOK_BACK, dt.time())
