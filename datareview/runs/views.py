"""Pages of trend runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from datareview.runs.forms import ChangeFilter
from datareview.runs.queries import run_page, runs_page, runs_visible_to
from datareview.runs.services.runs import request_run
from teams.access.permissions import require_ability
from teams.lib.http import render_page

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def run_list(request: SchoolRequest) -> HttpResponse:
    """Show runs of the school, its rules, and the accuracy of forecasts."""
    require_ability(request.user, "run_trends", request.school)
    context = {"page": runs_page(request.user, request.school)}
    return render_page(request, "datareview/runs/list.html", context)


@require_POST
def run_start(request: SchoolRequest) -> HttpResponse:
    """Start a run."""
    return redirect(request_run(request.school, actor=request.user))


def run_detail(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show one run; the page polls until it is done."""
    run = get_object_or_404(runs_visible_to(request.user).select_related("school", "requested_by"), uuid=uuid)
    wanted = request.GET.dict()
    context = {"page": run_page(request.user, run, wanted), "filters": ChangeFilter(wanted)}
    return render_page(request, "datareview/runs/detail.html", context, partial="run")
