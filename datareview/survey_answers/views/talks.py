"""One person's answers, the talk that they ask for, and what families said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from datareview.survey_answers import services
from datareview.survey_answers.forms import ConsentsForm, TalkForm
from datareview.survey_answers.queries.results import read_lines
from datareview.survey_answers.queries.surveys import consent_rows, grades_asked, talk_of
from datareview.surveys.permissions import answers_readable_by, follow_ups_visible_to, surveys_run_by
from teams.lib import formats
from teams.lib.http import render_form, render_page, run_service, save_form
from teams.lib.parameters import int_or_none

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def survey_answer_read(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show the answers of one person to who may read them; reading is logged as of any record."""
    answer = get_object_or_404(answers_readable_by(request.user), uuid=uuid)
    context = {"answer": answer, "lines": read_lines(answer), "talk": talk_of(answer), "form": TalkForm()}
    return render_page(request, "datareview/survey_answers/record.html", context)


@require_POST
def survey_talk_done(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Note that somebody talked with the child."""
    talk = get_object_or_404(follow_ups_visible_to(request.user), uuid=uuid)
    form = TalkForm(request.POST)
    return run_service(
        request,
        lambda: services.finish_follow_up(talk, actor=request.user, note=form.cleaned_data["note"]),
        back=talk,
        form=form,
        done=_("Noted."),
    )


@require_POST
def survey_talk_again(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Let a talk wait again."""
    talk = get_object_or_404(follow_ups_visible_to(request.user), uuid=uuid)
    return run_service(request, lambda: services.reopen_follow_up(talk, actor=request.user), back=talk)


def survey_consents(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show and write down what families said, a grade at a time."""
    survey = get_object_or_404(surveys_run_by(request.user), uuid=uuid)
    grades = grades_asked(survey)
    grade = int_or_none(request.GET.get("grade", ""))
    grade = grade if grade in grades else (grades[0] if len(grades) > 1 else None)
    rows = consent_rows(request.user, survey, grade)
    form = ConsentsForm(request.POST or None, rows=rows)
    context = {"survey": survey, "grades": grades, "grade": grade}
    return save_form(
        request,
        form,
        lambda: services.record_consents(survey, form.said(), actor=request.user),
        page=lambda: render_form(request, "datareview/survey_answers/consents.html", form, context),
        then=request.get_full_path(),
        done=lambda n: (
            ngettext("%(n)s answer was changed.", "%(n)s answers were changed.", n) % {"n": formats.number(n)}
        ),
    )
