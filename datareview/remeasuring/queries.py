"""Earlier measures of a plan with their verdicts, and suggested figures on another measure."""

from __future__ import annotations

import copy
import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import F
from django.utils.translation import gettext as _

from datareview.delivery.queries.suggestions import Entrant, Figures, GoalRule, suggested_figures
from datareview.plans.models import GroupMember, Plan
from datareview.plans.queries.points import points_of_plans
from datareview.progress.queries.plan_page import plan_chart
from datareview.progress.queries.progress import progress_of_plans
from datareview.records.models import Measure
from datareview.records.queries.order import by_name
from teams.directory.queries.days import closed_days
from teams.lib.parameters import day_or_none, uuid_or_none

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from datareview.charts.spec import Chart
    from datareview.plans.models import PlanGroup
    from datareview.progress.queries.progress import Progress
    from datareview.remeasuring.models import PastMeasure


@dataclass(frozen=True, slots=True)
class PastPhase:
    """An earlier measure of a plan: what its scores said on its last day, and their chart."""

    past: PastMeasure
    progress: Progress
    chart: Chart


@dataclass(frozen=True, slots=True)
class AnotherMeasure:
    """Suggestions for another measure: figures by student id, and the initial values that all plans share."""

    measure: Measure | None
    goal_on: dt.date
    figures: dict[int, Figures]


def past_phases(plan: Plan) -> list[PastPhase]:
    """The earlier measures of ``plan``, the newest first, each judged as of its end by its own aim line.

    One that was changed on its first day measured nothing. No query unless the measure has changed.
    """
    if plan.measured_from is None:
        return []
    rows = plan.past_measures.filter(starts_on__lt=F("ends_on")).select_related("measure", "changed_by")
    return [_phase(plan, past) for past in rows]


def as_measured(plan: Plan, past: PastMeasure) -> Plan:
    """A copy of ``plan``, not to be saved, as it was while ``past`` measured it; it ends on the day of the change."""
    then = copy.copy(plan)
    then.measure = past.measure
    then.baseline, then.baseline_on = past.baseline, past.baseline_on
    then.goal, then.goal_on = past.goal, past.goal_on
    then.measured_from, then.ended_on = past.starts_on, past.ends_on - dt.timedelta(days=1)
    lines = [change for change in plan.phase_changes.all() if change.changed_on < past.ends_on]
    sessions = [session for session in plan.sessions.all() if session.held_on < past.ends_on]
    # Nothing of the copy is read again: it would come as it is today.
    cached = {"phase_changes": lines, "sessions": sessions}
    then._prefetched_objects_cache = cached  # type: ignore[attr-defined]  # noqa: SLF001 (as prefetch_related fills it)
    return then


def _phase(plan: Plan, past: PastMeasure) -> PastPhase:
    then = as_measured(plan, past)
    today = then.ended_on or past.ends_on
    points = points_of_plans([then], today)
    progress = progress_of_plans([then], points, today, closed_days([plan.student.school_id]))[0]
    return PastPhase(past, progress, plan_chart(then, today))


def plans_measured_with(group: PlanGroup) -> list[Plan]:
    """Running plans of the members of ``group`` today, which have its measure; one query."""
    members = GroupMember.objects.filter(group=group, left_on=None)
    rows = Plan.objects.running().filter(pk__in=members.values("plan"))
    return list(
        rows.select_related("student__school", "measure", "provider__user", "strategy").order_by(
            *by_name("student__"), "pk"
        )
    )


def group_of(plan: Plan) -> PlanGroup | None:
    """The group that ``plan`` is in, whose measure it has."""
    member = plan.memberships.filter(left_on=None).select_related("group").first()
    return member.group if member else None


def another_measure(plans: Sequence[Plan], typed: Mapping[str, str]) -> AnotherMeasure:
    """Suggest a baseline and a goal on the measure that was ``typed`` for each of ``plans``, of one school."""
    school = plans[0].student.school
    uuid = uuid_or_none(typed.get("measure"))
    in_use = Measure.objects.in_use().filter(school=school)
    measure = in_use.filter(uuid=uuid).first() if uuid else None
    goal_on = day_or_none(typed.get("goal_on")) or plans[0].goal_on
    if measure is None:
        return AnotherMeasure(None, goal_on, {plan.student_id: Figures(None, None, "") for plan in plans})
    figures = suggested_figures(
        school,
        [Entrant(plan.student) for plan in plans],
        measure,
        starts_on=school.today(),
        goal_on=goal_on,
        rule=GoalRule.GROWTH,
    )
    return AnotherMeasure(measure, goal_on, figures)


def obstacle_to_undo_measure(plan: Plan, past: PastMeasure | None) -> str:
    """Why the last change of measure can't be undone; "" if it can."""
    if past is None or plan.measured_from != past.ends_on:
        return _("The measure of this plan has not changed.")
    if plan.state != Plan.State.ACTIVE:
        return _("The plan has ended. Reopen it first.")
    if plan.reviews.standing().filter(created_at__gt=past.changed_at).exists():
        return _("The plan was reviewed on the new measure. Change the measure again instead.")
    line = plan.phase_changes.filter(changed_on=past.ends_on).first()
    if line is None or line.what != past.line:
        return _("More was changed on the same day. Change the measure again instead.")
    return ""
