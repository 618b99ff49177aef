"""The page about the server."""

from __future__ import annotations

from typing import TYPE_CHECKING

from teams.access.permissions import require_ability
from teams.lib.http import render_page
from teams.logs.failures import failures_this_hour
from teams.operation.queries import readiness

if TYPE_CHECKING:
    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def server_show(request: SchoolRequest) -> HttpResponse:
    """Show what the server needs and whether it works, and what failed in this hour."""
    require_ability(request.user, "see_jobs", request.school)
    context = {"checks": readiness(), "failures": failures_this_hour()}
    return render_page(request, "teams/operation/show.html", context)
