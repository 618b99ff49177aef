"""Meetings: the list, planning one, its page before, during and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from collab.forms.meetings import ActionForm, ContributionForm, DecisionForm, ItemForm, MeetingForm
from collab.models import Meeting
from collab.permissions import meetings_visible_to
from collab.queries.meetings import meetings_of, plannable_teams
from collab.queries.room import minutes_of, room_of
from collab.services import meetings
from teams.lib.errors import DomainError
from teams.lib.pages import render_page

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest

PAGES = {"live": "collab/room/live.html", "closed": "collab/meetings/minutes.html"}


def visible_meeting(request: SchoolRequest, uuid: UUID) -> Meeting:
    """The meeting, if the user may see it; else 404."""
    return get_object_or_404(
        meetings_visible_to(request.user).select_related("team__school", "facilitator__user"), uuid=uuid
    )


def meeting_list(request: SchoolRequest) -> HttpResponse:
    """The week, and what was."""
    page = meetings_of(
        request.user, request.school, team_uuid=request.GET.get("team", ""), page=request.GET.get("page", 1)
    )
    return render_page(request, "collab/meetings/list.html", {"page": page}, partial="meetings")


def meeting_plan(request: SchoolRequest) -> HttpResponse:
    """Plan a meeting from a protocol."""
    if not plannable_teams(request.user, request.school).exists():
        raise PermissionDenied
    form = MeetingForm(request.POST or None, user=request.user, school=request.school)
    if request.method == "POST" and form.is_valid():
        try:
            meeting = meetings.plan_meeting(
                form.cleaned_data["team"],
                actor=request.user,
                title=form.cleaned_data["title"],
                starts_at=form.starts_at(),
                minutes=form.cleaned_data["minutes"],
                protocol=form.cleaned_data["protocol"],
                place=form.cleaned_data["place"],
            )
            return redirect(meeting)
        except DomainError as error:
            form.add_error(None, str(error))
    status = 422 if request.method == "POST" else 200
    return render_page(request, "collab/meetings/plan.html", {"form": form}, status=status)


def meeting_detail(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """The meeting: an agenda before, a room while it is live, minutes after; `?region=` for one region."""
    meeting = visible_meeting(request, uuid)
    if meeting.state == Meeting.State.LIVE and meetings.join_meeting(meeting, actor=request.user):
        meeting.refresh_from_db()
    region = request.GET.get("region", "")
    if region and (meeting.state != Meeting.State.LIVE or region == "page"):
        return HttpResponseClientRefresh()  # the page has become another one
    room = room_of(request.user, meeting)
    context = {
        "room": room,
        "contribution_form": ContributionForm(),
        "decision_form": DecisionForm(),
        "action_form": ActionForm(team=meeting.team),
        "item_form": ItemForm(),
        "minutes": minutes_of(request.user, room) if meeting.state == Meeting.State.CLOSED else [],
    }
    template = PAGES.get(meeting.state, "collab/meetings/agenda.html")
    return render_page(request, template, context, partial=region)


@require_POST
def meeting_start(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Start it."""
    return _do(request, uuid, meetings.start_meeting)


@require_POST
def meeting_close(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Close it into minutes."""
    return _do(request, uuid, meetings.close_meeting)


@require_POST
def meeting_reopen(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Take the closing back."""
    return _do(request, uuid, meetings.reopen_meeting)


@require_POST
def meeting_cancel(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Call it off."""
    _do(request, uuid, meetings.cancel_meeting)
    messages.success(request, _("The meeting is called off. Its topics wait for the next one."))
    return redirect("collab:meeting-list")


def _do(request: SchoolRequest, uuid: UUID, service) -> HttpResponse:  # noqa: ANN001 (a service)
    """Run a service on the meeting; what cannot be done is said on its page."""
    meeting = visible_meeting(request, uuid)
    try:
        service(meeting, actor=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect(meeting)
