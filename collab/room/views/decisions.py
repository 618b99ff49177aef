"""Views for decisions in the room: make one, vote on it, check an earlier one, or keep it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from collab.decisions.forms import CheckAgainForm, DecisionForm
from collab.decisions.permissions import decisions_visible_to
from collab.decisions.services import checks, decisions
from collab.meetings.http import visible_meeting
from collab.room.views.actions import readable_item
from collab.room.views.room import respond

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


@require_POST
def decision_add(request: SchoolRequest, uuid: UUID, item: UUID) -> HttpResponse:
    """Add a decision."""
    row = readable_item(request, uuid, item)
    form = DecisionForm(request.POST, item=row, meeting=row.agenda_meeting, user=request.user)
    return respond(request, uuid, "decisions", decisions.decide, row, form=form)


@require_POST
def decision_keep(request: SchoolRequest, uuid: UUID, item: UUID) -> HttpResponse:
    """Keep the decision that an item checks, until another check."""
    row = readable_item(request, uuid, item)
    return respond(request, uuid, "decisions", decisions.check_again, row, form=CheckAgainForm(request.POST))


@require_POST
def decision_vote(request: SchoolRequest, uuid: UUID, decision: UUID, fingers: int) -> HttpResponse:
    """Cast a fist-to-five vote."""
    rows = decisions_visible_to(request.user).filter(item__meeting=visible_meeting(request, uuid))
    row = get_object_or_404(rows, uuid=decision)
    return respond(request, uuid, "decisions", decisions.cast_consensus_vote, row, fingers=fingers)


@require_POST
def decision_check(request: SchoolRequest, uuid: UUID, decision: UUID) -> HttpResponse:
    """Say how far an earlier decision was carried out, or whether it worked."""
    rows = decisions_visible_to(request.user).filter(item__topic__team=visible_meeting(request, uuid).team)
    row = get_object_or_404(rows, uuid=decision)
    done_as, judged = request.POST.get("done_as", ""), request.POST.get("judged", "")
    return respond(request, uuid, "item", checks.record_check, row, done_as=done_as, judged=judged)
