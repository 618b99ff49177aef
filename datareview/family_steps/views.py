"""Write down a family step between decisions, remove it; a plan's page shows all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from datareview.family_steps.forms import StepForm
from datareview.family_steps.queries import asks_family, family_steps_of, own_steps
from datareview.family_steps.services import NewStep, add_family_step, remove_family_step
from datareview.records.permissions import students_visible_to
from teams.lib.http import run_service
from teams.lib.parameters import public_id

if TYPE_CHECKING:
    from typing import Any
    from uuid import UUID

    from django.http import HttpResponse

    from datareview.family_steps.models import FamilyStep
    from teams.lib.requests import SchoolRequest


@require_POST
def family_step_add(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Write down a step for a student, about the plan that the form names."""
    student = get_object_or_404(students_visible_to(request.user).select_related("school"), uuid=uuid)
    plan = None
    if request.POST.get("plan"):
        plan = get_object_or_404(student.plans, uuid=public_id(request.POST["plan"]))
    form = StepForm(request.POST)

    def work() -> FamilyStep:
        step = form.family() or NewStep("", "")
        return add_family_step(student, plan.pk if plan else None, actor=request.user, step=step)

    return run_service(request, work, back=plan or student, done=_("Saved."), form=form)


@require_POST
def family_step_remove(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Remove one's own step, or restore it with "back"."""
    step = get_object_or_404(own_steps(request.user), uuid=uuid)
    back = "back" in request.POST
    return run_service(
        request,
        lambda: remove_family_step(step, actor=request.user, back=back),
        back=step.plan or step.student,
        done=_("It is on the page again.") if back else _("It is removed."),
    )


def family_panel(request: SchoolRequest, plan: Any) -> str:
    """The family steps of a plan, with the form for another."""
    context = {
        "plan": plan,
        "steps": family_steps_of(plan.pk, request.user),
        "asks": asks_family(plan.student.school_id),
        "form": StepForm(auto_id="contact-%s", initial={"family_on": plan.student.school.today()}),
    }
    return render_to_string("datareview/family_steps/_panel.html", context, request)
