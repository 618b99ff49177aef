"""The page about the server, and the page of an error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from django.http import HttpResponseServerError
from django.template import loader

from teams.access.permissions import require_ability
from teams.lib.http import render_page
from teams.logs.failures import failures_this_hour
from teams.operation.queries import readiness

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from teams.lib.requests import SchoolRequest


def server_show(request: SchoolRequest) -> HttpResponse:
    """Show what the server needs and whether it works, and what failed in this hour."""
    require_ability(request.user, "see_jobs", request.school)
    context = {"checks": readiness(), "failures": failures_this_hour()}
    return render_page(request, "teams/operation/show.html", context)


def server_error(request: HttpRequest) -> HttpResponseServerError:
    """Say that something went wrong, with the id under which the log has it. Needs neither user nor database."""
    context = {"request_id": structlog.contextvars.get_contextvars().get("request_id", "")}
    return HttpResponseServerError(loader.get_template("500.html").render(context))
