"""The list of groups, and the page of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q

from datareview.charts.sparkline import sparkline
from datareview.delivery.permissions import groups_visible_to, may_arrange, may_lead
from datareview.delivery.queries.sessions import days_met, unlogged_days
from datareview.plans.models import GroupMember, Plan, PlanGroup
from datareview.plans.permissions import provider_ids
from datareview.progress.queries.caseload import plan_rows
from datareview.records.permissions import students_visible_to
from teams.access.permissions import can
from teams.audit.queries import events_of
from teams.directory.models import Staff
from teams.lib.parameters import int_or_none
from teams.names.columns import people_order

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from datareview.delivery.queries.sessions import DayRecord
    from datareview.progress.queries.caseload import PlanRow
    from teams.audit.models import AuditEvent
    from teams.directory.models import School, User

A_PAGE = 50
ENDED = "ended"
ENDED_EVENT, REOPENED = "plan-group-ended", "plan-group-reopened"  # in the audit log
ORDERS: dict[str, list[Any]] = {
    "": ["time", "name", "pk"],
    "name": ["name", "pk"],
    "provider": [*people_order("provider__user__"), "time", "pk"],
    "review": ["review_on", "name", "pk"],
}


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group in the list: its number of members, free seats (None: no limit), whether the user leads it."""

    group: PlanGroup
    members: int
    free: int | None
    is_mine: bool


@dataclass(frozen=True, slots=True)
class GroupList:
    """A page of the school's groups."""

    page: Page[Any]
    rows: list[GroupRow]
    running: int
    ended: int
    providers: list[Staff]
    may_start: bool


def listed_groups(user: User, school: School, wanted: Mapping[str, str]) -> GroupList:
    """Groups the user may see, running or ended, filtered and sorted by ``wanted``; a constant number of queries."""
    visible = groups_visible_to(user).filter(school=school)
    running, over = visible.filter(ended_on=None), visible.exclude(ended_on=None)
    rows = over if wanted.get("show") == ENDED else running
    providers = list(Staff.objects.filter(pk__in=rows.values("provider")).select_related("user"))
    if (provider := int_or_none(wanted.get("provider"))) is not None:
        rows = rows.filter(provider=provider)
    whole: Any = rows.select_related("strategy", "provider__user", "measure").annotate(many=members_now())
    order = ORDERS.get(wanted.get("sort", ""), ORDERS[""])
    page = Paginator(whole.order_by(*order), A_PAGE).get_page(wanted.get("page", 1))
    mine = provider_ids(user)
    return GroupList(
        page=page,
        rows=[
            GroupRow(one, one.many, free_seats(one.seats, one.many), one.provider_id in mine) for one in page
        ],
        running=running.count(),
        ended=over.count(),
        providers=providers,
        may_start=can(user, "start_plan", school),
    )


def members_now() -> Count:
    """The number of a group's members now, as an annotation on groups."""
    return Count("members", filter=Q(members__left_on=None))


def free_seats(seats: int | None, members: int) -> int | None:
    """Seats that are free; None if the group has no limit."""
    return None if seats is None else max(seats - members, 0)


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member with their plan's progress and the scores so far as a small drawing."""

    member: GroupMember
    row: PlanRow
    svg: str


@dataclass(frozen=True, slots=True)
class GroupPage:
    """The page of a group: members now and before; ``hidden`` counts members whom the user may not see.

    ``ends`` has each end of the group and, as (True, …), each time it was reopened, the newest first.
    """

    group: PlanGroup
    today: dt.date
    members: list[MemberRow]
    former: list[GroupMember]
    hidden: int
    free: int | None
    may_lead: bool
    may_arrange: bool
    logged_today: bool
    met: list[DayRecord]
    unlogged: list[dt.date]
    ends: list[tuple[bool, AuditEvent]]


def group_page(user: User, group: PlanGroup) -> GroupPage:
    """The page of ``group``, which the user may see; a constant number of queries."""
    today = group.school.today()
    members = list(
        GroupMember.objects.filter(group=group).select_related("plan__student__school", "group__school")
    )
    seen = set(
        students_visible_to(user)
        .filter(pk__in=[one.plan.student_id for one in members])
        .values_list("pk", flat=True)
    )
    now = {one.plan_id: one for one in members if one.left_on is None and one.plan.student_id in seen}
    rows = plan_rows(Plan.objects.filter(pk__in=now), user, today)
    many = sum(one.left_on is None for one in members)
    return GroupPage(
        group=group,
        today=today,
        members=[
            MemberRow(
                now[row.plan.pk],
                row,
                sparkline([value for _day, value in row.points], [day for day, _value in row.points]),
            )
            for row in sorted(rows, key=lambda row: _place(row.plan))
        ],
        former=[one for one in members if one.left_on is not None and one.plan.student_id in seen],
        hidden=many - len(now),
        free=free_seats(group.seats, many),
        may_lead=may_lead(user, group) and group.ended_on is None,
        may_arrange=may_arrange(user, group),
        logged_today=any(row.logged_today for row in rows),
        met=days_met(group),
        unlogged=unlogged_days(group),
        ends=[
            (event.verb == REOPENED, event)
            for event in events_of(group, [ENDED_EVENT, REOPENED]).select_related("actor")
        ],
    )


def _place(plan: Plan) -> tuple[str, ...]:
    return plan.student.sort_key
