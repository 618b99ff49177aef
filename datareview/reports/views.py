"""Pages of the trend report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse

from datareview.cohorts.queries import cohort_of, cohorts_of
from datareview.reports.forms import ReportForm
from datareview.reports.queries.kept import basis_of
from datareview.reports.queries.report import report_of
from datareview.reports.services import is_prepared_first
from teams.documents.pdf import can_make_pdf
from teams.documents.services import request_from_maker
from teams.lib.errors import DomainError
from teams.lib.http import render_page

if TYPE_CHECKING:
    from django.http import HttpResponse

    from datareview.cohorts.queries import Cohort
    from datareview.reports.queries.kept import Basis
    from datareview.reports.queries.report import Report
    from teams.lib.requests import SchoolRequest


def report_show(request: SchoolRequest) -> HttpResponse:
    """Show the report of the chosen cohort, by default of the user's first team; with ``chance``, all moves.

    ``unscored`` (the UUID of a measure) also lists the students without a score on it. While trends or the figures of many
    students are being computed, the page says so instead, and asks again.
    """
    form = _form(request)
    cohort = _cohort(request, form) if form.is_valid() and form.first else None
    basis = basis_of(cohort, form.cleaned_data["since"]) if cohort else None
    waits = basis is not None and (basis.is_computing or is_prepared_first(basis, actor=request.user))
    context = {
        "form": form,
        "cohort": cohort,
        "waits": waits,
        "is_computing": basis is not None and basis.is_computing,
        "report": _report(request, basis) if basis and not waits else None,
        "can_make_pdf": can_make_pdf(),
    }
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


def _report(request: SchoolRequest, basis: Basis) -> Report:
    return report_of(
        request.user,
        basis,
        with_chance="chance" in request.GET,
        unscored=request.GET.get("unscored", ""),
    )
