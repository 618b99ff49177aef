"""Plan and cancel a change of role, and do those whose day has come."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from teams.access.permissions import require_ability
from teams.account.services.joining import lock_people
from teams.audit.services import record_event
from teams.directory.models import Staff
from teams.lib import clock
from teams.lib.errors import DomainError, StaleEdit
from teams.logs.security import log_security_event
from teams.people.services.changing import change_roles, check_roles
from teams.role_plans.models import RolePlan

if TYPE_CHECKING:
    from teams.directory.models import User

PROBLEM_LENGTH = 300


@transaction.atomic
def plan_role(
    staff: Staff, *, actor: User, role: str, also: str, starts_on: dt.date, seen: str = ""
) -> RolePlan:
    """Let ``staff`` have another role from a later day on; it replaces an earlier plan.

    ``seen`` is `RolePlan.state` of the plan that the actor saw, empty without one; a different one raises `StaleEdit`.
    """
    school = staff.school
    require_ability(actor, "edit_people", school)
    school = lock_people(school)
    staff = Staff.objects.select_related("user", "school").get(pk=staff.pk)
    known = RolePlan.objects.filter(staff=staff).first()
    if (known.state if known else "") != seen:
        raise StaleEdit(
            _("Someone changed this while you were writing."), current=str(known) if known else _("Canceled")
        )
    check_roles(role, also)
    if starts_on <= school.today():
        raise DomainError(_("Choose a later day, or give the role now."))
    if staff.ends_on and staff.ends_on < starts_on:
        raise DomainError(_("%(name)s has left by that day.") % {"name": staff})
    if (role, also) == (staff.role, staff.also):
        raise DomainError(_("%(name)s has this role already.") % {"name": staff})
    values = {"role": role, "also": also, "starts_on": starts_on, "planned_by": actor, "problem": ""}
    plan, _is_new = RolePlan.objects.update_or_create(staff=staff, defaults=values)
    facts: dict[str, Any] = {"role": role, "also": also, "starts_on": starts_on.isoformat()}
    record_event(actor, "planned-role", staff, school=school, **facts)
    log_security_event("role planned", person=staff.user, school=school.pk, **facts)
    return plan


@transaction.atomic
def cancel_role_plan(plan: RolePlan, *, actor: User) -> None:
    """Cancel a planned change of role; one that was done or canceled meanwhile is gone already."""
    school = plan.staff.school
    require_ability(actor, "edit_people", school)
    lock_people(school)
    gone, _rows = RolePlan.objects.filter(pk=plan.pk).delete()
    if gone:
        record_event(actor, "canceled-role-plan", plan.staff, school=school, role=plan.role)
        log_security_event("role plan canceled", person=plan.staff.user, school=school.pk, role=plan.role)


def do_planned_roles() -> int:
    """Do the planned changes whose day has come at their schools. Returns how many were done.

    They are done also if who planned them has left. A change that is refused keeps its plan with the reason, and is
    tried again. The plan of someone who left is dropped.
    """
    tomorrow = clock.server_day() + dt.timedelta(days=1)
    due = RolePlan.objects.filter(starts_on__lte=tomorrow).order_by("starts_on", "pk")
    return sum(_do(plan) for plan in due.select_related("staff__school"))


def _do(plan: RolePlan) -> bool:
    """Do one planned change. Returns whether it was done."""
    staff, school = plan.staff, plan.staff.school
    today = school.today()
    if plan.starts_on > today:
        return False
    if staff.ends_on and staff.ends_on < today:
        RolePlan.objects.filter(pk=plan.pk).delete()
        return False
    try:
        with transaction.atomic():
            lock_people(school)
            if not RolePlan.objects.filter(pk=plan.pk).delete()[0]:
                return False  # canceled at this moment
            change_roles(school, [staff], role=plan.role, also=plan.also, actor=None)
    except DomainError as error:
        RolePlan.objects.filter(pk=plan.pk).update(problem=str(error)[:PROBLEM_LENGTH])
        return False
    return True
