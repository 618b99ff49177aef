"""Search minutes, decisions, action items and contributions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collab.search.forms import SearchForm
from collab.search.queries import search
from teams.lib.http import render_page

if TYPE_CHECKING:
    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def search_show(request: SchoolRequest) -> HttpResponse:
    """Show the search form with filters and a page of results."""
    form = SearchForm(request.GET)
    results = search(request.user, request.school, page=request.GET.get("page", 1), **form.wanted())
    form.offer(results.teams)
    return render_page(request, "collab/search/show.html", {"form": form, "results": results})
