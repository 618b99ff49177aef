"""The page of seats: providers by periods, who waits for a seat, and the staffing case."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from datareview.delivery.permissions import groups_visible_to
from datareview.delivery.queries.groups import free_seats
from datareview.flags.models import Candidate
from datareview.flags.permissions import candidates_visible_to
from datareview.outcomes.queries.answers import Asked
from datareview.outcomes.queries.seats import cases_of, seats_answer
from datareview.records.permissions import students_visible_to
from datareview.seats.queries.week import WEEK, Busy, Lessons, Slot, sessions_of, slots_of
from teams.access.permissions import staff_where
from teams.lib import formats
from teams.lib.parameters import uuid_or_none
from teams.names.columns import people_order

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from teams.directory.models import School, Staff, User

USUAL_MINUTES = 30
MOST_NAMED = 4  # clashes that are spelled out in a cell


@dataclass(frozen=True, slots=True)
class SeatedGroup:
    """A group in a cell: its seats, and what its members miss, in words."""

    busy: Busy
    free: int | None
    missed: str
    may_move: bool
    is_moving: bool

    @property
    def move_url(self) -> str:
        """The page on which each cell says what a move of this group there would cost."""
        group = self.busy.group
        return f"{reverse('datareview:seat-grid')}?move={group.uuid if group else ''}"


@dataclass(frozen=True, slots=True)
class SeatCell:
    """A provider in a slot. ``clashes`` say what a group that is moved would meet here; ``move_url`` moves it."""

    key: str
    sittings: list[SeatedGroup]
    alone: int
    busy: str
    free_days: str
    start_url: str
    clashes: list[str]
    more_clashes: int
    missed: str
    move_url: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class WaitingStudent:
    """A student who waits for a seat, for how many days, and why."""

    candidate: Candidate
    days: int


@dataclass(frozen=True, slots=True)
class SeatGrid:
    """The page: a row of cells for each slot in the order of ``providers``."""

    providers: list[Staff]
    rows: list[tuple[Slot, list[SeatCell]]]
    moving: Busy | None
    waiting: list[WaitingStudent]
    staffing: str
    free: int


def seat_grid(user: User, school: School, wanted: Mapping[str, str]) -> SeatGrid:
    """The seats of ``school``; ``wanted`` may name a group to "move". A constant number of queries."""
    sessions = sessions_of(school)
    providers = _providers(school, sessions)
    slots = slots_of(school)
    students = {plan.student_id for one in sessions if one.group for plan in one.plans}
    week = _Week(
        sessions,
        slots,
        Lessons(school, students, providers),
        set(students_visible_to(user).filter(pk__in=students).values_list("pk", flat=True)),
        set(groups_visible_to(user).filter(school=school).values_list("pk", flat=True)),
    )
    moving = _moving(sessions, uuid_or_none(wanted.get("move")))
    rows = [(slot, [week.cell(provider, slot, moving) for provider in providers]) for slot in slots]
    rows = [(slot, cells) for slot, cells in rows if slot.starts_at or any(one.sittings for one in cells)]
    groups = [one for one in sessions if one.group]
    return SeatGrid(
        providers=providers,
        rows=rows,
        moving=moving,
        waiting=waiting_list(user, school),
        staffing=_staffing(user, school),
        free=sum(free_seats(one.group.seats, len(one.plans)) or 0 for one in groups if one.group),
    )


def waiting_list(user: User, school: School) -> list[WaitingStudent]:
    """Students who wait for a seat, the longest first; one query."""
    today = school.today()
    rows = candidates_visible_to(user).filter(student__school=school, state=Candidate.State.SEAT)
    found = []
    for one in rows.select_related("student__school").order_by("pk"):
        since = one.decided_at.astimezone(school.tz).date() if one.decided_at else one.raised_on
        found.append(WaitingStudent(one, (today - since).days))
    return sorted(found, key=lambda one: -one.days)


def _providers(school: School, sessions: Iterable[Busy]) -> list[Staff]:
    """Who delivers something or may start plans, of those who may deliver: who leads a group first, then by name."""
    able = list(staff_where(school, "deliver_plan").order_by(*people_order("user__"), "pk"))
    at_work = {one.provider_id for one in sessions}
    arrange = set(staff_where(school, "start_plan").values_list("pk", flat=True))
    leads = {one.provider_id for one in sessions if one.group}
    some = [one for one in able if one.pk in at_work or one.pk in arrange]
    return sorted(some, key=lambda one: one.pk not in leads)


def _moving(sessions: Iterable[Busy], uuid: object) -> Busy | None:
    return next((one for one in sessions if one.group and one.group.uuid == uuid), None)


def _staffing(user: User, school: School) -> str:
    """What it takes to serve those who wait: groups, hours a week, and how many people that is."""
    today = school.today()
    asked = Asked(user, school, today, today)
    cases, _grades, _load = cases_of(asked)
    minutes = sum(one.minutes for one in cases.values())
    words = seats_answer(asked).finding
    if not minutes:
        return words
    return _("%(words)s In hours: %(n)s a week.") % {"words": words, "n": formats.number(minutes / 60, 1)}


class _Week:
    """The cells of one week."""

    def __init__(
        self,
        sessions: list[Busy],
        slots: list[Slot],
        lessons: Lessons,
        students: Collection[int],
        groups: Collection[int],
    ) -> None:
        self._lessons, self._students, self._groups = lessons, students, groups
        self._sessions = sessions
        self._at: dict[tuple[int, str], list[Busy]] = {}
        for one in sessions:
            slot = next((slot for slot in slots if slot.has(one.time)), slots[-1])
            self._at.setdefault((one.provider_id, slot.key), []).append(one)

    def cell(self, provider: Staff, slot: Slot, moving: Busy | None) -> SeatCell:
        """What ``provider`` has in ``slot``, and what ``moving`` would meet there."""
        here = self._at.get((provider.pk, slot.key), [])
        duties = {day: self._lessons.duty_of(provider.pk, day, slot) for day in sorted(slot.weekdays)}
        held = {day for day, label in duties.items() if label}
        taken = {day for one in self._sessions if one.provider_id == provider.pk for day in _days(one, slot)}
        free = [day for day in sorted(slot.weekdays) if day not in held | taken] if slot.starts_at else []
        is_here = moving is not None and moving in here
        clashes = self._clashes(moving, provider, slot, duties) if moving and not is_here else []
        return SeatCell(
            key=f"{provider.uuid}-{slot.key}",
            sittings=[self._sitting(one, slot, moving) for one in here if one.group],
            alone=sum(one.group is None for one in here),
            busy="" if moving else _duties_in_words(duties),
            free_days=_in_words(free),
            start_url=_start_url(provider, slot, free),
            clashes=clashes[:MOST_NAMED],
            more_clashes=max(len(clashes) - MOST_NAMED, 0),
            missed=self._missed(moving, slot) if moving and not is_here else "",
            move_url=_move_url(moving, provider, slot) if moving and not is_here else "",
            is_here=is_here,
        )

    def _sitting(self, one: Busy, slot: Slot, moving: Busy | None) -> SeatedGroup:
        seats = one.group.seats if one.group else None
        may = one.group is not None and one.group.pk in self._groups
        return SeatedGroup(
            one, free_seats(seats, len(one.plans)), self._missed(one, slot), may, one is moving
        )

    def _missed(self, one: Busy, slot: Slot) -> str:
        """The lessons that members of a group miss in ``slot``, each with the number of students and days."""
        counts = Counter(
            lesson
            for plan in one.plans
            for day in one.weekdays
            if (lesson := self._lessons.missed_by(plan.student_id, day, slot))
        )
        return ", ".join(f"{name} {formats.number(n)}" for name, n in counts.most_common())

    def _clashes(self, moving: Busy, provider: Staff, slot: Slot, duties: Mapping[int, str]) -> list[str]:
        """Why ``moving`` does not fit: days without the period, the provider's other work, the students' other plans."""
        found = [
            f"{_in_words(days)}: {label}"
            for label in dict.fromkeys(duties.values())
            if label and (days := [day for day in sorted(moving.weekdays) if duties.get(day) == label])
        ]
        if missing := sorted(moving.weekdays - slot.weekdays):
            found.append(_("not on %(days)s") % {"days": _in_words(missing)})
        members = {plan.student_id for plan in moving.plans}
        for other in self._sessions:
            if other is moving:
                continue
            days = other.days_with(moving.weekdays, slot.starts_at, moving.minutes)
            if days and other.provider_id == provider.pk:
                what = str(other.group) if other.group else _("a plan alone")
                found.append(f"{_in_words(days)}: {what}")
            elif days:
                found += [
                    f"{_in_words(days)}: {self._name(plan)}, {plan.strategy}"
                    for plan in other.plans
                    if plan.student_id in members
                ]
        return found

    def _name(self, plan: object) -> str:
        student = plan.student  # type: ignore[attr-defined]
        return str(student) if student.pk in self._students else _("a student")


def _days(one: Busy, slot: Slot) -> list[int]:
    """Weekdays on which a session takes some of the slot."""
    if slot.starts_at is None or slot.ends_at is None:
        return []
    begin = dt.datetime.combine(dt.date.min, slot.starts_at)
    length = int((dt.datetime.combine(dt.date.min, slot.ends_at) - begin).total_seconds() // 60)
    return one.days_with(slot.weekdays, slot.starts_at, length)


def _in_words(days: Iterable[int]) -> str:
    """Write days, as in "Mon, Wed", or "Mon–Fri" for all of them."""
    days = list(days)
    if len(days) == len(WEEK):
        return f"{WEEKDAYS_ABBR[WEEK[0]]}–{WEEKDAYS_ABBR[WEEK[-1]]}"
    return ", ".join(str(WEEKDAYS_ABBR[day]) for day in days)


def _duties_in_words(duties: Mapping[int, str]) -> str:
    """Say what keeps someone, as in "Teaching: Mon, Tue; Lunch: Fri"."""
    labels = list(dict.fromkeys(label for label in duties.values() if label))
    return "; ".join(
        f"{label}: {_in_words(day for day, theirs in duties.items() if theirs == label)}" for label in labels
    )


def _start_url(provider: Staff, slot: Slot, days: list[int]) -> str:
    """The form of a new group with this provider and time; "" without either."""
    if slot.starts_at is None or not days:
        return ""
    named = {
        "fresh": "yes",
        "provider": provider.uuid,
        "time": slot.starts_at.isoformat("minutes"),
        "weekdays": days,
        "minutes": USUAL_MINUTES,
    }
    return f"{reverse('datareview:plan-group-start')}?{urlencode(named, doseq=True)}"


def _move_url(moving: Busy, provider: Staff, slot: Slot) -> str:
    """The form that changes the group, with this provider and time."""
    if moving.group is None or slot.starts_at is None:
        return ""
    named = {"provider": provider.uuid, "time": slot.starts_at.isoformat("minutes")}
    return f"{reverse('datareview:plan-group-change', args=[moving.group.uuid])}?{urlencode(named)}"
