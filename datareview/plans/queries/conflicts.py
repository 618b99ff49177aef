"""What speaks against a plan before it is saved: the same need, the same time, a full day."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from datareview.plans.models import GroupMember, Plan, PlanGroup
from datareview.records.permissions import students_visible_to
from teams.lib import formats

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Iterable, Sequence

    from datareview.records.models import Measure, Student
    from teams.directory.models import Staff, User

FULL_DAY = 240  # minutes of sessions that one person delivers on a day


def conflicts_of(
    students: Sequence[Student],
    *,
    reader: User,
    measure: Measure,
    provider: Staff,
    weekdays: Collection[int],
    time: dt.time | None,
    minutes: int,
    apart_from: PlanGroup | None = None,
) -> list[str]:
    """Sentences about plans that ``students`` have for the same need or at the same time, and a full provider.

    The provider's other students are named only if ``reader`` may see them. The plans of ``apart_from`` do not count: the
    group itself. A constant number of queries.
    """
    own = (
        GroupMember.objects.filter(group=apart_from, left_on=None)
        if apart_from
        else GroupMember.objects.none()
    )
    running = Plan.objects.running().exclude(pk__in=own.values("plan"))
    theirs = running.filter(student__in=students).select_related("student", "strategy", "measure")
    found = []
    for plan in theirs.order_by("student", "pk"):
        names = {"student": plan.student, "strategy": plan.strategy, "day": formats.short_day(plan.starts_on)}
        if _need(plan.measure) == _need(measure):
            found.append(_("%(student)s has a plan for the same need: %(strategy)s, since %(day)s.") % names)
        if shared := _shared(plan.weekdays, plan.time, plan.minutes, weekdays, time, minutes):
            found.append(
                _("%(student)s has %(strategy)s at the same time on %(days)s.")
                % {**names, "days": _in_words(shared)}
            )
    return found + _of_provider(reader, provider, weekdays, time, minutes, apart_from)


def _of_provider(
    reader: User,
    provider: Staff,
    weekdays: Collection[int],
    time: dt.time | None,
    minutes: int,
    apart_from: PlanGroup | None,
) -> list[str]:
    """Other sessions of ``provider`` at that time, and days on which they would have too many minutes."""
    groups = PlanGroup.objects.filter(provider=provider, ended_on=None)
    if apart_from:
        groups = groups.exclude(pk=apart_from.pk)
    grouped = GroupMember.objects.filter(left_on=None).values("plan")
    alone = Plan.objects.running().filter(provider=provider).exclude(pk__in=grouped)
    found, minutes_on = [], defaultdict[int, int](int)
    seen = set(students_visible_to(reader).filter(plans__in=alone).values_list("pk", flat=True))
    rows = [(str(one), one) for one in groups] + [
        (f"{one.student}, {one.strategy}" if one.student_id in seen else str(one.strategy), one)
        for one in alone.select_related("student", "strategy")
    ]
    for title, one in rows:
        for day in one.weekdays:
            minutes_on[day] += one.minutes
        if shared := _shared(one.weekdays, one.time, one.minutes, weekdays, time, minutes):
            found.append(
                _("%(who)s has another session then (%(title)s): %(days)s.")
                % {"who": provider, "title": title, "days": _in_words(shared)}
            )
    full = [day for day in sorted(weekdays) if minutes_on[day] + minutes > FULL_DAY]
    if full:
        found.append(
            _("%(who)s would have more than %(hours)s hours of sessions on %(days)s.")
            % {"who": provider, "hours": formats.number(FULL_DAY / 60), "days": _in_words(full)}
        )
    return found


def _need(measure: Measure) -> tuple[str, str]:
    return measure.domain, measure.subject


def _shared(
    days: Collection[int],
    time: dt.time | None,
    minutes: int,
    other_days: Collection[int],
    other_time: dt.time | None,
    other_minutes: int,
) -> list[int]:
    """Weekdays on which the two sessions overlap; none if a time is not set."""
    if time is None or other_time is None:
        return []
    first, second = _minute(time), _minute(other_time)
    if first + minutes <= second or second + other_minutes <= first:
        return []
    return sorted({*days} & {*other_days})


def _minute(time: dt.time) -> int:
    return time.hour * 60 + time.minute


def _in_words(days: Iterable[int]) -> str:
    return ", ".join(str(WEEKDAYS[day]) for day in days)
