"""Decide at the check of an ended plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from datareview.exits.models import ExitDecision
from datareview.exits.queries import exit_checks
from datareview.plans.models import Plan
from datareview.plans.permissions import may_review
from teams.audit.services import record_event
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from teams.directory.models import User


@transaction.atomic
def leave_ended(plan: Plan, *, actor: User, reason: str) -> ExitDecision:
    """Leave a plan ended although its last check asks for a look. A second click returns the first decision.

    Raises DomainError without a reason, or if no check asks.
    """
    rows = Plan.objects.select_for_update(of=("self",), no_key=True)
    plan = rows.select_related("student__school", "provider__user", "measure").get(pk=plan.pk)
    if not may_review(actor, plan):
        raise PermissionDenied
    if not reason.strip():
        raise DomainError(_("Say why in a sentence, for the next person who looks."))
    checks = exit_checks([plan], plan.student.school.today()).get(plan.pk, [])
    due = [one for one in checks if one.state != "waiting"]
    if not due or plan.ended_on is None:
        raise DomainError(_("No check of this plan is due."))
    last = due[-1]
    if last.decision:
        return last.decision
    if not last.asks:
        raise DomainError(_("The last check found that the level is kept."))
    decision = ExitDecision.objects.create(
        plan=plan, ended_on=plan.ended_on, weeks=last.weeks, reason=reason.strip()[:400], decided_by=actor
    )
    record_event(actor, "plan-left-ended", plan, school=plan.student.school, weeks=last.weeks)
    return decision
