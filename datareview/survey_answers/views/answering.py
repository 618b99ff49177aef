"""Answer: by a link without an account, and teachers about each student; and the slips with the links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.core.internal.ratelimit import consume, respond_429
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from datareview.survey_answers import services
from datareview.survey_answers.forms import AnswersForm, CodeForm
from datareview.survey_answers.http import address_of, drawn
from datareview.survey_answers.queries.surveys import (
    asked_by_code,
    asked_lines,
    next_asked,
    slips_of,
    teacher_answer_of,
)
from datareview.surveys.models import AskedStudent, Survey
from datareview.surveys.permissions import asked_visible_to, surveys_visible_to
from teams.lib.http import render_form, render_page, run_service, save_form
from teams.lib.parameters import uuid_or_none
from teams.lib.requests import second_factor_not_required

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from teams.lib.requests import SchoolRequest

PAGE = "datareview/survey_answers/answer.html"


@never_cache
@second_factor_not_required
@login_not_required
def survey_code(request: HttpRequest) -> HttpResponse:
    """Take the code on a slip to its page."""
    form = CodeForm(request.GET or None)
    if form.is_bound and form.is_valid():
        return redirect("datareview:survey-answer", code=form.cleaned_data["code"].strip().upper())
    return render_page(request, PAGE, {"state": "code", "form": form})


@never_cache
@second_factor_not_required
@login_not_required
def survey_answer(request: HttpRequest, code: str) -> HttpResponse:
    """Show the questions to who has the link, in the school's language, and take the answers once."""
    asked = asked_by_code(code)
    if asked is None:
        return _unknown(request)
    with translation.override(_language(request, asked)):
        context = {"asked": asked, "survey": asked.survey, "state": _state(asked)}
        if request.method != "POST" and context["state"] != "open":
            return render_page(request, PAGE, context)
        form = AnswersForm(request.POST or None, questions=asked.survey.questions.all())
        return save_form(
            request,
            form,
            lambda: services.answer_survey(asked, form.answers()),
            page=lambda: render_form(request, PAGE, form, {**context, "state": "open"}),
            then=request.get_full_path(),
        )


@never_cache
@second_factor_not_required
@login_not_required
@require_POST
def survey_decline(request: HttpRequest, code: str) -> HttpResponse:
    """Note that who has the link does not want to answer."""
    asked = asked_by_code(code)
    if asked is None:
        return _unknown(request)
    return run_service(
        request,
        lambda: services.decline_survey(asked),
        back=reverse("datareview:survey-answer", args=[asked.code]),
    )


def survey_students(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """List the students who are asked, of those whom the reader sees."""
    survey = _opened(request, uuid)
    section = uuid_or_none(request.GET.get("section"))
    page, lines = asked_lines(request.user, survey, section=section, page=request.GET.get("page", 1))
    context = {"survey": survey, "page": page, "lines": lines, "state": survey.state}
    return render_page(request, "datareview/survey_answers/students.html", context)


def survey_slips(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Slips to print and hand out: a name, an address, its code and a QR code, for those who have not answered."""
    survey = _opened(request, uuid)
    if not survey.is_by_link:
        raise Http404
    rows = slips_of(request.user, survey)
    slips = [(one, address_of(one.code), drawn(address_of(one.code))) for one in rows]
    context = {
        "survey": survey,
        "slips": slips,
        "code_url": request.build_absolute_uri(reverse("datareview:survey-code")),
    }
    return render_page(request, "datareview/survey_answers/slips.html", context)


def survey_fill(request: SchoolRequest, uuid: UUID, student: UUID) -> HttpResponse:
    """Let a teacher answer about a student; the next one without answers follows."""
    survey = _opened(request, uuid)
    if survey.is_by_link:
        raise Http404
    rows = asked_visible_to(request.user, survey).select_related("student__school", "survey__school")
    asked = get_object_or_404(rows, student__uuid=student)
    answer = teacher_answer_of(request.user, asked)
    form = AnswersForm(request.POST or None, questions=survey.questions.all(), answer=answer)
    context = {"survey": survey, "asked": asked, "answer": answer, "state": survey.state}

    def newest() -> dict[str, object]:
        found = teacher_answer_of(request.user, asked)
        return {"seen": found.version if found else 0}

    def then(_answer: object) -> str:
        section = uuid_or_none(request.GET.get("section"))
        following = next_asked(request.user, survey, section)
        if following is None:
            return reverse("datareview:survey-students", args=[survey.uuid])
        address = reverse("datareview:survey-fill", args=[survey.uuid, following.student.uuid])
        return f"{address}?section={section}" if section else address

    return save_form(
        request,
        form,
        lambda: services.answer_about(
            survey, asked, form.answers(), actor=request.user, seen=form.cleaned_data["seen"] or 0
        ),
        page=lambda: render_form(request, "datareview/survey_answers/fill.html", form, context),
        then=then,
        done=_("Saved."),
        newest=newest,
    )


def _opened(request: SchoolRequest, uuid: UUID) -> Survey:
    return get_object_or_404(surveys_visible_to(request.user).filter(opened_at__isnull=False), uuid=uuid)


def _state(asked: AskedStudent) -> str:
    if asked.is_answered:
        return "answered"
    if asked.survey.state != Survey.State.OPEN:
        return "closed"
    return "declined" if asked.is_declined else "open"


def _language(request: HttpRequest, asked: AskedStudent) -> str:
    """The language that the visitor's browser asks for, if the product has it; that of the school else."""
    wanted = translation.get_language_from_request(request)
    return wanted if request.headers.get("Accept-Language") else asked.survey.school.language


def _unknown(request: HttpRequest) -> HttpResponse:
    """No survey has this code; who tries many is stopped."""
    if not consume(request, app="allauth.account", action="unknown_invitation", limit_get=True):
        return respond_429(request)
    return render_page(request, PAGE, {"state": "unknown", "form": CodeForm()}, status=404)
