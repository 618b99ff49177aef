"""Pages of the trend report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse

from datareview.records.queries.cohorts import cohort_of, cohorts_of
from datareview.reports.forms import ReportForm
from datareview.reports.queries.report import Report, report_of
from teams.documents.pdf import can_make_pdf
from teams.documents.services import request_from_maker
from teams.lib.errors import DomainError
from teams.lib.http import render_page

if TYPE_CHECKING:
    from django.http import HttpResponse

    from datareview.records.queries.cohorts import Cohort
    from teams.lib.requests import SchoolRequest


NAMED = 20  # students without a score, of each measure


def report_show(request: SchoolRequest) -> HttpResponse:
    """Show the report of the chosen cohort, by default of the user's first team; with ``chance``, all moves.

    With ``missing``, all students without a score are named, otherwise the first of each measure.
    """
    form = _form(request)
    report = _report(request, form) if form.is_valid() and form.first else None
    context = {"form": form, "report": report, "can_make_pdf": can_make_pdf()}
    return render_page(
        request, "datareview/reports/show.html", context, partial="report", status=422 if form.errors else 200
    )


def report_download(request: SchoolRequest) -> HttpResponse:
    """Ask for the report as PDF, which a worker computes."""
    form = _form(request)
    if not (form.is_valid() and form.first):
        raise Http404
    cohort = _cohort(request, form)
    options = {"of": cohort.key, "since": form.cleaned_data["since"].isoformat()}
    page = reverse("datareview:report-show")
    try:
        document = request_from_maker(request, "datareview.report", options, name=cohort.name, page=page)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(f"{page}?{request.GET.urlencode()}")
    return redirect(document)


def _form(request: SchoolRequest) -> ReportForm:
    return ReportForm(request.GET, school=request.school, cohorts=cohorts_of(request.user, request.school))


def _cohort(request: SchoolRequest, form: ReportForm) -> Cohort:
    cohort = cohort_of(request.user, request.school, form.cleaned_data["of"])
    if cohort is None:
        raise Http404
    return cohort


def _report(request: SchoolRequest, form: ReportForm) -> Report:
    return report_of(
        request.user,
        _cohort(request, form),
        form.cleaned_data["since"],
        with_chance="chance" in request.GET,
        most_named=None if "missing" in request.GET else NAMED,
    )
