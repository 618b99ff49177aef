"""The data page of a team, and the students behind its bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404, render

from datareview.dashboards.forms import DashboardFilter
from datareview.dashboards.queries.at_level import level_page, measures_at
from datareview.dashboards.queries.dashboards import dashboard_of, teams_with_data
from teams.lib.http import render_page
from teams.lib.parameters import int_or_none, public_id

if TYPE_CHECKING:
    from django.http import HttpResponse

    from teams.directory.models import Team
    from teams.lib.requests import SchoolRequest

LEVELS = (1, 2, 3, 4)


def dashboard_show(request: SchoolRequest) -> HttpResponse:
    """Show the dashboard of the chosen team, by default the user's first."""
    teams = teams_with_data(request.user, request.school)
    team = _chosen(request, teams)
    section = request.GET.get("section", "")
    board = dashboard_of(request.user, team, section_uuid=section) if team else None
    context = {"board": board, "filters": DashboardFilter(board, teams) if board else None}
    return render_page(request, "datareview/dashboards/show.html", context)


def level_show(request: SchoolRequest) -> HttpResponse:
    """Show the students of a team at a level of a measure in a window."""
    team = _chosen(request, teams_with_data(request.user, request.school))
    level = int_or_none(request.GET.get("level"))
    if team is None or level not in LEVELS:
        raise Http404
    measure = get_object_or_404(measures_at(team), uuid=public_id(request.GET.get("measure")))
    page = level_page(
        request.user,
        team,
        measure,
        window=request.GET.get("window", ""),
        level=level,
        section=request.GET.get("section", ""),
        order=request.GET.get("sort", ""),
    )
    if page is None:
        raise Http404
    return render(request, "datareview/dashboards/level.html", {"page": page})


def _chosen(request: SchoolRequest, teams: list[Team]) -> Team | None:
    """The team that the address names, else the user's first; 404 for one whose data the user may not open."""
    chosen = request.GET.get("team")
    wanted = public_id(chosen) if chosen else None
    team = next((one for one in teams if wanted in (None, one.uuid)), None)
    if chosen and team is None:
        raise Http404
    return team
