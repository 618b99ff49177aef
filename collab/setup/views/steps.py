"""The list of what a school still needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collab.setup.queries.steps import setup_page
from teams.access.permissions import require_ability
from teams.lib.http import render_page

if TYPE_CHECKING:
    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def setup_show(request: SchoolRequest) -> HttpResponse:
    """Show the steps from an empty school to its first meeting."""
    require_ability(request.user, "edit_school", request.school)
    return render_page(request, "collab/setup/show.html", {"page": setup_page(request.user, request.school)})
