"""The page that chooses a student's case lead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from datareview.case_leads.forms import CaseLeadForm
from datareview.case_leads.services import set_case_lead
from datareview.records.permissions import students_visible_to
from teams.access.permissions import require_ability
from teams.lib.http import render_form, save_form

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def case_lead_edit(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show or choose who leads the case of a student."""
    rows = students_visible_to(request.user).select_related("school", "case_lead__user")
    student = get_object_or_404(rows, uuid=uuid)
    require_ability(request.user, "triage", student.school)
    form = CaseLeadForm(request.POST or None, student=student)

    def newest() -> dict[str, object]:
        lead = rows.get(pk=student.pk).case_lead
        return {"seen": str(lead.uuid) if lead else ""}

    return save_form(
        request,
        form,
        lambda: set_case_lead(
            student, form.cleaned_data["lead"], actor=request.user, seen=form.cleaned_data["seen"]
        ),
        page=lambda: render_form(request, "datareview/case_leads/edit.html", form, {"student": student}),
        then=student,
        done=_("Saved."),
        field="lead",
        newest=newest,
    )
