"""Search names, minutes, decisions, action items and contributions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collab.search.forms import SearchForm
from collab.search.queries.names import find_names
from collab.search.queries.texts import search
from teams.lib.http import render_page
from teams.lib.kept_words import PARAMETER, WORDS

if TYPE_CHECKING:
    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def search_show(request: SchoolRequest) -> HttpResponse:
    """Show the search form with filters, what has the words in its name, and a page of what was written."""
    form = SearchForm(request.GET)
    results = search(request.user, request.school, page=request.GET.get("page", 1), **form.wanted())
    form.offer(results.teams)
    is_plain = not any(value for name, value in request.GET.items() if name not in (WORDS, PARAMETER))
    names = (
        find_names(request.user, request.school, request.can, request.GET.get(WORDS, "")) if is_plain else []
    )
    return render_page(request, "collab/search/show.html", {"form": form, "results": results, "names": names})
