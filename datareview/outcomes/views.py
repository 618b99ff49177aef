"""Pages of questions, and the same as files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from datareview.outcomes.forms import PeriodForm
from datareview.outcomes.permissions import ASKED_WITH, may_ask
from datareview.outcomes.queries.answers import Asked, export_rows
from datareview.outcomes.queries.asking import answer_of, overview_of, releases_of
from datareview.outcomes.queries.effects import effects_of
from datareview.plans.permissions import plans_visible_to
from teams.documents.pdf import can_make_pdf
from teams.documents.services import request_from_maker
from teams.lib.csv_export import csv_response
from teams.lib.errors import DomainError
from teams.lib.http import render_page

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def outcome_list(request: SchoolRequest) -> HttpResponse:
    """Show what came of it, and each question with its finding."""
    form = _form(request)
    asked = Asked(request.user, request.school, form.first, form.last)
    overview = overview_of(asked, form.days if form.chosen else {})
    if not overview.lines:
        raise PermissionDenied
    context = {"overview": overview, "form": form}
    return render_page(request, "datareview/outcomes/list.html", context, partial="outcomes")


def outcome_detail(request: SchoolRequest, key: str) -> HttpResponse:
    """Show the answer to a question."""
    asked, form = _asked(request, key)
    context = {
        "answer": answer_of(asked, key),
        "form": form,
        "releases": releases_of(request.school) if key == "flags" else None,
        "can_make_pdf": can_make_pdf(),
    }
    return render_page(request, "datareview/outcomes/detail.html", context, partial="outcomes")


def outcome_export(request: SchoolRequest, key: str) -> HttpResponse:
    """Send the tables of an answer as CSV."""
    asked, _form = _asked(request, key)
    answer = answer_of(asked, key)
    width = max((len(table.columns) for table in answer.tables), default=1)
    columns = [answer.question, answer.counted, *[""] * (width - 2)]
    return csv_response(f"{key}-{asked.since}-{asked.until}.csv", columns, export_rows(answer))


def outcome_download(request: SchoolRequest, key: str) -> HttpResponse:
    """Ask for an answer as PDF, which a worker makes."""
    asked, _form = _asked(request, key)
    options = {"key": key, "since": asked.since.isoformat(), "until": asked.until.isoformat()}
    page = reverse("datareview:outcome-detail", args=[key])
    try:
        document = request_from_maker(request, "datareview.outcome", options, name=key, page=page)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(f"{page}?{request.GET.urlencode()}")
    return redirect(document)


def plan_effects(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show whether scores were higher during a plan than before it."""
    rows = plans_visible_to(request.user).select_related("student__school", "measure", "strategy")
    page = effects_of(get_object_or_404(rows, uuid=uuid))
    return render_page(request, "datareview/outcomes/effects.html", {"effects": page})


def _form(request: SchoolRequest) -> PeriodForm:
    return PeriodForm(request.GET, request.school)


def _asked(request: SchoolRequest, key: str) -> tuple[Asked, PeriodForm]:
    if key not in ASKED_WITH:
        raise Http404
    if not may_ask(request.user, request.school, key):
        raise PermissionDenied
    form = _form(request)
    return Asked(request.user, request.school, form.first, form.last), form
