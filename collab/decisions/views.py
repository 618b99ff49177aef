"""A team's decision log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404

from collab.decisions.queries.decision_log import PERIODS, decision_log_of
from teams.access.permissions import teams_visible_to
from teams.lib.http import render_page

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def decision_log_show(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show a team's decisions; ``?since=`` is the period, ``?state=`` filters by state."""
    team = get_object_or_404(teams_visible_to(request.user).select_related("school"), uuid=uuid)
    log = decision_log_of(
        request.user,
        team,
        period=request.GET.get("since", ""),
        state=request.GET.get("state", ""),
        page=request.GET.get("page", 1),
    )
    return render_page(request, "collab/decisions/log/show.html", {"log": log, "periods": PERIODS.items()})
