"""The page that starts a plan for a student."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from datareview.flags.permissions import candidates_visible_to
from datareview.plans.forms import PlanForm
from datareview.plans.queries.starting import plan_start
from datareview.plans.services import plans
from datareview.plans.services.checks import Conflicts
from datareview.records.permissions import students_visible_to
from teams.access.permissions import require_ability
from teams.lib.errors import DomainError
from teams.lib.http import render_form, save_form
from teams.lib.parameters import public_id

if TYPE_CHECKING:
    from django.http import HttpResponse

    from datareview.flags.models import Candidate
    from datareview.plans.models import Plan
    from datareview.records.models import Student
    from teams.lib.requests import SchoolRequest


def plan_start_form(request: SchoolRequest) -> HttpResponse:
    """Start a plan for a student, with values suggested from the data."""
    student, candidate = _whom(request)
    require_ability(request.user, "start_plan", student.school)
    start = plan_start(student, candidate, request.user, typed_numbers(request))
    form = PlanForm(request.POST or None, student=student, start=start)
    context: dict[str, object] = {"student": student, "candidate": candidate, "start": start}
    region = "schedule" if "schedule" in request.GET else "numbers"

    def work() -> Plan:
        values = plans.plan_values(form.with_family())
        try:
            return plans.start_plan(student, actor=request.user, candidate=candidate, **values)
        except Conflicts as error:
            form.conflicts = error.sentences
            raise DomainError(_("Please read what speaks against it, then save again.")) from error

    page = partial(render_form, request, "datareview/plans/start.html", form, context, partial=region)
    try:
        return save_form(
            request,
            form,
            work,
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
        return {name: typed.get(name, "") for name in ("measure", "strategy", "starts_on")}
    return typed


def _whom(request: SchoolRequest) -> tuple[Student, Candidate | None]:
    """The student in the query string, and the candidate for whom the plan is, if any."""
    if request.GET.get("candidate"):
        rows = candidates_visible_to(request.user).select_related("student__school")
        candidate = get_object_or_404(rows, uuid=public_id(request.GET["candidate"]))
        return candidate.student, candidate
    students = students_visible_to(request.user).select_related("school")
    return get_object_or_404(students, uuid=public_id(request.GET.get("student"))), None
