"""Make surveys, change, open and close them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from datareview.surveys.forms import SurveyForm, SurveyQuestionForm
from datareview.surveys.library import BY_KEY, INSTRUMENTS
from datareview.surveys.permissions import may_make, questions_run_by, surveys_run_by
from datareview.surveys.services import questions
from datareview.surveys.services import surveys as services
from teams.lib.http import render_form, run_service, save_form

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from datareview.surveys.models import Survey
    from teams.lib.requests import SchoolRequest


def survey_new(request: SchoolRequest) -> HttpResponse:
    """Choose an instrument, or begin with own questions."""
    if not may_make(request.user, request.school):
        raise PermissionDenied
    named = request.GET.get("from", "") if request.method == "GET" else request.POST.get("instrument", "")
    named = named if named in BY_KEY or named == "own" else ""
    key = "" if named == "own" else named
    form = SurveyForm(request.POST or None, user=request.user, school=request.school, instrument=key)
    context = {
        "instruments": INSTRUMENTS,
        "chosen": BY_KEY.get(key),
        "is_choosing": not named and request.method == "GET",
    }
    return save_form(
        request,
        form,
        lambda: services.make_survey(request.school, form.values(), actor=request.user, instrument=key),
        page=lambda: render_form(request, "datareview/surveys/edit.html", form, context),
        then=lambda survey: survey,
    )


def survey_edit(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Change a survey. A concurrent edit shows that there was one."""
    survey = _run(request, uuid)
    form = SurveyForm(request.POST or None, user=request.user, school=survey.school, survey=survey)

    def newest() -> dict[str, object]:
        survey.refresh_from_db()
        return {"seen": survey.version}

    return save_form(
        request,
        form,
        lambda: services.edit_survey(
            survey, form.values(), actor=request.user, seen=form.cleaned_data["seen"] or 0
        ),
        page=lambda: render_form(request, "datareview/surveys/edit.html", form, {"survey": survey}),
        then=survey,
        done=_("Saved."),
        field="title" if survey.opened_at is None else "help_words",
        newest=newest,
    )


def survey_question_add(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Add questions with one scale."""
    survey = _run(request, uuid)
    form = SurveyQuestionForm(request.POST or None, survey=survey)
    return save_form(
        request,
        form,
        lambda: questions.add_questions(
            survey, form.values().text.splitlines(), form.values(), actor=request.user
        ),
        page=lambda: render_form(request, "datareview/surveys/question.html", form, {"survey": survey}),
        then=survey,
        done=_("Saved."),
    )


def survey_question_edit(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Change a question of a draft."""
    question = get_object_or_404(questions_run_by(request.user), uuid=uuid)
    survey = question.survey
    form = SurveyQuestionForm(request.POST or None, survey=survey, question=question)

    def newest() -> dict[str, object]:
        survey.refresh_from_db()
        return {"seen": survey.version}

    return save_form(
        request,
        form,
        lambda: questions.edit_question(
            question, form.values(), actor=request.user, seen=form.cleaned_data["seen"] or 0
        ),
        page=lambda: render_form(
            request, "datareview/surveys/question.html", form, {"survey": survey, "question": question}
        ),
        then=survey,
        done=_("Saved."),
        field="text",
        newest=newest,
    )


@require_POST
def survey_question_remove(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Remove a question of a draft."""
    question = get_object_or_404(questions_run_by(request.user), uuid=uuid)
    survey = question.survey
    return run_service(
        request, lambda: questions.remove_question(question, actor=request.user), back=survey, then=survey
    )


@require_POST
def survey_open(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Ask the students of a survey."""
    survey = _run(request, uuid)
    return run_service(
        request,
        lambda: services.open_survey(survey, actor=request.user),
        back=survey,
        done=_("The survey is open."),
    )


@require_POST
def survey_close(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """End a survey, or let people answer again."""
    survey = _run(request, uuid)
    is_closed = request.POST.get("closed") != "no"
    return run_service(
        request,
        lambda: services.close_survey(survey, actor=request.user, is_closed=is_closed),
        back=survey,
        done=_("The survey is closed.") if is_closed else _("The survey is open."),
    )


@require_POST
def survey_again(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Make a draft with the same questions."""
    survey = _run(request, uuid)
    return run_service(
        request,
        lambda: services.give_again(survey, actor=request.user),
        back=survey,
        then=lambda again: again,
        done=_("A draft with the same questions. No one is asked before you open it."),
    )


@require_POST
def survey_remove(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Delete a draft."""
    survey = _run(request, uuid)
    return run_service(
        request,
        lambda: services.remove_survey(survey, actor=request.user),
        back=survey,
        then="datareview:survey-list",
        done=_("The draft was removed."),
    )


def _run(request: SchoolRequest, uuid: UUID) -> Survey:
    return get_object_or_404(surveys_run_by(request.user), uuid=uuid)
