"""Change what a plan or a group is measured by, undo it, and show on a plan what measured it before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from datareview.delivery.http import visible_group
from datareview.delivery.permissions import may_arrange
from datareview.delivery.queries.starting import figure_field
from datareview.plans.permissions import may_review
from datareview.plans.services.several import PlansRefused
from datareview.progress.http import visible_plan
from datareview.progress.services.changes import plan_version
from datareview.remeasuring import services
from datareview.remeasuring.forms import RemeasureForm
from datareview.remeasuring.queries import (
    another_measure,
    group_of,
    obstacle_to_undo_measure,
    past_phases,
    plans_measured_with,
)
from teams.lib.errors import DomainError
from teams.lib.http import render_form, run_service, save_form

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from uuid import UUID

    from django.http import HttpResponse, QueryDict

    from datareview.plans.models import Plan, PlanGroup
    from teams.lib.requests import SchoolRequest

T = TypeVar("T")
TEMPLATE = "datareview/remeasuring/change.html"


def plan_measure_change(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Measure a plan by something else from today on; a plan in a group changes with its group."""
    plan = visible_plan(request, uuid)
    if not may_review(request.user, plan):
        raise PermissionDenied
    if request.method == "GET" and (group := group_of(plan)) and may_arrange(request.user, group):
        return redirect("datareview:plan-group-measure-change", group.uuid)
    form = _form(request, request.POST or None, [plan], plan_version(plan))

    def newest() -> dict[str, object]:
        plan.refresh_from_db()
        return {"seen": plan_version(plan)}

    def work() -> Plan:
        baseline, goal = form.figures_by_plan()[plan.pk]
        return services.remeasure_plan(
            plan, actor=request.user, baseline=baseline, goal=goal, **_shared(form)
        )

    return save_form(
        request,
        form,
        lambda: _saved(form, work),
        page=lambda: _page(request, form, {"plan": plan, "back": plan}),
        then=plan,
        done=_("The measure is changed."),
        newest=newest,
    )


def plan_group_measure_change(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Measure a group and the plans of all its members by something else from today on."""
    group = visible_group(request, uuid)
    if not may_arrange(request.user, group):
        raise PermissionDenied
    plans = plans_measured_with(group)
    if not plans:
        return redirect(group)
    form = _form(request, request.POST or None, plans, group.version)

    def newest() -> dict[str, object]:
        group.refresh_from_db()
        return {"seen": group.version}

    def work() -> PlanGroup:
        shared = _shared(form) | {"seen": int(form.cleaned_data["seen"] or -1)}
        return services.remeasure_group(group, actor=request.user, figures=form.figures_by_plan(), **shared)

    return save_form(
        request,
        form,
        lambda: _saved(form, work),
        page=lambda: _page(request, form, {"plan": plans[0], "group": group, "back": group}),
        then=group,
        done=_("The measure is changed."),
        newest=newest,
    )


@require_POST
def plan_measure_undo(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Undo the last change of a plan's measure."""
    plan = visible_plan(request, uuid)
    return run_service(
        request,
        lambda: services.undo_measure(plan, actor=request.user),
        back=plan,
        done=_("The plan is measured as before."),
    )


def measures_panel(request: SchoolRequest, plan: Plan) -> str | None:
    """What measured a plan before, for its page."""
    phases = past_phases(plan)
    if not phases:
        return None
    group = phases[0].past.group
    may_undo = may_review(request.user, plan) and (group is None or may_arrange(request.user, group))
    context = {
        "plan": plan,
        "phases": phases,
        "may_undo": may_undo and not obstacle_to_undo_measure(plan, phases[0].past),
        "group": group,
    }
    return render_to_string("datareview/remeasuring/_past.html", context, request)


def measures_review_panel(request: SchoolRequest, plan: Plan) -> str | None:
    """What measured a plan before, beside the form of its review."""
    if not (phases := past_phases(plan)):
        return None
    return render_to_string("datareview/remeasuring/_past.html", {"plan": plan, "phases": phases}, request)


def _form(
    request: SchoolRequest, data: QueryDict | None, plans: Sequence[Plan], seen: object
) -> RemeasureForm:
    sent = {name: str(value) for name, value in (data or request.GET).items()}
    return RemeasureForm(data, plans=plans, start=another_measure(plans, sent), seen=seen)


def _shared(form: RemeasureForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in ("measure", "goal_on", "why", "seen")}


def _page(request: SchoolRequest, form: RemeasureForm, context: dict[str, object]) -> HttpResponse:
    return render_form(request, TEMPLATE, form, context, partial="figures")


def _saved(form: RemeasureForm, work: Callable[[], T]) -> T:
    """Run ``work``; the reason a plan can't change is shown at its figures."""
    try:
        return work()
    except PlansRefused as error:
        for entrant in form.entrants:
            if sentence := error.problems.get(entrant.student.pk):
                form.add_error(figure_field("baseline", entrant.student.uuid), sentence)
        raise DomainError(_("Nothing was saved. See below.")) from error
