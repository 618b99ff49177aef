"""A team's meeting effectiveness, visible to the team alone until shared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from collab.insights.permissions import effectiveness_visible_to
from collab.insights.queries.meeting_effectiveness import LASTS, meeting_effectiveness_of
from collab.insights.services import share_meeting_effectiveness
from teams.access.permissions import is_in
from teams.lib.http import render_page

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.directory.models import Team
    from teams.lib.requests import SchoolRequest


def effectiveness_show(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show the last meetings in figures; ``?last=`` is their number."""
    team = _visible(request, uuid)
    wanted = request.GET.get("last", "")
    last = int(wanted) if wanted in map(str, LASTS) else LASTS[1]
    context = {
        "effectiveness": meeting_effectiveness_of(request.user, team, last=last),
        "lasts": LASTS,
        "is_member": is_in(request.user, team),
        "is_lead": is_in(request.user, team, lead=True),
    }
    return render_page(request, "collab/insights/meeting_effectiveness/show.html", context)


@require_POST
def effectiveness_share(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Share with the leaders, or stop sharing."""
    team = _visible(request, uuid)
    share_meeting_effectiveness(team, actor=request.user, is_shared=request.POST.get("shared") == "yes")
    return redirect("collab:value-show", uuid=uuid)


def _visible(request: SchoolRequest, uuid: UUID) -> Team:
    return get_object_or_404(effectiveness_visible_to(request.user).select_related("school"), uuid=uuid)
