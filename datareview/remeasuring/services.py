"""Change what running plans are measured by, and undo it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from datareview.delivery.permissions import may_arrange
from datareview.plans.models import Plan, PlanGroup
from datareview.plans.permissions import may_review
from datareview.plans.queries.figures import RECENT
from datareview.plans.queries.points import recent_points_of
from datareview.plans.services.checks import check_figures
from datareview.plans.services.several import PlansRefused
from datareview.progress.models import PhaseChange
from datareview.progress.services.changes import LONGEST, plan_version
from datareview.remeasuring.models import PastMeasure
from datareview.remeasuring.queries import group_of, obstacle_to_undo_measure, plans_measured_with
from teams.audit.services import record_event, record_events
from teams.lib.errors import DomainError, StaleEdit

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from datareview.records.models import Measure
    from teams.directory.models import User

AimFigures = tuple[float, float]  # baseline and goal
LINE = ("measure", "baseline", "baseline_on", "goal", "goal_on", "measured_from")


@transaction.atomic
def remeasure_plan(
    plan: Plan,
    *,
    actor: User,
    measure: Measure,
    baseline: float,
    goal: float,
    goal_on: dt.date,
    why: str,
    seen: str,
) -> Plan:
    """Measure a running plan by ``measure`` from today on, with a new aim line and a phase line.

    The same measure changes nothing. Raises StaleEdit if ``seen`` is not the plan's version now, DomainError if it is in a
    group, which has one measure for all.
    """
    plan = _locked(plan)
    if not may_review(actor, plan):
        raise PermissionDenied
    if plan.state != Plan.State.ACTIVE:
        raise DomainError(_("This plan has already ended."))
    if group := group_of(plan):
        words = _("The plan is in %(group)s, which has one measure for all. Change it there.")
        raise DomainError(words % {"group": group})
    if measure.pk == plan.measure_id:
        return plan
    if seen != plan_version(plan):
        theirs = str(plan.measure)
        raise StaleEdit(
            _("Someone changed this plan while you were working. Theirs: %(theirs)s. Saving replaces theirs.")
            % {"theirs": theirs},
            current=theirs,
        )
    _measure_by([plan], measure, {plan.pk: (baseline, goal)}, goal_on, why, actor)
    return plan


@transaction.atomic
def remeasure_group(
    group: PlanGroup,
    *,
    actor: User,
    measure: Measure,
    figures: Mapping[int, AimFigures],
    goal_on: dt.date,
    why: str,
    seen: int,
) -> PlanGroup:
    """Measure a group and the plans of all its members by ``measure`` from today on; the same one changes nothing.

    ``figures`` maps ids of the plans to (baseline, goal). Raises StaleEdit if ``seen`` is not the group's version now,
    PlansRefused for figures that can't be, DomainError if the members have changed.
    """
    rows = PlanGroup.objects.select_for_update(of=("self",), no_key=True)
    group = rows.select_related("school", "measure").get(pk=group.pk)
    if not may_arrange(actor, group):
        raise PermissionDenied
    if group.ended_on:
        raise DomainError(_("This group has ended."))
    if measure.pk == group.measure_id:
        return group
    if seen != group.version:
        theirs = str(group.measure)
        raise StaleEdit(
            _(
                "Someone changed this group while you were working. Theirs: %(theirs)s. Saving replaces theirs."
            )
            % {"theirs": theirs},
            current=theirs,
        )
    plans = _locked_plans(plans_measured_with(group))
    if {plan.pk for plan in plans} != set(figures):
        raise DomainError(_("The members of the group have changed. Look who is in it now."))
    if goal_on <= group.starts_on:
        raise DomainError(_("The goal date must come after the first day."))
    _measure_by(plans, measure, figures, goal_on, why, actor, group)
    group.measure, group.goal_on = measure, goal_on
    group.version += 1
    group.save(update_fields=["measure", "goal_on", "version"])
    record_event(actor, "plan-group-remeasured", group, school=group.school)
    return group


@transaction.atomic
def undo_measure(plan: Plan, *, actor: User) -> Plan:
    """Undo the last change of a plan's measure, or of its group's for all members. A second click changes nothing.

    Raises DomainError if a review or another change has followed.
    """
    plan = _locked(plan)
    past = plan.past_measures.first()
    if past is None or plan.measured_from != past.ends_on:
        return plan
    group = past.group
    if not may_review(actor, plan) or (group and not may_arrange(actor, group)):
        raise PermissionDenied
    same = PastMeasure.objects.filter(group=group, changed_at=past.changed_at) if group else [past]
    rows = {one.plan_id: one for one in same}
    plans = _locked_plans([one.plan for one in rows.values()])
    for one in plans:
        if problem := obstacle_to_undo_measure(one, rows[one.pk]):
            raise DomainError(f"{one.student}: {problem}" if group else problem)
    _restore(plans, rows)
    if group:
        group = PlanGroup.objects.select_for_update(of=("self",), no_key=True).get(pk=group.pk)
        group.measure, group.goal_on, group.version = past.measure, past.goal_on, group.version + 1
        group.save(update_fields=["measure", "goal_on", "version"])
    school = plan.student.school
    record_events(actor, "plan-measure-undone", plans, school=school)
    return plan


def _locked(plan: Plan) -> Plan:
    return _locked_plans([plan])[0]


def _locked_plans(plans: Sequence[Plan]) -> list[Plan]:
    rows = Plan.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=[one.pk for one in plans])
    return list(rows.select_related("student__school", "provider__user", "measure").order_by("pk"))


def _measure_by(
    plans: Sequence[Plan],
    measure: Measure,
    figures: Mapping[int, AimFigures],
    goal_on: dt.date,
    why: str,
    actor: User,
    group: PlanGroup | None = None,
) -> None:
    """Give ``plans`` of one school a new measure today, keep what was before, and draw a phase line on each."""
    if not why.strip():
        raise DomainError(_("Say in a few words why it changes."))
    school = plans[0].student.school if plans else measure.school
    today = school.today()
    if measure.school_id != school.pk:
        raise DomainError(_("Strategy, provider and measure must belong to the student’s school."))
    if goal_on <= today:
        raise DomainError(_("The goal date must be after today."))
    _check(plans, measure, figures, goal_on, today)
    points = recent_points_of([plan.student_id for plan in plans], measure, today - RECENT, today)
    lines = {line.plan_id: line for line in PhaseChange.objects.filter(plan__in=plans, changed_on=today)}
    kept = dict(PastMeasure.objects.filter(plan__in=plans, ends_on=today).values_list("plan_id", "pk"))
    past = []
    for plan in plans:
        line = lines.get(plan.pk)
        before = line.what if line else ""
        line = line or PhaseChange(plan=plan, changed_on=today)
        line.what, line.changed_by = _line(plan.measure, measure, why, before), actor
        lines[plan.pk] = line
        if plan.pk not in kept:  # a second change on one day: what was before stays what measured it
            past.append(_past(plan, today, line.what, before, actor, group))
        recent = points[plan.student_id]
        plan.measure, plan.measured_from, plan.goal_on = measure, today, goal_on
        plan.baseline, plan.goal = figures[plan.pk]
        plan.baseline_on = recent[-1][0] if recent else today
    try:
        with transaction.atomic():
            Plan.objects.bulk_update(plans, LINE)
    except IntegrityError:
        raise DomainError(
            _("A student has the same plan on this measure already. Review that one.")
        ) from None
    if past:
        moment = past[0].changed_at
        for one in past:
            one.changed_at = moment
        PastMeasure.objects.bulk_create(past)
    PhaseChange.objects.bulk_update([one for one in lines.values() if one.pk], ["what", "changed_by"])
    PhaseChange.objects.bulk_create([one for one in lines.values() if not one.pk])
    record_events(actor, "plan-remeasured", plans, school=school)


def _check(
    plans: Sequence[Plan],
    measure: Measure,
    figures: Mapping[int, AimFigures],
    goal_on: dt.date,
    today: dt.date,
) -> None:
    problems = {}
    for plan in plans:
        try:
            check_figures(measure, *figures[plan.pk])
            if goal_on < plan.review_on:
                raise DomainError(_("The goal date must not be before the next review."))
            if plan.starts_on > today:
                raise DomainError(_("The plan has not begun. End it, and start another one."))
        except DomainError as error:
            problems[plan.student_id] = str(error)
    if problems:
        raise PlansRefused(problems, {plan.student_id: plan.student for plan in plans})


def _line(old: Measure, new: Measure, why: str, before: str) -> str:
    """The words of the phase line; the reason stays whole."""
    reason = f" ({why.strip()})"
    words = f"{old} → {new}"[: LONGEST - len(reason)] + reason
    return f"{before}; {words}"[:LONGEST] if before else words[:LONGEST]


def _past(
    plan: Plan, today: dt.date, line: str, before: str, actor: User, group: PlanGroup | None
) -> PastMeasure:
    return PastMeasure(
        plan=plan,
        group=group,
        measure=plan.measure,
        baseline=plan.baseline,
        baseline_on=plan.baseline_on,
        goal=plan.goal,
        goal_on=plan.goal_on,
        starts_on=plan.line_from,
        ends_on=today,
        line=line,
        line_before=before,
        changed_by=actor,
    )


def _restore(plans: Sequence[Plan], rows: Mapping[int, PastMeasure]) -> None:
    """Let ``plans`` be measured as before, with the phase lines as they were."""
    lines = {
        line.plan_id: line
        for line in PhaseChange.objects.filter(
            plan__in=plans, changed_on__in={past.ends_on for past in rows.values()}
        )
    }
    for plan in plans:
        past = rows[plan.pk]
        plan.measure, plan.goal, plan.goal_on = past.measure, past.goal, past.goal_on
        plan.baseline, plan.baseline_on = past.baseline, past.baseline_on
        plan.measured_from = None if past.starts_on == plan.starts_on else past.starts_on
        lines[plan.pk].what = past.line_before
    try:
        with transaction.atomic():
            Plan.objects.bulk_update(plans, LINE)
    except IntegrityError:
        raise DomainError(
            _("A student has the same plan on this measure already. Review that one.")
        ) from None
    gone = [line.pk for line in lines.values() if rows[line.plan_id].line_before == ""]
    PhaseChange.objects.filter(pk__in=gone).delete()
    PhaseChange.objects.bulk_update([line for line in lines.values() if line.pk not in gone], ["what"])
    PastMeasure.objects.filter(pk__in=[past.pk for past in rows.values()]).delete()
