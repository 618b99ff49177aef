"""A week by slot: when people who deliver plans are busy, and what students would miss."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from datareview.plans.models import GroupMember, Plan, PlanGroup
from datareview.records.models import Enrollment
from teams.directory.models import Duty, Period, School

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable

    from teams.directory.models import Staff

WEEK = range(5)  # weekdays


@dataclass(frozen=True, slots=True)
class Slot:
    """A period of the bells, with the weekdays on which it exists; without times for sessions outside all periods."""

    name: str
    starts_at: dt.time | None
    ends_at: dt.time | None
    weekdays: frozenset[int]

    @property
    def key(self) -> str:
        """It names the slot in addresses and cells."""
        return f"{self.starts_at}-{self.ends_at}" if self.starts_at else "other"

    def has(self, time: dt.time | None) -> bool:
        """Whether a session that begins at ``time`` belongs here."""
        if self.starts_at is None or self.ends_at is None or time is None:
            return False
        return self.starts_at <= time < self.ends_at


@dataclass(frozen=True, slots=True)
class Busy:
    """A session on some weekdays from ``time`` on: of a group, or of a plan alone."""

    plans: tuple[Plan, ...]
    provider_id: int
    weekdays: frozenset[int]
    time: dt.time | None
    minutes: int
    group: PlanGroup | None = None

    def days_with(self, weekdays: Collection[int], time: dt.time | None, minutes: int) -> list[int]:
        """Of ``weekdays``, those on which a session of ``minutes`` from ``time`` on overlaps with this one."""
        if self.time is None or time is None:
            return []
        first, second = _minute(self.time), _minute(time)
        if first + self.minutes <= second or second + minutes <= first:
            return []
        return sorted(self.weekdays & set(weekdays))


def slots_of(school: School) -> list[Slot]:
    """The periods of the bells by time, and one for sessions outside of them. In a cycle that is no week, all weekdays."""
    days: dict[tuple[dt.time, dt.time], set[int]] = defaultdict(set)
    names: dict[tuple[dt.time, dt.time], str] = {}
    for period in Period.objects.filter(school=school):
        times = (period.starts_at, period.ends_at)
        days[times] |= {period.cycle_day % 5} if _is_week(school) else set(WEEK)
        names.setdefault(times, period.name)
    slots = [Slot(names[times], *times, frozenset(days[times])) for times in sorted(days)]
    return [*slots, Slot("", None, None, frozenset(WEEK))]


def sessions_of(school: School) -> list[Busy]:
    """All running groups with their members' plans, and all running plans alone; two queries."""
    members: dict[int, list[Plan]] = defaultdict(list)
    rows = GroupMember.objects.filter(group__school=school, group__ended_on=None, left_on=None)
    for member in rows.select_related("plan__student", "plan__strategy"):
        members[member.group_id].append(member.plan)
    groups = PlanGroup.objects.filter(school=school, ended_on=None).select_related(
        "provider__user", "measure"
    )
    found = [
        Busy(
            tuple(members[one.pk]), one.provider_id, frozenset(one.weekdays), one.time, one.minutes, group=one
        )
        for one in groups.order_by("time", "name", "pk")
    ]
    grouped = [plan.pk for plans in members.values() for plan in plans]
    alone = Plan.objects.running().filter(student__school=school).exclude(pk__in=grouped)
    return found + [
        Busy((one,), one.provider_id, frozenset(one.weekdays), one.time, one.minutes)
        for one in alone.select_related("student", "strategy").order_by("pk")
    ]


class Lessons:
    """What students have in a slot, by their classes: a class of that period, else what its teacher teaches then."""

    def __init__(self, school: School, students: Iterable[int], providers: Iterable[Staff]) -> None:
        self._of_student: dict[int, list[tuple[str, str, list[int]]]] = defaultdict(list)
        self._duties: dict[int, dict[tuple[int, dt.time], tuple[str, str]]] = defaultdict(dict)
        if not _is_week(school):  # which lesson is on a weekday is not the same every week
            return
        rows = Enrollment.objects.on(school.today()).filter(student__in=list(students))
        teachers = set()
        for one in rows.select_related("section").prefetch_related("section__teacher_links"):
            section = one.section
            theirs = [link.staff_id for link in section.teacher_links.all() if link.is_lead]
            teachers |= set(theirs)
            name = section.course or section.subject or section.name
            self._of_student[one.student_id].append((section.period, name, theirs))
        staff = teachers | {provider.pk for provider in providers}
        for duty in Duty.objects.filter(staff__in=staff, period__school=school).select_related("period"):
            at = (duty.period.cycle_day % 5, duty.period.starts_at)
            self._duties[duty.staff_id].setdefault(at, (duty.kind, duty.label))

    def missed_by(self, student_id: int, weekday: int, slot: Slot) -> str:
        """The lesson that a student misses in ``slot`` on a weekday; "" if none is known."""
        if slot.starts_at is None:
            return ""
        for period, name, teachers in self._of_student[student_id]:
            if period:
                if period == slot.name:
                    return name
                continue
            for teacher in teachers:
                kind, label = self._duties[teacher].get((weekday, slot.starts_at), ("", ""))
                if kind == Duty.Kind.TEACHING:
                    return label or name
        return ""

    def duty_of(self, staff_id: int, weekday: int, slot: Slot) -> str:
        """What keeps a member of staff in ``slot`` on a weekday: a lesson or a duty; "" if nothing does."""
        if slot.starts_at is None:
            return ""
        kind, label = self._duties[staff_id].get((weekday, slot.starts_at), ("", ""))
        return (label or str(Duty.Kind(kind).label)) if kind in (Duty.Kind.TEACHING, Duty.Kind.DUTY) else ""


def _is_week(school: School) -> bool:
    return school.cycle != School.Cycle.TURNING


def _minute(time: dt.time) -> int:
    return time.hour * 60 + time.minute
