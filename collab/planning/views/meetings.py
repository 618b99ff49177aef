"""List, plan, move and cancel meetings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from collab.meetings.forms import CancelForm
from collab.meetings.http import change_meeting, visible_meeting
from collab.meetings.permissions import may_plan_for, may_run
from collab.planning.forms.meetings import MeetingForm, MoveForm, TitleForm
from collab.planning.queries.meeting_list import meetings_of
from collab.planning.services import meetings, series
from collab.planning.views.series import move_message, nothing_to_plan
from teams.access.permissions import plannable_teams
from teams.directory.queries.days import closed_days
from teams.lib.http import render_form, render_page, run_service, save_form

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from collab.meetings.models import Meeting
    from teams.lib.requests import SchoolRequest


def meeting_list(request: SchoolRequest) -> HttpResponse:
    """List future meetings by week, and past ones."""
    page = meetings_of(
        request.user,
        request.school,
        team_uuid=request.GET.get("team", ""),
        page=request.GET.get("page", 1),
        is_whole="all" in request.GET,
    )
    return render_page(request, "collab/planning/meetings/list.html", {"page": page}, partial="meetings")


def meeting_plan(request: SchoolRequest) -> HttpResponse:
    """Plan a meeting from a protocol; `?team=&day=&time=&minutes=` prefill the form."""
    if not plannable_teams(request.user, request.school).exists():
        return nothing_to_plan(request)
    start = {
        key: request.GET[key] for key in ("team", "day", "time", "minutes", "title") if key in request.GET
    }
    form = MeetingForm(request.POST or None, initial=start, user=request.user, school=request.school)

    def plan() -> Meeting:
        data = form.cleaned_data
        return meetings.plan_meeting(
            data["team"],
            actor=request.user,
            title=data["title"],
            starts_at=form.starts_at(),
            minutes=data["minutes"],
            protocol=data["protocol"],
            place=data["place"],
        )

    return save_form(
        request,
        form,
        plan,
        page=lambda: render_form(request, "collab/planning/meetings/plan.html", form),
        then=lambda meeting: meeting,
    )


@require_POST
def meeting_cancel(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Cancel a meeting, or it and all that follow."""
    meeting, form = visible_meeting(request, uuid), CancelForm(request.POST)

    def cancel() -> object:
        service = series.cancel_following if form.cleaned_data["following"] else meetings.cancel_meeting
        return service(meeting, actor=request.user, reason=form.cleaned_data["reason"])

    return run_service(
        request,
        cancel,
        back=meeting,
        form=form,
        then="collab:meeting-list",
        done=_("The meeting was canceled. Its items are back in the queue."),
    )


@require_POST
def meeting_give_back(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Cancel a meeting because nothing is due."""
    return change_meeting(request, uuid, meetings.release_meeting_time)


def meeting_rename(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Change the question that the meeting answers."""
    meeting = visible_meeting(request, uuid)
    if not may_run(request.user, meeting):
        raise PermissionDenied
    start = {"title": meeting.title, "seen": meeting.title}
    form = TitleForm(request.POST or None, initial=start)

    def rename() -> None:
        data = form.cleaned_data
        meetings.rename_meeting(meeting, actor=request.user, title=data["title"], seen=data["seen"] or None)

    return save_form(
        request,
        form,
        rename,
        page=lambda: render_form(request, "collab/planning/meetings/rename.html", form, {"meeting": meeting}),
        then=meeting,
    )


def meeting_move(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Move this meeting, or this and all that follow."""
    meeting = visible_meeting(request, uuid)
    if not may_plan_for(request.user, meeting.team):
        raise PermissionDenied
    form = MoveForm(request.POST or None, initial=MoveForm.start(meeting), school=meeting.team.school)

    def newest() -> dict[str, object]:
        meeting.refresh_from_db()
        return form.newest(meeting)

    return save_form(
        request,
        form,
        lambda: _move(request, meeting, form),
        page=lambda: render_form(request, "collab/planning/meetings/move.html", form, {"meeting": meeting}),
        then=meeting,
        field="day",
        newest=newest,
    )


def _move(request: SchoolRequest, meeting: Meeting, form: MoveForm) -> None:
    data = form.cleaned_data
    if data["following"] and meeting.series_id:
        moved = series.change_following(
            meeting,
            actor=request.user,
            day=data["day"],
            starts_at=data["time"],
            minutes=data["minutes"],
            place=data["place"],
            seen=data["seen"],
        )
        messages.success(request, move_message(moved))
        return
    meetings.move_meeting(
        meeting,
        actor=request.user,
        starts_at=form.starts_at(),
        minutes=data["minutes"],
        place=data["place"],
        seen=data["seen"],
    )
    messages.success(request, _("The meeting was moved."))
    if closed_days([meeting.team.school_id], data["day"], data["day"]):
        messages.warning(request, _("There is no school on that day."))
