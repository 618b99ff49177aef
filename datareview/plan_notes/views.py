"""Write a note about a plan; a plan's page lists those that its reader may read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from datareview.plan_notes.forms import PlanNoteForm
from datareview.plan_notes.queries import plan_notes_of
from datareview.plan_notes.services import write_plan_note
from datareview.progress.http import visible_plan
from datareview.records.models import Student
from teams.lib.http import render_form, save_form

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from datareview.plan_notes.models import PlanNote
    from datareview.plans.models import Plan
    from teams.lib.requests import SchoolRequest


def plan_note_write(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Write a note about a plan or one of its sessions, and say who may read it."""
    plan = visible_plan(request, uuid)
    if plan.student.status != Student.Status.ACTIVE:
        raise PermissionDenied
    form = PlanNoteForm(request.POST or None, plan=plan, user=request.user)

    def work() -> PlanNote:
        values = form.values()
        return write_plan_note(plan, actor=request.user, values=values, session=form.chosen)

    return save_form(
        request,
        form,
        work,
        page=lambda: render_form(request, "datareview/plan_notes/write.html", form, {"plan": plan}),
        then=plan,
        done=_("The note is on the plan, for those who may read it."),
        field="text",
    )


def notes_panel(request: SchoolRequest, plan: Plan) -> str:
    """The notes about a plan that its reader may read."""
    context = {
        "plan": plan,
        "notes": plan_notes_of(request.user, plan),
        "may_write": plan.student.status == Student.Status.ACTIVE,
    }
    return render_to_string("datareview/plan_notes/_panel.html", context, request)
