"""The page of seats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datareview.seats.queries.grid import seat_grid
from teams.access.permissions import require_ability
from teams.lib.http import render_page

if TYPE_CHECKING:
    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def seat_grid_show(request: SchoolRequest) -> HttpResponse:
    """Show providers by periods with free seats; with "move", what moving a group would cost in each cell."""
    require_ability(request.user, "start_plan", request.school)
    grid = seat_grid(request.user, request.school, request.GET.dict())
    return render_page(request, "datareview/seats/show.html", {"grid": grid})
