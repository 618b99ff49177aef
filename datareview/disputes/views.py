"""Pages of disputed values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from datareview.disputes import services
from datareview.disputes.forms import AnswerForm, DisputeForm
from datareview.disputes.permissions import disputes_visible_to, may_answer
from datareview.disputes.queries.disputes import dispute_list
from datareview.disputes.queries.values import newest_of_concern, texts_now, values_of
from datareview.flags.permissions import candidates_visible_to
from datareview.records.permissions import students_visible_to
from datareview.requests.services import answer_day
from teams.access.permissions import can
from teams.lib import formats
from teams.lib.http import render_form, render_page, run_service, save_form
from teams.lib.parameters import public_id

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from datareview.disputes.models import Dispute
    from datareview.flags.models import Candidate
    from datareview.records.models import Student
    from teams.lib.requests import SchoolRequest


def dispute_list_page(request: SchoolRequest) -> HttpResponse:
    """Show disputed values: those that wait for the user, those the user opened, or all that the user may see."""
    found = dispute_list(request.user, request.school, request.GET.dict())
    return render_page(request, "datareview/disputes/list.html", {"disputes": found})


def dispute_open(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Say that a value of a student is wrong; of a candidate in the query string, the decision then waits."""
    student = get_object_or_404(students_visible_to(request.user).select_related("school"), uuid=uuid)
    candidate = _candidate(request, student)
    wanted = request.GET.get("value", "")
    values = values_of(student, wanted)
    if candidate and not wanted:
        wanted = newest_of_concern(candidate, values)
    form = DisputeForm(request.POST or None, values=values, initial={"value": wanted})
    context = {
        "student": student,
        "candidate": candidate,
        "answer_by": answer_day(student.school, student.school.today()),
    }
    return save_form(
        request,
        form,
        lambda: services.open_dispute(student, actor=request.user, candidate=candidate, **form.arguments()),
        page=lambda: render_form(request, "datareview/disputes/open.html", form, context),
        then="datareview:desk-show" if candidate else student,
        done=lambda dispute: (
            _("Sent. It will be answered by %(day)s; until then the value shows as disputed.")
            % {"day": formats.short_day(dispute.answer_by)}
        ),
    )


def dispute_answer(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show a dispute, and answer it."""
    dispute = _visible(request, uuid)
    form = AnswerForm(request.POST or None)
    context = {
        "dispute": dispute,
        "texts": texts_now(dispute),
        "may_answer": dispute.state == dispute.State.OPEN and may_answer(request.user, dispute),
    }
    if request.method == "POST" and not may_answer(request.user, dispute):
        raise PermissionDenied
    return save_form(
        request,
        form,
        lambda: services.answer_dispute(dispute, actor=request.user, **form.cleaned_data),
        page=lambda: render_form(request, "datareview/disputes/answer.html", form, context),
        then="datareview:dispute-list",
        done=lambda answered: _("%(who)s sees your answer.") % {"who": answered.asked_by.short_name},
    )


@require_POST
def dispute_withdraw(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Take back that a value is wrong."""
    dispute = _visible(request, uuid)
    return run_service(
        request,
        lambda: services.withdraw_dispute(dispute, actor=request.user),
        back="datareview:dispute-list",
        done=_("The value is no longer disputed."),
    )


def _visible(request: SchoolRequest, uuid: UUID) -> Dispute:
    rows = disputes_visible_to(request.user).select_related(
        "student__school", "measure", "section", "incident", "asked_by", "owner", "answered_by"
    )
    return get_object_or_404(rows, uuid=uuid)


def _candidate(request: SchoolRequest, student: Student) -> Candidate | None:
    """The candidate in the query string, about whom the user may decide."""
    if not request.GET.get("candidate"):
        return None
    if not can(request.user, "triage", student.school):
        raise PermissionDenied
    rows = candidates_visible_to(request.user).filter(student=student)
    return get_object_or_404(rows, uuid=public_id(request.GET["candidate"]))
