"""What is done for a student now: plans with their verdicts, groups, and what meets at the same time."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

from django.db.models import Prefetch, Q, prefetch_related_objects
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from datareview.charts.small import SmallChart, small_chart, whole_range
from datareview.plans.models import Plan
from datareview.plans.queries.points import points_from, points_of_plans
from datareview.progress.models import PhaseChange, Session
from datareview.progress.queries.progress import Progress, planned_days, progress_of_plans
from datareview.regrouping.models import GroupedStudent, RegroupedGroup
from teams.access.prepared import prepared_rows
from teams.directory.queries.days import closed_days
from teams.lib import formats

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.db.models import QuerySet
    from django.utils.safestring import SafeString

    from datareview.figures.queries.student import Points
    from datareview.records.models import Student

GROUPS_LAST = dt.timedelta(weeks=6)  # without a day to check again
RUG = {Session.Result.HELD.value: "held"}


@dataclass(frozen=True, slots=True)
class PlanView:
    """A running plan: its verdict, drawing, days, last session, and why sessions were missed."""

    plan: Plan
    progress: Progress
    svg: SafeString
    days: str
    last_session: Session | None
    missed: str
    is_due: bool


@dataclass(frozen=True, slots=True)
class GroupView:
    """A teaching group that the student is in."""

    group: RegroupedGroup
    subject: str


@dataclass(frozen=True, slots=True)
class Support:
    """Running plans, teaching groups, and ``clashes`` as sentences."""

    plans: list[PlanView]
    groups: list[GroupView]
    clashes: list[str] = field(default_factory=list)


def support_of(student: Student, plans: Sequence[Plan], scores: Mapping[int, Points]) -> Support:
    """The support of ``student``: ``plans`` of any state, ``scores`` of all years by measure."""
    running = [plan for plan in plans if plan.state == Plan.State.ACTIVE]
    groups = _groups_of(student)
    views = _plan_views(student, running, scores)
    return Support(views, groups, _clashes(running, groups))


def _plan_views(student: Student, plans: list[Plan], scores: Mapping[int, Points]) -> list[PlanView]:
    if not plans:
        return []
    today, closed = student.school.today(), closed_days([student.school_id])
    logs = Prefetch("sessions", Session.objects.order_by("-held_on"))
    prefetch_related_objects(
        plans, logs, Prefetch("phase_changes", PhaseChange.objects.order_by("changed_on"))
    )
    for plan in plans:
        plan.student = student  # with its school
    points = points_of_plans([plan for plan in plans if plan.measure.derived_from], today)
    for plan in plans:
        if not plan.measure.derived_from:
            points[plan.pk] = points_from(scores.get(plan.measure_id, []), plan, today)
    progress = progress_of_plans(plans, points, today, closed)
    return [
        _plan_view(plan, made, points[plan.pk], today, closed)
        for plan, made in zip(plans, progress, strict=True)
    ]


def _plan_view(
    plan: Plan, progress: Progress, points: Points, today: dt.date, closed: set[dt.date]
) -> PlanView:
    sessions = list(plan.sessions.all())
    logged = {session.held_on: RUG.get(session.result, "miss") for session in sessions}
    rug = dict.fromkeys(planned_days(plan, today, closed), "unknown") | logged
    values = [plan.baseline, plan.goal, *(value for _day, value in points)]
    scale = None if plan.measure.derived_from else (plan.measure.scale_min, plan.measure.scale_max)
    first = min([plan.baseline_on, plan.starts_on, *(day for day, _value in points)])
    drawn = SmallChart(
        points=points,
        first=first,
        last=max(plan.goal_on, today),
        y_range=whole_range(values, within=scale),
        aim=((plan.line_from, plan.baseline), (plan.goal_on, plan.goal)),
        aim_label=_("goal %(value)s") % {"value": formats.number(plan.goal)},
        rug=sorted(rug.items()),
    )
    label = _("From %(baseline)s to the goal %(goal)s by %(day)s. %(words)s") % {
        "baseline": formats.number(plan.baseline),
        "goal": formats.number(plan.goal),
        "day": formats.short_day(plan.goal_on),
        "words": f"{progress.sentence} {progress.dosage}.",
    }
    return PlanView(
        plan=plan,
        progress=progress,
        svg=small_chart(drawn, label=label, height=130),
        days=", ".join(str(WEEKDAYS_ABBR[day]) for day in sorted(plan.weekdays)),
        last_session=next(iter(sessions), None),
        missed=_missed(sessions),
        is_due=plan.review_on <= today,
    )


def _missed(sessions: Sequence[Session]) -> str:
    """Why sessions were not held, most frequent first; "" if all were."""
    reasons: dict[str, int] = defaultdict(int)
    for session in sessions:
        if session.result != Session.Result.HELD:
            reasons[session.get_result_display()] += 1
    if not reasons:
        return ""
    parts = [f"{reason.lower()} {many}" for reason, many in sorted(reasons.items(), key=lambda one: -one[1])]
    return _("Not held: %(reasons)s.") % {"reasons": ", ".join(parts)}


def _groups_of(student: Student) -> list[GroupView]:
    """Groups that are checked again later, or were formed in the last weeks."""
    today = student.school.today()
    return [
        GroupView(row.group, str(row.regrouping.standard or row.group.regrouping.assessment))
        for row in prepared_rows(_memberships, student.pk, today, today - GROUPS_LAST)
    ]


def _memberships(student_id: int, today: dt.date, since: dt.date) -> QuerySet[GroupedStudent]:
    recent = Q(regrouping__check_on=None, regrouping__created_at__date__gte=since)
    rows = GroupedStudent.objects.filter(
        Q(regrouping__check_on__gte=today) | recent,
        student=student_id,
        regrouping__assessment__deleted_at=None,
    )
    return rows.select_related(
        "group__teacher__user", "group__regrouping__assessment", "regrouping__standard"
    ).order_by("-regrouping__pk")


def _clashes(plans: Sequence[Plan], groups: Sequence[GroupView]) -> list[str]:
    """Two groups at one time, and several plans on one day, which take time from the same lessons."""
    found = []
    for one, other in combinations(groups, 2):
        days = set(one.group.weekdays) & set(other.group.weekdays)
        if days and one.group.time and one.group.time == other.group.time:
            found.append(
                _("Two groups meet at the same time, %(day)s %(time)s: %(one)s and %(other)s.")
                % {
                    "day": str(WEEKDAYS_ABBR[min(days)]),
                    "time": formats.time(one.group.time),
                    "one": one.subject,
                    "other": other.subject,
                }
            )
    for day in range(7):
        on = [plan for plan in plans if day in plan.weekdays]
        if len(on) > 1:
            words = ngettext(
                "%(n)d plan on %(day)s: %(minutes)d minutes.",
                "%(n)d plans on %(day)s: %(minutes)d minutes.",
                len(on),
            )
            minutes = sum(plan.minutes for plan in on)
            found.append(words % {"n": len(on), "day": str(WEEKDAYS_ABBR[day]), "minutes": minutes})
    return found
