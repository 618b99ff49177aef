"""What people do in a live meeting. Each answers htmx with the region it changed, else goes back to the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from collab.forms.meetings import ActionForm, ContributionForm, DecisionForm
from collab.models import Contribution, Decision
from collab.services import actions, clock, contributions, decisions
from collab.services.meetings import mark_attendance
from collab.views.meetings import meeting_detail, visible_meeting
from teams.lib.errors import DomainError
from teams.lib.pages import render_page, wants_partial

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.forms import Form
    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


@require_POST
def contribution_add(request: SchoolRequest, uuid: UUID, item: UUID) -> HttpResponse:
    """Add what I see."""
    row = get_object_or_404(visible_meeting(request, uuid).items, uuid=item)
    form = ContributionForm(request.POST)
    return _answer(
        request,
        uuid,
        form,
        "contributions",
        lambda data: contributions.add_contribution(row, actor=request.user, **data),
    )


@require_POST
def contribution_agree(request: SchoolRequest, uuid: UUID, contribution: UUID) -> HttpResponse:
    """Agree, or take it back."""
    rows = Contribution.objects.filter(item__meeting=visible_meeting(request, uuid))
    row = get_object_or_404(rows.select_related("item__meeting"), uuid=contribution)
    return _answer(
        request,
        uuid,
        None,
        "contributions",
        lambda _data: contributions.toggle_agreement(row, actor=request.user),
    )


@require_POST
def decision_add(request: SchoolRequest, uuid: UUID, item: UUID) -> HttpResponse:
    """Write a decision down."""
    row = get_object_or_404(visible_meeting(request, uuid).items, uuid=item)
    form = DecisionForm(request.POST)
    return _answer(
        request, uuid, form, "decisions", lambda data: decisions.decide(row, actor=request.user, **data)
    )


@require_POST
def decision_vote(request: SchoolRequest, uuid: UUID, decision: UUID, fingers: int) -> HttpResponse:
    """Show fingers."""
    rows = Decision.objects.filter(item__meeting=visible_meeting(request, uuid))
    row = get_object_or_404(rows.select_related("item__meeting"), uuid=decision)
    return _answer(
        request,
        uuid,
        None,
        "decisions",
        lambda _data: decisions.show_fingers(row, actor=request.user, fingers=fingers),
    )


@require_POST
def action_add(request: SchoolRequest, uuid: UUID, item: UUID) -> HttpResponse:
    """Somebody takes something on."""
    meeting = visible_meeting(request, uuid)
    row = get_object_or_404(meeting.items.select_related("topic__candidate", "topic__plan"), uuid=item)
    form = ActionForm(request.POST, team=meeting.team)
    return _answer(
        request, uuid, form, "decisions", lambda data: actions.make_action(row, actor=request.user, **data)
    )


@require_POST
def item_go(request: SchoolRequest, uuid: UUID, item: UUID) -> HttpResponse:
    """Go to an item."""
    meeting, seen = visible_meeting(request, uuid), request.POST.get("current", "")
    return _answer(
        request,
        uuid,
        None,
        "room",
        lambda _data: clock.go_to_item(meeting, actor=request.user, item_uuid=str(item), expected=seen),
    )


@require_POST
def clock_add(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Two more minutes."""
    meeting = visible_meeting(request, uuid)
    return _answer(
        request, uuid, None, "clock", lambda _data: clock.add_minutes(meeting, actor=request.user, minutes=2)
    )


@require_POST
def attendance_mark(request: SchoolRequest, uuid: UUID, staff: UUID, mark: str) -> HttpResponse:
    """Say how somebody takes part."""
    meeting = visible_meeting(request, uuid)
    return _answer(
        request,
        uuid,
        None,
        "people",
        lambda _data: mark_attendance(meeting, actor=request.user, staff_uuid=str(staff), mark=mark),
    )


def _answer(
    request: SchoolRequest, uuid: UUID, form: Form | None, region: str, work: Callable[[dict], object]
) -> HttpResponse:
    """Do ``work`` with valid data; then show ``region``, or the sentence of what is wrong, text kept."""
    try:
        if form is not None and not form.is_valid():
            raise DomainError(" ".join(error for errors in form.errors.values() for error in errors))
        work(form.cleaned_data if form else {})
    except DomainError as error:
        if wants_partial(request):
            return render_page(request, "collab/room/problem.html", {"problem": str(error)}, status=422)
        messages.error(request, str(error))
    if not wants_partial(request):
        return redirect("collab:meeting-detail", uuid=uuid)
    request.GET = request.GET.copy()
    request.GET["region"] = region
    return meeting_detail(request, uuid)
