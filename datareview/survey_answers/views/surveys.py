"""The list of surveys, and a survey: how far it is, and what was answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404

from datareview.survey_answers.queries.results import results_of
from datareview.survey_answers.queries.surveys import survey_page, surveys_page
from datareview.surveys.permissions import surveys_visible_to
from teams.lib.http import render_page

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def survey_list(request: SchoolRequest) -> HttpResponse:
    """Show the school's surveys, and those that wait for the reader."""
    found = surveys_page(request.user, request.school, request.GET.get("page", 1))
    return render_page(request, "datareview/survey_answers/list.html", {"list": found})


def survey_detail(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show a survey: how far it is, its questions, what was answered, and the talks."""
    survey = get_object_or_404(surveys_visible_to(request.user), uuid=uuid)
    context = {
        "page": survey_page(request.user, survey),
        "survey": survey,
        "results": results_of(request.user, survey),
    }
    return render_page(request, "datareview/survey_answers/detail.html", context)
