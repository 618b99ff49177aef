"""Reviews of plans, stored with the data they were based on."""

from __future__ import annotations

from dataclasses import asdict
from statistics import median
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from datareview.family_steps.models import FamilyStep
from datareview.family_steps.services import keep_family_step, require_family_step
from datareview.plans.models import Plan
from datareview.plans.permissions import may_review
from datareview.plans.queries.points import points_of_plans
from datareview.plans.services.checks import Conflicts
from datareview.progress.models import PhaseChange, Review
from datareview.progress.queries.plan_page import plan_page
from datareview.records.models import Student
from datareview.verdicts.queries.cuts import percents_of
from teams.audit.services import record_event
from teams.lib import formats
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    import datetime as dt

    from datareview.family_steps.services import NewStep
    from teams.directory.models import User

LAST = 3  # scores whose median is compared with the goal
OUTCOMES: dict[str, Plan.Outcome] = {
    Review.Decision.FADE: Plan.Outcome.FADED,
    Review.Decision.END: Plan.Outcome.MET,
    Review.Decision.END_NOT_MET: Plan.Outcome.NOT_MET,
    Review.Decision.REFER: Plan.Outcome.REFERRED,
}
# Decisions by which a tier changes, each with what it is for the family.
FAMILY: dict[str, FamilyStep.Occasion] = {
    Review.Decision.INTENSIFY: FamilyStep.Occasion.INTENSIFY,
    **dict.fromkeys(OUTCOMES, FamilyStep.Occasion.EXIT),
}


@transaction.atomic
def review_plan(
    plan: Plan,
    *,
    actor: User,
    decision: str,
    reason: str,
    next_review_on: dt.date | None = None,
    what_changes: str = "",
    due_on: dt.date | None = None,
    despite: bool = False,
    family: NewStep | None = None,
) -> Review:
    """Record a decision about ``plan`` with the current figures.

    ``due_on`` is the review date that the actor saw: if another user has reviewed since, theirs is kept and DomainError is
    raised. Continuing and changing require the next review date; changing and intensifying add a phase change. Raises
    Conflicts unless ``despite`` if the goal is said to be met and the last scores do not show it, DomainError if the plan
    is intensified or ends without the ``family`` step that the school asks for.
    """
    rows = Plan.objects.select_for_update(of=("self",), no_key=True)
    plan = rows.select_related("student__school", "measure", "provider__user", "strategy").get(pk=plan.pk)
    if not may_review(actor, plan):
        raise PermissionDenied
    if plan.state == Plan.State.ENDED:
        raise DomainError(_("This plan has already ended."))
    if due_on and due_on != plan.review_on:
        raise DomainError(_("Someone has reviewed this plan in the meantime. See what they decided."))
    if not reason.strip():
        raise DomainError(_("Say why in a sentence. The next review starts from it."))
    today = plan.student.school.today()
    occasion = FAMILY.get(decision, FamilyStep.Occasion.OTHER)
    if decision in FAMILY:
        require_family_step([plan.student], family)
    if decision == Review.Decision.END and not despite and (doubt := _goal_not_shown(plan, today)):
        raise Conflicts([doubt])
    review = Review(
        plan=plan,
        due_on=plan.review_on,
        decision=decision,
        reason=reason.strip()[:400],
        evidence=_evidence(actor, plan),
        decided_by=actor,
    )
    if decision in OUTCOMES:
        plan.state, plan.outcome, plan.ended_on = Plan.State.ENDED, OUTCOMES[decision], today
        seats = list(plan.memberships.filter(left_on=None).values_list("pk", flat=True))
        plan.memberships.leave(today)
        review.changed = {"next": None, "seats": seats}
    else:
        review.changed = _go_on(plan, actor, decision, what_changes, next_review_on, today)
    review.save()
    plan.save()
    keep_family_step([(plan.student, plan.pk)], family, actor=actor, occasion=occasion)
    record_event(actor, f"plan-{decision}", plan, school=plan.student.school, review=str(review.uuid))
    return review


@transaction.atomic
def reopen_plan(plan: Plan, *, actor: User, reason: str, next_review_on: dt.date | None) -> Plan:
    """Go on with a plan that has ended: the time between stays without sessions, and a phase line says why.

    A second click changes nothing. Raises DomainError if the student has left or has the same plan running.
    """
    rows = Plan.objects.select_for_update(of=("self",), no_key=True)
    plan = rows.select_related("student__school", "provider__user").get(pk=plan.pk)
    if not may_review(actor, plan):
        raise PermissionDenied
    if plan.state != Plan.State.ENDED:
        return plan
    if plan.student.status != Student.Status.ACTIVE:
        raise DomainError(_("The student has left the school."))
    if not reason.strip():
        raise DomainError(_("Say why in a sentence. The next review starts from it."))
    today, ended_on = plan.student.school.today(), plan.ended_on
    if not next_review_on or next_review_on <= max(today, plan.review_on):
        raise DomainError(_("Choose a day for the next review, after today and after the last one."))
    plan.state, plan.outcome, plan.ended_on = Plan.State.ACTIVE, "", None
    plan.review_on = next_review_on
    try:
        with transaction.atomic():
            plan.save()
    except IntegrityError:
        raise DomainError(_("The student has the same plan again. Review that one.")) from None
    what = _("Reopened: %(reason)s") % {"reason": reason.strip()}
    line = {"what": what[:200], "changed_by": actor, "paused_from": ended_on}
    PhaseChange.objects.update_or_create(plan=plan, changed_on=today, defaults=line)
    record_event(actor, "plan-reopened", plan, school=plan.student.school)
    return plan


def _goal_not_shown(plan: Plan, today: dt.date) -> str:
    """A sentence if the median of the plan's last three scores is short of its goal, or there is none; else ""."""
    points = points_of_plans([plan], today)[plan.pk]
    last = [value for day, value in points if day >= plan.line_from][-LAST:]
    if not last:
        return _("No score since the plan began shows that the goal is met.")
    middle = median(last)
    if (middle >= plan.goal) if plan.measure.higher_is_better else (middle <= plan.goal):
        return ""
    return _("The goal is %(goal)s; the last scores are %(scores)s.") % {
        "goal": formats.number(plan.goal, 1),
        "scores": ", ".join(formats.number(value, 1) for value in last),
    }


def _go_on(
    plan: Plan, actor: User, decision: str, what_changes: str, next_review_on: dt.date | None, today: dt.date
) -> dict[str, Any]:
    """Set the next review and draw the phase line. Returns what changed, as `Review.changed` keeps it."""
    if not next_review_on or next_review_on <= max(today, plan.review_on):
        raise DomainError(_("Choose a day for the next review, after today and after the one now due."))
    plan.review_on = next_review_on
    changed: dict[str, Any] = {"next": next_review_on.isoformat()}
    if decision not in (Review.Decision.CHANGE, Review.Decision.INTENSIFY):
        return changed
    if not what_changes.strip():
        raise DomainError(_("Say what changes. It labels the phase line on the chart."))
    before = PhaseChange.objects.filter(plan=plan, changed_on=today).first()
    line, _new = PhaseChange.objects.update_or_create(
        plan=plan, changed_on=today, defaults={"what": what_changes.strip()[:200], "changed_by": actor}
    )
    return {
        **changed,
        "line": line.what,
        "line_on": today.isoformat(),
        "line_before": before and before.what,
        "line_before_by": before and before.changed_by_id,
    }


def _evidence(actor: User, plan: Plan) -> dict[str, Any]:
    """The current verdict and its arithmetic."""
    page = plan_page(actor, plan)
    verdict = asdict(page.progress.verdict)
    return {
        "as_of": page.today.isoformat(),
        "label": page.progress.label,
        "advice": page.progress.advice,
        "sentence": page.progress.sentence,
        "delivery": page.progress.dosage,
        "projection": page.projection,
        "rules": [asdict(line) for line in page.arithmetic],
        "cuts": percents_of(plan.student.school),
        "verdict": {key: value for key, value in verdict.items() if key != "rules"},
    }
