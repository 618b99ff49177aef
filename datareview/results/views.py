"""The page of results of an assessment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404

from datareview.assessments.permissions import assessments_visible_to
from datareview.results.forms import ResultsFilter
from datareview.results.services import record_results_view
from teams.lib.http import render_page

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def assessment_detail(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show the results of an assessment: of the chosen class, or of the team."""
    from datareview.results.queries.page import results_page

    visible = assessments_visible_to(request.user).select_related("team__school").prefetch_related("sections")
    assessment = get_object_or_404(visible, uuid=uuid)
    page = results_page(request.user, assessment, request.GET.dict())
    if page.entered and _is_read(request):
        section = page.chosen.section if page.chosen else None
        record_results_view(assessment, reader=request.user, section=section, counted=page.counted)
    context = {"page": page, "filters": ResultsFilter(page)}
    return render_page(request, "datareview/results/show.html", context)


def _is_read(request: SchoolRequest) -> bool:
    """Whether the page is opened; nothing is recorded for a form that is sent to it by mistake."""
    return request.method == "GET"
