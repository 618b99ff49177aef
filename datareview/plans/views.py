"""Plans: the caseload, one plan, starting one, and what is done with it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from datareview.flags.permissions import candidates_visible_to
from datareview.plans.forms import WEEKDAYS, PlanForm, ReviewForm, ScoreForm, SessionForm
from datareview.plans.permissions import may_review, plans_visible_to
from datareview.plans.queries.caseload import caseload_of
from datareview.plans.queries.plans import plan_page
from datareview.plans.queries.starting import plan_start
from datareview.plans.services import plans, reviews, scores
from datareview.privacy.services import record_disclosure
from datareview.records.permissions import students_visible_to
from teams.access.permissions import require
from teams.lib.errors import DomainError
from teams.lib.pages import public_id, render_page, wants_partial

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any
    from uuid import UUID

    from django.forms import Form
    from django.http import HttpResponse

    from datareview.flags.models import Candidate
    from datareview.plans.models import Plan
    from datareview.records.models import Student
    from teams.lib.requests import SchoolRequest


def visible_plan(request: SchoolRequest, uuid: UUID) -> Plan:
    """The plan, if the user may see its student; else 404."""
    rows = plans_visible_to(request.user).select_related(
        "student__school", "strategy", "provider__user", "measure", "team", "candidate"
    )
    return get_object_or_404(rows, uuid=uuid)


def plan_list(request: SchoolRequest) -> HttpResponse:
    """The caseload."""
    context = {
        "caseload": caseload_of(request.user, request.school, request.GET.dict()),
        "wanted": request.GET,
    }
    return render_page(request, "datareview/plans/list.html", context, partial="caseload")


def plan_start_form(request: SchoolRequest) -> HttpResponse:
    """Start a plan for a student, from what the data say."""
    student, candidate = _whom(request)
    require(request.user, "start_plan", student.school)
    start = plan_start(student, candidate, request.user, typed_numbers(request))
    form = PlanForm(request.POST or None, student=student, loads=start.loads, initial=start.initial)
    context = {"form": form, "student": student, "candidate": candidate, "start": start}
    if request.method == "POST" and form.is_valid():
        try:
            values = plans.plan_values(form.cleaned_data)
            return redirect(plans.start_plan(student, actor=request.user, candidate=candidate, **values))
        except plans.PlanRunning as error:
            context["running"] = error
        except DomainError as error:
            form.add_error(None, str(error))
    status = 422 if form.errors or "running" in context else 200
    return render_page(request, "datareview/plans/start.html", context, partial="numbers", status=status)


def typed_numbers(request: SchoolRequest) -> dict[str, str]:
    """What was typed so far; another measure asks for new figures."""
    typed = (request.POST or request.GET).dict()
    if "fresh" in typed:
        return {"measure": typed.get("measure", "")}
    return typed


def _whom(request: SchoolRequest) -> tuple[Student, Candidate | None]:
    """The student of the address, and the candidate the plan answers, if any."""
    if request.GET.get("candidate"):
        rows = candidates_visible_to(request.user).select_related("student__school")
        candidate = get_object_or_404(rows, uuid=public_id(request.GET["candidate"]))
        return candidate.student, candidate
    students = students_visible_to(request.user).select_related("school")
    return get_object_or_404(students, uuid=public_id(request.GET.get("student"))), None


def plan_detail(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """One plan; opening it is logged."""
    plan = visible_plan(request, uuid)
    record_disclosure(plan.student, reader=request.user, what="plan-page")
    return _page(request, plan)


@require_POST
def session_log(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Log a session; from the caseload one tap, and one stays there."""
    plan, form = visible_plan(request, uuid), SessionForm(request.POST)
    done = _("Session of %(student)s logged.") % {"student": plan.student}
    return _do(
        request, plan, "session_form", form, done, partial(plans.log_session, plan, actor=request.user)
    )


@require_POST
def score_enter(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Enter a score."""
    plan, form = visible_plan(request, uuid), ScoreForm(request.POST)
    done = _("Score saved. Trends are being computed again.")
    work = partial(scores.enter_score, plan.student, plan.measure, actor=request.user)
    return _do(request, plan, "score_form", form, done, work)


def plan_review(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Decide what happens next, with the data of the moment beside it."""
    plan = visible_plan(request, uuid)
    if not may_review(request.user, plan):
        raise PermissionDenied
    page = plan_page(request.user, plan)
    start = {"due_on": plan.review_on, "next_review_on": page.next_review_on}
    form = ReviewForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            reviews.review_plan(plan, actor=request.user, **form.cleaned_data)
            messages.success(request, _("The decision is kept with its data."))
            return redirect(plan)
        except DomainError as error:
            form.add_error(None, str(error))
    if request.method == "GET":
        record_disclosure(plan.student, reader=request.user, what="plan-review")
    context = {"page": page, "form": form}
    return render_page(request, "datareview/plans/review.html", context, status=422 if form.errors else 200)


def _do(
    request: SchoolRequest, plan: Plan, name: str, form: Form, done: str, work: Callable[..., Any]
) -> HttpResponse:
    """Do ``work`` with valid data and go back; else the plan's page with the form as it was typed."""
    if form.is_valid():
        try:
            work(**form.cleaned_data)
        except DomainError as error:
            if wants_partial(request):  # the row shows what is logged instead
                return redirect("datareview:plan-list")
            form.add_error(None, str(error))
        else:
            if not wants_partial(request):
                messages.success(request, done)
            return redirect("datareview:plan-list") if request.POST.get("from") == "list" else redirect(plan)
    return _page(request, plan, status=422, **{name: form})


def _page(request: SchoolRequest, plan: Plan, *, status: int = 200, **forms: Form) -> HttpResponse:
    page = plan_page(request.user, plan)
    context = {
        "page": page,
        "weekdays": [name for number, name in WEEKDAYS if number in plan.weekdays],
        "session_form": SessionForm(initial={"held_on": page.today, "minutes": plan.minutes}),
        "score_form": ScoreForm(initial={"taken_on": page.today}),
        **forms,
    }
    return render_page(request, "datareview/plans/detail.html", context, status=status)
