"""Questions of teams to the leaders of their school."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from collab.followup.forms import ReplyForm
from collab.followup.queries.questions import questions_page, questions_to_answer
from collab.followup.services import questions
from teams.access.permissions import can
from teams.lib.http import render_page, run_service

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def question_list(request: SchoolRequest) -> HttpResponse:
    """List open questions, longest waiting first, and answered ones."""
    page = questions_page(request.user, request.school)
    waiting = [(one, ReplyForm(question=one.question)) for one in page.waiting]
    return render_page(request, "collab/followup/questions/list.html", {"page": page, "waiting": waiting})


@require_POST
def question_answer(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Answer a question. The answer is added to the team's next agenda."""
    if not can(request.user, "answer_questions", request.school):
        raise PermissionDenied
    question = get_object_or_404(questions_to_answer(request.user, request.school), uuid=uuid)
    form = ReplyForm(request.POST, question=question)
    return run_service(
        request,
        lambda: questions.answer_question(question, actor=request.user, **form.cleaned_data),
        back="collab:question-list",
        form=form,
        done=_("Answered. The team sees it on its next agenda."),
    )
