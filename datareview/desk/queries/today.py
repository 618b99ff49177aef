"""The sessions of a day in order of time: groups and single plans that the user delivers."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from datareview.plans.models import GroupMember, Plan, PlanGroup
from datareview.plans.permissions import plans_visible_to, provider_ids
from datareview.progress.models import Session
from teams.directory.queries.days import closed_days

if TYPE_CHECKING:
    from teams.directory.models import School, User

LATEST = dt.time.max


@dataclass(frozen=True, slots=True)
class SessionToday:
    """A group's or a plan's session today: its plans, and how many of them are logged."""

    time: dt.time | None
    minutes: int
    group: PlanGroup | None
    plans: list[Plan]
    logged: int
    click_key: uuid.UUID = field(default_factory=uuid.uuid4)

    @property
    def is_logged(self) -> bool:
        """Whether something is logged for everyone."""
        return self.logged >= len(self.plans)


def sessions_today(user: User, school: School) -> list[SessionToday]:
    """Sessions that the user delivers today, as provider or substitute, in order of time; a constant number of queries."""
    today = school.today()
    if today in closed_days([school.pk], today, today):
        return []
    running = plans_visible_to(user).running().filter(provider__in=provider_ids(user), starts_on__lte=today)
    plans = running.filter(student__school=school).select_related("student__school", "strategy")
    found = {plan.pk: plan for plan in plans if today.weekday() in plan.weekdays}
    members = GroupMember.objects.on(today).filter(plan__in=found, group__ended_on=None)
    by_group: dict[int, list[Plan]] = {}
    groups: dict[int, PlanGroup] = {}
    for member in members.select_related("group__strategy").order_by("plan__student", "pk"):
        groups[member.group_id] = member.group
        by_group.setdefault(member.group_id, []).append(found[member.plan_id])
    grouped = {plan.pk for rows in by_group.values() for plan in rows}
    logged = set(Session.objects.filter(plan__in=found, held_on=today).values_list("plan", flat=True))
    rows = [
        SessionToday(
            groups[pk].time,
            groups[pk].minutes,
            groups[pk],
            theirs,
            sum(plan.pk in logged for plan in theirs),
        )
        for pk, theirs in by_group.items()
    ]
    rows += [
        SessionToday(plan.time, plan.minutes, None, [plan], int(plan.pk in logged))
        for plan in found.values()
        if plan.pk not in grouped
    ]
    return sorted(rows, key=lambda row: (row.time or LATEST, row.plans[0].pk))
