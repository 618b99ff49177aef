"""Plans: the caseload, one plan, starting one, and what is done with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from datareview.forms.plans import PlanForm, ReviewForm, ScoreForm, SessionForm
from datareview.permissions import candidates_visible_to, plans_visible_to, students_visible_to
from datareview.queries.plan_starts import plan_start
from datareview.queries.plans import caseload_of, plan_page
from datareview.services import plans, reviews, scores
from datareview.services.disclosures import record_disclosure
from teams.lib.errors import DomainError
from teams.lib.pages import render_page
from teams.permissions import require

if TYPE_CHECKING:
    from uuid import UUID

    from django.forms import Form
    from django.http import HttpResponse

    from datareview.models import Plan
    from teams.lib.requests import SchoolRequest


def visible_plan(request: SchoolRequest, uuid: UUID) -> Plan:
    """The plan, if the user may see its student; else 404."""
    rows = plans_visible_to(request.user).select_related(
        "student__school", "strategy", "provider__user", "measure", "team", "candidate"
    )
    return get_object_or_404(rows, uuid=uuid)


def plan_list(request: SchoolRequest) -> HttpResponse:
    """The caseload."""
    context = {"rows": caseload_of(request.user, request.school, request.GET.dict()), "wanted": request.GET}
    return render_page(request, "datareview/plans/list.html", context, partial="caseload")


def plan_start_form(request: SchoolRequest) -> HttpResponse:
    """Start a plan for a student, from what the data say."""
    student, candidate = _whom(request)
    require(request.user, "start_plan", student.school)
    start = plan_start(student, candidate)
    form = PlanForm(request.POST or None, student=student, initial=start.initial)
    if request.method == "POST" and form.is_valid():
        try:
            values = plans.plan_values(form.cleaned_data)
            return redirect(plans.start_plan(student, actor=request.user, candidate=candidate, **values))
        except DomainError as error:
            form.add_error(None, str(error))
    context = {"form": form, "student": student, "candidate": candidate, "start": start}
    return render_page(request, "datareview/plans/start.html", context, status=422 if form.errors else 200)


def _whom(request: SchoolRequest):  # noqa: ANN202 (a pair)
    """The student of the address, and the candidate the plan answers, if any."""
    candidate = None
    if request.GET.get("candidate"):
        rows = candidates_visible_to(request.user).select_related("student__school")
        candidate = get_object_or_404(rows, uuid=request.GET["candidate"])
        return candidate.student, candidate
    if not request.GET.get("student"):
        raise Http404
    students = students_visible_to(request.user).select_related("school")
    return get_object_or_404(students, uuid=request.GET["student"]), None


def plan_detail(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """One plan; opening it is logged."""
    plan = visible_plan(request, uuid)
    record_disclosure(plan.student, reader=request.user, what="plan-page")
    return _page(request, plan)


@require_POST
def session_log(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Log a session."""
    plan, form = visible_plan(request, uuid), SessionForm(request.POST)
    done = _("Session logged.")
    return _do(request, plan, "session_form", form, done, lambda data: plans.log_session(plan, actor=request.user, **data))


@require_POST
def score_enter(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Enter a score."""
    plan, form = visible_plan(request, uuid), ScoreForm(request.POST)
    done = _("Score saved. Trends are being computed again.")
    return _do(request, plan, "score_form", form, done, lambda data: scores.enter_score(plan, actor=request.user, **data))


@require_POST
def plan_review(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Decide what happens next."""
    plan, form = visible_plan(request, uuid), ReviewForm(request.POST)
    done = _("The decision is kept with its data.")
    return _do(request, plan, "review_form", form, done, lambda data: reviews.review_plan(plan, actor=request.user, **data))


def _do(request: SchoolRequest, plan: Plan, name: str, form: Form, done: str, work) -> HttpResponse:  # noqa: ANN001
    """Do ``work`` with valid data and go back to the plan; else the page with the form as it was typed."""
    if form.is_valid():
        try:
            work(form.cleaned_data)
            messages.success(request, done)
            return redirect(plan)
        except DomainError as error:
            form.add_error(None, str(error))
    return _page(request, plan, status=422, **{name: form})


def _page(request: SchoolRequest, plan: Plan, *, status: int = 200, **forms: Form) -> HttpResponse:
    page = plan_page(request.user, plan)
    context = {
        "page": page,
        "session_form": SessionForm(initial={"held_on": page.today, "minutes": plan.minutes}),
        "score_form": ScoreForm(initial={"taken_on": page.today}),
        "review_form": ReviewForm(initial={"due_on": plan.review_on}),
        **forms,
    }
    return render_page(request, "datareview/plans/detail.html", context, status=status)
