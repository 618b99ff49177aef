"""Pages of a change of role on a later day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from teams.lib.http import render_form, run_service, save_form
from teams.people.http import visible_person
from teams.people.queries.role_change import losses_of
from teams.role_plans.forms import RolePlanForm
from teams.role_plans.queries import role_plan_of
from teams.role_plans.services import cancel_role_plan, plan_role

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def role_plan(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Plan a change of role; what it takes away is on the page of the plan."""
    staff = visible_person(request, uuid)
    plan = role_plan_of(staff)
    form = RolePlanForm.starting_with(request.POST or None, staff, plan)
    losses = losses_of(staff, roles=plan.both) if plan else None
    context = {"staff": staff, "plan": plan, "losses": losses}

    def newest() -> dict[str, object]:
        now = role_plan_of(staff)
        return {"seen": now.state if now else ""}

    return save_form(
        request,
        form,
        lambda: plan_role(staff, actor=request.user, **form.cleaned_data),
        page=lambda: render_form(request, "teams/role_plans/plan.html", form, context),
        then=reverse("teams:role-plan", args=[staff.uuid]),
        done=lambda plan: _("Planned: %(plan)s.") % {"plan": plan},
        field="starts_on",
        newest=newest,
    )


@require_POST
def role_plan_cancel(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Cancel a planned change of role."""
    staff = visible_person(request, uuid)
    plan = role_plan_of(staff)
    if plan is None:
        raise Http404
    return run_service(
        request,
        lambda: cancel_role_plan(plan, actor=request.user),
        back=reverse("teams:person-detail", args=[staff.uuid]),
        done=_("The change of role is canceled."),
    )
