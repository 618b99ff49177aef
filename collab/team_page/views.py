"""A team's own page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from collab.team_page.queries import team_page
from teams.access.permissions import teams_visible_to
from teams.groups.services import set_norms
from teams.lib.errors import DomainError
from teams.lib.pages import render_page

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def team_detail(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """One team, for its members and for those who see the school."""
    team = get_object_or_404(teams_visible_to(request.user).select_related("school"), uuid=uuid)
    return render_page(request, "collab/team_page/detail.html", {"page": team_page(request.user, team)})


@require_POST
def norms_set(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """The norms of a team, one a line."""
    team = get_object_or_404(teams_visible_to(request.user), uuid=uuid)
    try:
        set_norms(team, actor=request.user, lines=request.POST.get("norms", "").splitlines())
    except DomainError as error:
        messages.error(request, str(error))
    return redirect(team)
