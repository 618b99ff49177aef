"""The data page of a team."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from datareview.dashboards.forms import DashboardFilter
from datareview.dashboards.queries.dashboards import dashboard_of, teams_with_data
from teams.lib.http import render_page
from teams.lib.parameters import public_id

if TYPE_CHECKING:
    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def dashboard_show(request: SchoolRequest) -> HttpResponse:
    """Show the dashboard of the chosen team, by default the user's first."""
    teams = teams_with_data(request.user, request.school)
    chosen = request.GET.get("team")
    wanted = public_id(chosen) if chosen else None
    team = next((one for one in teams if wanted in (None, one.uuid)), None)
    if chosen and team is None:
        raise Http404
    section = request.GET.get("section", "")
    board = dashboard_of(request.user, team, section_uuid=section) if team else None
    context = {"board": board, "filters": DashboardFilter(board, teams) if board else None}
    return render_page(request, "datareview/dashboards/show.html", context)
