"""Taking back what was noted in a meeting by mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from collab.agendas.permissions import items_visible_to
from collab.followup.models import Cause, Decision, Question, TeachingChange
from collab.followup.services import causes, decisions, questions
from collab.meetings.http import visible_meeting
from collab.room.views.actions import respond

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest

WORDS: dict[str, tuple[Any, Any, str]] = {
    "decision": (Decision, decisions.withdraw_decision, "decisions"),
    "question": (Question, questions.withdraw_question, "decisions"),
    "cause": (Cause, causes.withdraw_cause, "teaching"),
    "change": (TeachingChange, causes.withdraw_change, "teaching"),
}


@require_POST
def word_withdraw(request: SchoolRequest, uuid: UUID, what: str, word: UUID) -> HttpResponse:
    """Take back a decision, a question, a cause or a change of teaching."""
    if what not in WORDS:
        raise Http404
    model, service, region = WORDS[what]
    items = items_visible_to(request.user).filter(meeting=visible_meeting(request, uuid))
    rows = model.objects.filter(item__in=items)
    row = get_object_or_404(rows.select_related("item__meeting__team__school"), uuid=word)
    return respond(request, uuid, region, lambda: service(row, actor=request.user))
