"""A team's own page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404

from collab.queries.teams import team_page
from teams.lib.pages import render_page
from teams.permissions import teams_visible_to

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def team_detail(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """One team, for its members and for those who see the school."""
    team = get_object_or_404(teams_visible_to(request.user).select_related("school"), uuid=uuid)
    return render_page(request, "collab/teams/detail.html", {"page": team_page(request.user, team)})
