"""The page of the checks after a plan's end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from datareview.exits.forms import StayEndedForm
from datareview.exits.queries import WELL_ENDED, exit_checks
from datareview.exits.services import leave_ended
from datareview.figures.queries.student import measure_chart
from datareview.hand_scores import services as scores
from datareview.plans.permissions import may_deliver, may_review, plans_visible_to
from datareview.progress.forms import ReopenForm, ScoreForm
from datareview.progress.queries.plan_page import NEXT_REVIEW
from teams.lib.http import render_page, save_form

if TYPE_CHECKING:
    from uuid import UUID

    from django.forms import Form
    from django.http import HttpResponse

    from datareview.plans.models import Plan
    from datareview.records.models import Score
    from teams.lib.requests import SchoolRequest


def plan_exit(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show the checks after the end of a plan, and leave it ended."""
    plan = _ended_plan(request, uuid)
    form = StayEndedForm(request.POST or None)
    return save_form(
        request,
        form,
        lambda: leave_ended(plan, actor=request.user, **form.cleaned_data),
        page=lambda: _page(request, plan, leave_form=form),
        then="datareview:desk-show",
        done=_("The plan stays ended."),
    )


@require_POST
def plan_exit_score(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Enter a score after the end of a plan."""
    plan, form = _ended_plan(request, uuid), ScoreForm(request.POST)

    def work() -> list[Score]:
        try:
            return scores.enter_score(plan.student, plan.measure, actor=request.user, **form.cleaned_data)
        except scores.SecondScores:
            form.asks = True
            raise

    return save_form(
        request,
        form,
        work,
        page=lambda: _page(request, plan, score_form=form),
        then=lambda _entered: request.path.removesuffix("score/"),
        done=_("Score saved. Trends are being updated."),
    )


def _ended_plan(request: SchoolRequest, uuid: UUID) -> Plan:
    rows = plans_visible_to(request.user).select_related(
        "student__school", "strategy", "measure", "provider__user"
    )
    plan = get_object_or_404(rows, uuid=uuid)
    if plan.outcome not in WELL_ENDED:
        raise Http404
    return plan


def _page(request: SchoolRequest, plan: Plan, **forms: Form) -> HttpResponse:
    today = plan.student.school.today()
    checks = exit_checks([plan], today)[plan.pk]
    due = [one for one in checks if one.state != "waiting"]
    context = {
        "plan": plan,
        "checks": checks,
        "asks": bool(due) and due[-1].asks,
        "chart": measure_chart(plan.student, plan.measure),
        "may_review": may_review(request.user, plan),
        "may_score": may_deliver(request.user, plan) and not plan.measure.derived_from,
        "leave_form": StayEndedForm(),
        "score_form": ScoreForm(initial={"taken_on": today}),
        "reopen_form": ReopenForm(
            auto_id="reopen-%s", initial={"next_review_on": max(today, plan.review_on) + NEXT_REVIEW}
        ),
        **forms,
    }
    status = 422 if any(form.errors for form in forms.values() if form.is_bound) else 200
    return render_page(request, "datareview/exits/show.html", context, status=status)
