"""The table of standards over a team's or the school's checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from datareview.looks.http import is_read
from datareview.looks.services import record_team_views
from datareview.mastery.forms import MasteryFilter
from teams.lib.http import render_page

if TYPE_CHECKING:
    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def mastery_list(request: SchoolRequest) -> HttpResponse:
    """Show who is secure on each standard in its latest check, for the teams that the address names."""
    from datareview.mastery.queries.table import mastery_table

    if request.school is None:
        raise Http404
    table = mastery_table(request.user, request.school, request.GET.dict())
    if is_read(request):
        record_team_views(table.seen, reader=request.user)
    context = {"table": table, "filters": MasteryFilter(request.GET.dict(), table)}
    return render_page(request, "datareview/mastery/list.html", context, partial="standards")
