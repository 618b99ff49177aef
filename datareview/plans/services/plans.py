"""Start plans."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from datareview.family_steps.models import FamilyStep
from datareview.family_steps.services import keep_family_step, require_family_step
from datareview.flags.services.candidates import mark_plan_started
from datareview.plans.models import Plan
from datareview.plans.queries.conflicts import conflicts_of
from datareview.plans.queries.figures import recent_span
from datareview.plans.queries.points import recent_points
from datareview.plans.services.checks import Conflicts, check_days, check_figures
from datareview.records.permissions import students_visible_to, teams_of_student
from datareview.standard_measures.services import kept_measure
from teams.access.permissions import require_ability
from teams.audit.services import record_event
from teams.lib import clock, formats
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from datareview.family_steps.services import NewStep
    from datareview.flags.models import Candidate
    from datareview.records.models import Measure, Student
    from datareview.strategies.models import Strategy
    from teams.directory.models import Staff, User


JUST_NOW = dt.timedelta(minutes=1)


class PlanRunning(Exception):
    """The student already has the same plan, ``plan``."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(
            _(
                "%(student)s already has this plan, since %(day)s. Review it, or choose another strategy "
                "or measure."
            )
            % {"student": plan.student, "day": formats.short_day(plan.starts_on)}
        )
        self.plan = plan


@transaction.atomic
def start_plan(
    student: Student,
    *,
    actor: User,
    strategy: Strategy,
    provider: Staff,
    measure: Measure,
    baseline: float,
    goal: float,
    goal_on: dt.date,
    review_on: dt.date,
    weekdays: list[int],
    minutes: int,
    tier: int,
    concern: str,
    starts_on: dt.date | None = None,
    time: dt.time | None = None,
    candidate: Candidate | None = None,
    despite: bool = False,
    family: NewStep | None = None,
) -> Plan:
    """Start a plan for ``student`` today or on another day; a double click returns the plan just started.

    A plan that ran before it was entered has its first day in the past, at most a year ago.
    Raises PlanRunning if the student already has the same plan, Conflicts unless ``despite``, and DomainError if the goal
    is invalid, or without the ``family`` step that the school asks for.
    """
    require_ability(actor, "start_plan", student.school)
    if not students_visible_to(actor).filter(pk=student.pk).exists():
        raise PermissionDenied
    if {strategy.school_id, provider.school_id, measure.school_id} != {student.school_id}:
        raise DomainError(_("Strategy, provider and measure must belong to the student’s school."))
    if strategy.is_retired:
        raise DomainError(_("This strategy is retired. Choose another."))
    measure = kept_measure(measure)
    today = student.school.today()
    starts_on = starts_on or today
    check_figures(measure, baseline, goal)
    check_days(today, starts_on, goal_on, review_on, weekdays)
    if running := _running(student, strategy, measure):
        return _same_click(running, actor)
    require_family_step([student], family)
    shared: dict[str, Any] = {
        "measure": measure,
        "provider": provider,
        "weekdays": weekdays,
        "time": time,
        "minutes": minutes,
    }
    if not despite and (found := conflicts_of([student], reader=actor, **shared)):
        raise Conflicts(found)
    try:
        with transaction.atomic():
            plan = Plan.objects.create(
                student=student,
                candidate=candidate,
                team=teams_of_student(student).first(),
                strategy=strategy,
                provider=provider,
                measure=measure,
                concern=concern,
                tier=tier,
                baseline=baseline,
                baseline_on=_baseline_day(student, measure, min(today, starts_on)),
                goal=goal,
                goal_on=goal_on,
                starts_on=starts_on,
                review_on=review_on,
                weekdays=sorted(weekdays),
                time=time,
                minutes=minutes,
                started_by=actor,
            )
    except IntegrityError:
        return _same_click(_running(student, strategy, measure), actor)
    keep_family_step([(student, plan.pk)], family, actor=actor, occasion=FamilyStep.Occasion.START)
    if candidate:
        mark_plan_started(candidate, actor=actor)
    record_event(actor, "plan-started", plan, school=student.school, student=str(student.uuid))
    return plan


def _running(student: Student, strategy: Strategy, measure: Measure) -> Plan | None:
    rows = Plan.objects.filter(student=student, strategy=strategy, measure=measure)
    return rows.exclude(state=Plan.State.ENDED).select_related("student").first()


def _same_click(plan: Plan | None, actor: User) -> Plan:
    """Return the plan if this actor started it a moment ago; otherwise raise PlanRunning (no plan: DomainError)."""
    if plan is None:
        raise DomainError(_("Someone changed this student’s plans at the same moment. Please try again."))
    if plan.started_by_id == actor.pk and clock.now() - plan.created_at < JUST_NOW:
        return plan
    raise PlanRunning(plan)


def _baseline_day(student: Student, measure: Measure, until: dt.date) -> dt.date:
    """The day of the newest score within the baseline's period before ``until``, or ``until`` if there is none."""
    points = recent_points(student.pk, measure, until - recent_span(measure), until)
    return points[-1][0] if points else until


def plan_values(form_data: dict[str, Any]) -> dict[str, Any]:
    """Convert the form's values to arguments of `start_plan`."""
    values = dict(form_data)
    values["weekdays"] = [int(day) for day in values["weekdays"]]
    values["tier"] = int(values["tier"])
    return values
