"""The charts that stand below the results, also as a page of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datareview.results.http import looked_at
from teams.lib.http import render_page

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def result_charts(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show the charts of what the page of results shows; ``item`` chooses the item."""
    from datareview.result_charts.queries import to_explore

    page = looked_at(request, uuid)
    context = {"page": page, "explore": to_explore(request.user, page, request.GET.get("item", ""))}
    return render_page(request, "datareview/result_charts/show.html", context, partial="charts")
