"""A team's own page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from collab.team_page.forms import NormsForm
from collab.team_page.queries import team_page
from teams.access.permissions import teams_visible_to
from teams.groups.services import set_norms
from teams.lib.http import render_page, run_service

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def team_detail(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show a team to its members and to people who see the school."""
    team = get_object_or_404(teams_visible_to(request.user).select_related("school"), uuid=uuid)
    page = team_page(request.user, team)
    context = {"page": page, "norms_form": NormsForm(initial=NormsForm.start(page.norms))}
    return render_page(request, "collab/team_page/detail.html", context)


@require_POST
def norms_set(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Set a team's norms, one per line."""
    team = get_object_or_404(teams_visible_to(request.user), uuid=uuid)
    form = NormsForm(request.POST)
    return run_service(
        request,
        lambda: set_norms(team, actor=request.user, lines=form.cleaned_data["norms"].splitlines()),
        back=team,
        form=form,
    )
