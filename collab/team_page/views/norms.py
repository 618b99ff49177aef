"""Write a team's norms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied

from collab.team_page.forms import NormsForm
from collab.team_page.views.team_edit import visible_team
from teams.access.permissions import is_member
from teams.groups.services import norms_fingerprint, set_norms
from teams.lib.http import render_form, save_form

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def norms_set(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Set a team's norms, one per line, with the dates of adoption and review. A concurrent edit shows both versions."""
    team = visible_team(request, uuid)
    if not is_member(request.user, team):
        raise PermissionDenied
    start = {**NormsForm.start(team), "seen": norms_fingerprint(team)}
    form = NormsForm(request.POST or None, initial=start)

    def newest() -> dict[str, object]:
        team.refresh_from_db()
        return {"seen": norms_fingerprint(team)}

    def save() -> object:
        data = form.cleaned_data
        return set_norms(
            team,
            actor=request.user,
            lines=data["norms"].splitlines(),
            adopted_on=data["adopted_on"],
            review_on=data["review_on"],
            seen=data["seen"] or None,
        )

    return save_form(
        request,
        form,
        save,
        page=lambda: render_form(request, "collab/team_page/norms.html", form, {"team": team}),
        then=team,
        field="norms",
        newest=newest,
    )
