"""The sessions of a group: who was there on a day, days that were never logged, scores so far."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from datareview.delivery.models import GroupNote
from datareview.plans.models import GroupMember, Plan, PlanGroup
from datareview.progress.models import Session
from datareview.records.models import Score
from datareview.records.queries.order import by_name
from teams.directory.queries.days import closed_days
from teams.lib.versions import version_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

LOOKS_BACK = dt.timedelta(weeks=4)
SCORES_SHOWN = 4
DAYS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Attendee:
    """A member on the day, the session logged for them if any, and their last scores with days, newest last."""

    plan: Plan
    session: Session | None
    scores: list[tuple[dt.date, float]]
    score: float | None


@dataclass(frozen=True, slots=True)
class DayRecord:
    """A day on which the group has met: how many were there, of how many, and what was noted of the session."""

    day: dt.date
    present: int
    logged: int
    note: str


@dataclass(frozen=True, slots=True)
class GroupSession:
    """A group's session of one day, logged or not; ``version`` changes with what is logged."""

    group: PlanGroup
    day: dt.date
    today: dt.date
    attendees: list[Attendee]
    note: str
    version: str
    is_logged: bool


def plans_on(group: PlanGroup, day: dt.date) -> list[Plan]:
    """Running plans of the group's members on ``day``, by name; one query."""
    members = GroupMember.objects.on(day).filter(group=group)
    rows = Plan.objects.running().filter(pk__in=members.values("plan"), starts_on__lte=day)
    return list(
        rows.select_related("student__school", "strategy", "measure", "provider__user").order_by(
            *by_name("student__"), "pk"
        )
    )


def group_session(group: PlanGroup, day: dt.date) -> GroupSession:
    """The session of ``group`` on ``day``; a constant number of queries."""
    plans = plans_on(group, day)
    logged = {one.plan_id: one for one in Session.objects.filter(plan__in=plans, held_on=day)}
    scores = _scores(group, plans, day)
    attendees = [
        Attendee(
            plan,
            logged.get(plan.pk),
            [one for one in scores[plan.student_id] if one[0] < day][-SCORES_SHOWN:],
            next((value for at, value in scores[plan.student_id] if at == day), None),
        )
        for plan in plans
    ]
    note = note_of(group, day)
    return GroupSession(
        group=group,
        day=day,
        today=group.school.today(),
        attendees=attendees,
        note=note,
        version=session_version(logged.values(), note),
        is_logged=bool(logged),
    )


def note_of(group: PlanGroup, day: dt.date) -> str:
    """What was noted of the group's session on ``day``; "" without a note."""
    return GroupNote.objects.filter(group=group, held_on=day).values_list("text", flat=True).first() or ""


def session_version(sessions: Iterable[Session], note: str = "") -> str:
    """A text that changes as soon as one of ``sessions`` or the ``note`` of their group does."""
    rows = sorted((one.plan_id, one.result, one.minutes, str(one.checklist), one.note) for one in sessions)
    return version_of(rows, note) if rows or note else ""


def days_met(group: PlanGroup) -> list[DayRecord]:
    """The last days for which a session was logged of who was a member then, newest first; two queries."""
    rows = _sessions_of(group).order_by("-held_on").values_list("held_on", "result")
    notes = dict(GroupNote.objects.filter(group=group).values_list("held_on", "text"))
    found: dict[dt.date, list[str]] = defaultdict(list)
    for day, result in rows:
        found[day].append(result)
    return [
        DayRecord(day, results.count(Session.Result.HELD), len(results), notes.get(day, ""))
        for day, results in list(found.items())[:DAYS_SHOWN]
    ]


def unlogged_days(group: PlanGroup) -> list[dt.date]:
    """School days of the last four weeks on which the group should have met, but nothing is logged; oldest first."""
    today = group.school.today()
    since = max(group.starts_on, today - LOOKS_BACK)
    closed = closed_days([group.school_id])
    rows = _sessions_of(group).filter(held_on__gte=since)
    logged = set(rows.values_list("held_on", flat=True))
    days = (since + dt.timedelta(days=offset) for offset in range((today - since).days))
    return [
        day
        for day in days
        if day.weekday() in group.weekdays
        and day not in closed
        and day not in logged
        and day < (group.ended_on or today)
    ]


def _sessions_of(group: PlanGroup) -> QuerySet[Session]:
    """Sessions of the group's members from the day each joined until they left."""
    then = GroupMember.objects.on(OuterRef("held_on")).filter(group=group, plan=OuterRef("plan"))
    return Session.objects.filter(Exists(then), held_on__gte=group.starts_on)


def _scores(
    group: PlanGroup, plans: Iterable[Plan], until: dt.date
) -> defaultdict[int, list[tuple[dt.date, float]]]:
    found: defaultdict[int, list[tuple[dt.date, float]]] = defaultdict(list)
    rows = Score.objects.filter(
        student__in=[plan.student_id for plan in plans], measure=group.measure, taken_on__lte=until
    )
    for student_id, day, value in rows.order_by("taken_on", "pk").values_list(
        "student_id", "taken_on", "value"
    ):
        found[student_id].append((day, value))
    return found
