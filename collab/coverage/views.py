"""The coverage page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collab.coverage.forms import CoverageFilter
from collab.coverage.queries.coverage import coverage_of
from teams.lib.http import render_page

if TYPE_CHECKING:
    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def coverage_show(request: SchoolRequest) -> HttpResponse:
    """Show when teams last spoke of each student, and whom they missed, by the query string."""
    coverage = coverage_of(request.user, request.school, request.GET.dict())
    context = {"coverage": coverage, "filters": CoverageFilter(request.GET, coverage)}
    return render_page(request, "collab/coverage/show.html", context, partial="rows")
