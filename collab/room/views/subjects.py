"""What people do in the room about the thing that is on the table: earlier action items, a plan's review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from collab.actions import services as actions
from collab.actions.forms import DueForm
from collab.actions.permissions import actions_visible_to
from collab.meetings.http import visible_meeting
from collab.room.views.actions import readable_item
from collab.room.views.room import respond
from collab.subjects.services import decide_review
from datareview.progress.forms import ReviewForm

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


@require_POST
def action_move(request: SchoolRequest, uuid: UUID, action: UUID) -> HttpResponse:
    """Move an earlier action item to another day, or to the next meeting if no day is given."""
    rows = actions_visible_to(request.user).filter(team=visible_meeting(request, uuid).team)
    row = get_object_or_404(rows, uuid=action)
    if "due_on" not in request.POST:
        return respond(request, uuid, "item", actions.carry_action, row)
    return respond(request, uuid, "item", actions.move_action, row, form=DueForm(request.POST))


@require_POST
def review_decide(request: SchoolRequest, uuid: UUID, item: UUID) -> HttpResponse:
    """Decide the review of the plan that an item is about."""
    row = readable_item(request, uuid, item)
    return respond(request, uuid, "item", decide_review, row, form=ReviewForm(request.POST))
