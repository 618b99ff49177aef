"""Pages of requests for assistance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from datareview.requests import services
from datareview.requests.forms import RequestForm
from datareview.requests.permissions import requests_visible_to, students_to_ask_for
from datareview.requests.queries import request_list
from teams.lib import formats
from teams.lib.http import render_form, render_page, run_service, save_form

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def assistance_list(request: SchoolRequest) -> HttpResponse:
    """Show the user's requests, and all of the school for who decides about candidates."""
    found = request_list(request.user, request.school, request.GET.dict())
    return render_page(request, "datareview/requests/list.html", {"requests": found, "wanted": request.GET})


def assistance_ask(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Ask for assistance with a student."""
    students = students_to_ask_for(request.user).select_related("school")
    student = get_object_or_404(students, uuid=uuid)
    form = RequestForm(request.POST or None)
    context = {"student": student, "answer_by": services.answer_day(student.school, student.school.today())}
    return save_form(
        request,
        form,
        lambda: services.request_assistance(student, actor=request.user, **form.cleaned_data),
        page=lambda: render_form(request, "datareview/requests/ask.html", form, context),
        then="datareview:assistance-list",
        done=lambda asked: (
            _("Sent. It will be answered by %(day)s; you see here what becomes of it.")
            % {"day": formats.short_day(asked.answer_by)}
        ),
    )


@require_POST
def assistance_withdraw(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Withdraw a request."""
    asked = get_object_or_404(requests_visible_to(request.user), uuid=uuid)
    return run_service(
        request,
        lambda: services.withdraw_request(asked, actor=request.user),
        back="datareview:assistance-list",
        done=_("The request is withdrawn."),
    )
