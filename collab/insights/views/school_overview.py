"""The school overview for principals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collab.insights.queries.school_overview import teams_by_week
from teams.access.permissions import require_ability
from teams.lib.http import render_page

if TYPE_CHECKING:
    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def overview_show(request: SchoolRequest) -> HttpResponse:
    """Show teams × weeks of the user's current school."""
    require_ability(request.user, "see_school", request.school)
    strip = teams_by_week(request.user, request.school)
    return render_page(request, "collab/insights/school_overview/show.html", {"strip": strip})
