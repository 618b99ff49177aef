"""Decide what happens with the plans of a student who left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from datareview.plans.models import Plan
from datareview.records.models import Student
from teams.access.permissions import can
from teams.audit.services import record_event
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    import datetime as dt

    from teams.directory.models import School, User


def may_settle(user: User, school: School) -> bool:
    """Whether the user may decide about plans of students who left: who edits students or reviews plans."""
    return can(user, "edit_students", school) or can(user, "review_plan", school)


@transaction.atomic
def settle_plan(plan: Plan, *, actor: User, keep_until: dt.date | None) -> Plan:
    """End a plan of a student who left, or keep it until a day on which it is reviewed (the student may return)."""
    rows = Plan.objects.select_for_update(of=("self",), no_key=True).select_related("student__school")
    plan = rows.get(pk=plan.pk)
    student = plan.student
    if not may_settle(actor, student.school):
        raise PermissionDenied
    if student.status != Student.Status.LEFT:
        raise DomainError(_("This student is enrolled. Review the plan instead."))
    if plan.state == Plan.State.ENDED:
        raise DomainError(_("This plan has already ended."))
    if keep_until is None:
        plan.state, plan.outcome = Plan.State.ENDED, Plan.Outcome.MOVED
        plan.ended_on = max(student.left_on or student.school.today(), plan.starts_on)
        plan.memberships.leave(plan.ended_on)
        record_event(actor, "plan-moved", plan, school=student.school)
    else:
        if keep_until <= student.school.today():
            raise DomainError(_("Choose a day after today."))
        plan.review_on = keep_until
        record_event(actor, "plan-kept", plan, school=student.school, until=keep_until.isoformat())
    plan.save(update_fields=["state", "outcome", "ended_on", "review_on"])
    return plan
