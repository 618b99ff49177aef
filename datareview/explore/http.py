"""What a form about students of the table was sent from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from datareview.comparisons.choices import Question
from datareview.explore.queries.page import ExplorePage, explore_page

if TYPE_CHECKING:
    from teams.lib.requests import SchoolRequest


def picking_page(request: SchoolRequest) -> ExplorePage:
    """The page whose students were ticked, by the question in the form's hidden fields; 404 if it may not be opened."""
    page = explore_page(request.user, request.school, Question.read(request.POST))
    if page is None:
        raise Http404
    return page
