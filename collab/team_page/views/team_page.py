"""A team's own page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collab.team_page.queries.team_page import team_page
from collab.team_page.views.team_edit import visible_team
from teams.lib.http import render_page

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def team_detail(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show a team to its members and to people who see the school."""
    page = team_page(request.user, visible_team(request, uuid))
    return render_page(request, "collab/team_page/detail.html", {"page": page})
