"""Pages of the caseload and of plans; starting, logging and reviewing plans."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from datareview.flags.permissions import candidates_visible_to
from datareview.plans.permissions import may_review, plans_visible_to
from datareview.plans.queries.starting import plan_start
from datareview.plans.services import plans
from datareview.privacy.services import record_disclosure
from datareview.progress.forms import WEEKDAYS, CaseloadFilter, PlanForm, ReviewForm, ScoreForm, SessionForm
from datareview.progress.queries.caseload import caseload_of
from datareview.progress.queries.plan_page import plan_page
from datareview.progress.services import reviews, scores
from datareview.records.permissions import students_visible_to
from teams.access.permissions import require_ability
from teams.lib.errors import DomainError
from teams.lib.http import render_form, save_form
from teams.lib.pages import render_page, wants_partial
from teams.lib.parameters import public_id

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.forms import Form
    from django.http import HttpResponse

    from datareview.flags.models import Candidate
    from datareview.plans.models import Plan
    from datareview.records.models import Student
    from teams.lib.requests import SchoolRequest


def visible_plan(request: SchoolRequest, uuid: UUID) -> Plan:
    """The plan if the user may see its student, otherwise 404."""
    rows = plans_visible_to(request.user).select_related(
        "student__school", "strategy", "provider__user", "measure", "team", "candidate"
    )
    return get_object_or_404(rows, uuid=uuid)


def plan_list(request: SchoolRequest) -> HttpResponse:
    """Show the caseload."""
    caseload = caseload_of(request.user, request.school, request.GET.dict())
    context = {
        "caseload": caseload,
        "wanted": request.GET,
        "filters": CaseloadFilter(request.GET, caseload),
    }
    return render_page(request, "datareview/progress/list.html", context, partial="caseload")


def plan_start_form(request: SchoolRequest) -> HttpResponse:
    """Start a plan for a student, with values suggested from the data."""
    student, candidate = _whom(request)
    require_ability(request.user, "start_plan", student.school)
    start = plan_start(student, candidate, request.user, typed_numbers(request))
    form = PlanForm(request.POST or None, student=student, start=start)
    context: dict[str, object] = {"student": student, "candidate": candidate, "start": start}
    page = partial(render_form, request, "datareview/plans/start.html", form, context, partial="numbers")
    try:
        return save_form(
            request,
            form,
            lambda: plans.start_plan(
                student, actor=request.user, candidate=candidate, **plans.plan_values(form.cleaned_data)
            ),
            page=page,
            then=lambda plan: plan,
        )
    except plans.PlanRunning as running:
        context["running"] = running
        response = page()
        response.status_code = 422
        return response


def typed_numbers(request: SchoolRequest) -> dict[str, str]:
    """Values typed so far; choosing another measure resets the figures."""
    typed = (request.POST or request.GET).dict()
    if "fresh" in typed:
        return {"measure": typed.get("measure", "")}
    return typed


def _whom(request: SchoolRequest) -> tuple[Student, Candidate | None]:
    """The student in the query string, and the candidate for whom the plan is, if any."""
    if request.GET.get("candidate"):
        rows = candidates_visible_to(request.user).select_related("student__school")
        candidate = get_object_or_404(rows, uuid=public_id(request.GET["candidate"]))
        return candidate.student, candidate
    students = students_visible_to(request.user).select_related("school")
    return get_object_or_404(students, uuid=public_id(request.GET.get("student"))), None


def plan_detail(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show a plan, and log the disclosure."""
    plan = visible_plan(request, uuid)
    record_disclosure(plan.student, reader=request.user, what="plan-page")
    return _page(request, plan)


@require_POST
def session_log(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Log a session; a request from the caseload returns there."""
    plan, form = visible_plan(request, uuid), SessionForm(request.POST)
    done = _("Session of %(student)s logged.") % {"student": plan.student}
    return _note(
        request,
        plan,
        "session_form",
        form,
        lambda: plans.log_session(plan, actor=request.user, **form.cleaned_data),
        done,
    )


@require_POST
def score_enter(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Enter a score."""
    plan, form = visible_plan(request, uuid), ScoreForm(request.POST)
    done = _("Score saved. Trends are being updated.")
    return _note(
        request,
        plan,
        "score_form",
        form,
        lambda: scores.enter_score(plan.student, plan.measure, actor=request.user, **form.cleaned_data),
        done,
    )


def plan_review(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Review a plan, with current data next to the form."""
    plan = visible_plan(request, uuid)
    if not may_review(request.user, plan):
        raise PermissionDenied
    page = plan_page(request.user, plan)
    start = {"due_on": plan.review_on, "next_review_on": page.next_review_on}
    form = ReviewForm(request.POST or None, initial=start)

    def page_of() -> HttpResponse:
        if request.method == "GET":
            record_disclosure(plan.student, reader=request.user, what="plan-review")
        return render_form(request, "datareview/progress/review.html", form, {"page": page})

    return save_form(
        request,
        form,
        lambda: reviews.review_plan(plan, actor=request.user, **form.cleaned_data),
        page=page_of,
        then=plan,
        done=_("The decision is saved with its data."),
    )


def _note(
    request: SchoolRequest, plan: Plan, name: str, form: Form, work: Callable[[], object], done: str
) -> HttpResponse:
    """Run ``work`` if the form is valid, and return to the plan or the caseload."""
    if request.POST.get("from") == "list" and form.is_valid():
        try:  # nothing was typed: the caseload shows what is stored by now
            work()
            if not wants_partial(request):
                messages.success(request, done)
        except DomainError as error:
            messages.error(request, str(error))
        return redirect("datareview:plan-list")
    return save_form(
        request,
        form,
        work,
        page=lambda: _page(request, plan, status=422, **{name: form}),
        then=plan,
        done=done,
        region=lambda: redirect("datareview:plan-list"),
    )


def _page(request: SchoolRequest, plan: Plan, *, status: int = 200, **forms: Form) -> HttpResponse:
    page = plan_page(request.user, plan)
    context = {
        "page": page,
        "weekdays": [name for number, name in WEEKDAYS if number in plan.weekdays],
        "session_form": SessionForm(initial={"held_on": page.today, "minutes": plan.minutes}),
        "score_form": ScoreForm(initial={"taken_on": page.today}),
        **forms,
    }
    return render_page(request, "datareview/progress/detail.html", context, status=status)
