"""Withdraw notes made in a meeting by mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from collab.agendas.permissions import items_visible_to
from collab.decisions.permissions import decisions_visible_to
from collab.decisions.services import decisions
from collab.followup.permissions import causes_visible_to, questions_visible_to, teaching_changes_visible_to
from collab.followup.services import causes, questions
from collab.meetings.http import visible_meeting
from collab.room.views.room import respond

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest

NOTES: dict[str, tuple[Any, Any, str]] = {
    "decision": (decisions_visible_to, decisions.withdraw_decision, "decisions"),
    "question": (questions_visible_to, questions.withdraw_question, "decisions"),
    "cause": (causes_visible_to, causes.withdraw_cause, "teaching"),
    "change": (teaching_changes_visible_to, causes.withdraw_change, "teaching"),
}


@require_POST
def note_withdraw(request: SchoolRequest, uuid: UUID, what: str, word: UUID) -> HttpResponse:
    """Withdraw a decision, question, cause or teaching change."""
    if what not in NOTES:
        raise Http404
    items = items_visible_to(request.user).filter(meeting=visible_meeting(request, uuid))
    visible, service, region = NOTES[what]
    rows = visible(request.user).filter(item__in=items)
    row = get_object_or_404(rows.select_related("item__meeting__team__school"), uuid=word)
    return respond(request, uuid, region, service, row)
