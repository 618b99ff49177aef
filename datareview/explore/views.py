"""The page of Explore."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from datareview.explore.choices import Question
from datareview.explore.forms import QuestionForm
from datareview.explore.queries.page import explore_page
from teams.lib.http import render_page

if TYPE_CHECKING:
    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def explore_show(request: SchoolRequest) -> HttpResponse:
    """Show the chart that answers the question of the address, with its students."""
    question = Question.read(request.GET)
    page = explore_page(request.user, request.school, question, page=request.GET.get("page", ""))
    if page is None and question.of:
        raise Http404
    context = {"page": page, "form": QuestionForm(page) if page else None}
    return render_page(request, "datareview/explore/show.html", context, partial="explore")
