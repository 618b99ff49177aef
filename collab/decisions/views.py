"""A team's decision log, what is said about its decisions, and the decisions of all teams."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from collab.decisions.permissions import decisions_visible_to
from collab.decisions.queries.decision_log import decision_log_of
from collab.decisions.queries.school_decisions import decisions_of_teams
from collab.decisions.queries.sums import PERIODS
from collab.decisions.services.checks import record_check
from teams.access.permissions import is_member, require_ability, teams_visible_to
from teams.lib.http import render_page, run_service

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def decision_log_show(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show a team's decisions; ``?since=`` is the period, ``?state=`` and ``?about=`` filter."""
    team = get_object_or_404(teams_visible_to(request.user).select_related("school"), uuid=uuid)
    log = decision_log_of(
        request.user,
        team,
        period=request.GET.get("since", ""),
        state=request.GET.get("state", ""),
        about=request.GET.get("about", ""),
        page=request.GET.get("page", 1),
    )
    context = {"log": log, "periods": PERIODS.items(), "may_check": is_member(request.user, team)}
    return render_page(request, "collab/decisions/log/show.html", context)


@require_POST
def decision_record(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Say how far a decision was carried out, or whether it worked, on the decision log."""
    rows = decisions_visible_to(request.user).select_related("item__topic__team")
    row = get_object_or_404(rows, uuid=uuid)
    log = reverse("collab:ledger-show", args=[row.item.topic.team.uuid])
    return run_service(
        request,
        lambda: record_check(
            row,
            actor=request.user,
            done_as=request.POST.get("done_as", ""),
            judged=request.POST.get("judged", ""),
        ),
        back=f"{log}?since=all#decision-{row.uuid}",
        done=_("Saved."),
    )


def decision_teams(request: SchoolRequest) -> HttpResponse:
    """Count the decisions of each team of the school; ``?since=`` is the period, ``?sort=`` the order."""
    require_ability(request.user, "see_school", request.school)
    found = decisions_of_teams(
        request.user,
        request.school,
        period=request.GET.get("since", ""),
        order=request.GET.get("sort", ""),
    )
    context = {"found": found, "periods": PERIODS.items()}
    return render_page(request, "collab/decisions/teams.html", context)
