"""Meetings: the list, planning one, its page before, during and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh, reswap

from collab.forms.agendas import ItemForm
from collab.forms.meetings import CancelForm, GuestForm, MeetingForm, MoveForm
from collab.forms.room import (
    ActionForm,
    AnswerForm,
    CauseForm,
    ContributionForm,
    DecisionForm,
    QuestionForm,
    TeachingForm,
)
from collab.models.meetings import Meeting
from collab.permissions import may_plan_for, meetings_visible_to
from collab.queries.agendas import agenda_of
from collab.queries.meetings import meetings_of, plannable_teams
from collab.queries.room import room_of
from collab.queries.said import news_on
from collab.services import endings, meetings, roles, series
from collab.views.minutes import minutes_page
from collab.views.series import told_moved
from teams.directory.queries.days import closed_days
from teams.lib.errors import DomainError
from teams.lib.pages import render_page

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from collab.queries.room import Room
    from collab.queries.said import News
    from teams.lib.requests import SchoolRequest


def visible_meeting(request: SchoolRequest, uuid: UUID) -> Meeting:
    """The meeting, if the user may see it; else 404."""
    return get_object_or_404(meetings_visible_to(request.user).select_related("team__school"), uuid=uuid)


def meeting_list(request: SchoolRequest) -> HttpResponse:
    """The week, and what was."""
    page = meetings_of(
        request.user,
        request.school,
        team_uuid=request.GET.get("team", ""),
        page=request.GET.get("page", 1),
        is_whole="all" in request.GET,
    )
    return render_page(request, "collab/meetings/list.html", {"page": page}, partial="meetings")


def meeting_plan(request: SchoolRequest) -> HttpResponse:
    """Plan a meeting from a protocol; `?team=&day=&time=&minutes=` fill the form."""
    if not plannable_teams(request.user, request.school).exists():
        raise PermissionDenied
    start = {
        key: request.GET[key] for key in ("team", "day", "time", "minutes", "title") if key in request.GET
    }
    form = MeetingForm(request.POST or None, initial=start, user=request.user, school=request.school)
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
    return meeting_region(request, uuid, request.GET.get("region", ""))


def meeting_region(request: SchoolRequest, uuid: UUID, region: str) -> HttpResponse:
    """One region of the meeting's page; all of it where ``region`` is empty."""
    meeting = visible_meeting(request, uuid)
    if (
        not region
        and meeting.state == Meeting.State.LIVE
        and meetings.join_meeting(meeting, actor=request.user)
    ):
        meeting.refresh_from_db()
    is_part = meeting.state == Meeting.State.PLANNED and region in ("agenda", "queue")
    if region and not is_part and (meeting.state != Meeting.State.LIVE or region == "page"):
        return HttpResponseClientRefresh()  # the page has become another one
    show = {Meeting.State.LIVE: _live, Meeting.State.CLOSED: _minutes}.get(
        Meeting.State(meeting.state), _agenda
    )
    return show(request, meeting, region)


def _agenda(request: SchoolRequest, meeting: Meeting, region: str) -> HttpResponse:
    context = {
        "room": (room := room_of(request.user, meeting)),
        "page": agenda_of(room),
        "item_form": ItemForm(meeting=meeting),
        "answer_form": AnswerForm(),
        "guest_form": GuestForm(meeting=meeting),
        "cancel_form": CancelForm(),
    }
    return render_page(request, "collab/meetings/agenda.html", context, partial=region)


def _live(request: SchoolRequest, meeting: Meeting, region: str) -> HttpResponse:
    room = room_of(request.user, meeting)
    context: dict[str, object] = {"room": room}
    if region == "contributions" and (news := _news(request, room)):
        if not news.rows:
            return HttpResponse(status=204)  # what was heard of is known, from the answer to one's own click
        answer = render_page(request, "collab/room/_contributions_news.html", {**context, "news": news})
        return reswap(answer, "none")
    if region in ("", "room", "item"):
        context |= {
            "contribution_form": ContributionForm(),
            "cause_form": CauseForm(),
            "teaching_form": TeachingForm(),
            "decision_form": DecisionForm(item=room.open_item, meeting=meeting),
            "action_form": ActionForm(meeting=meeting),
            "question_form": QuestionForm(),
        }
    elif region == "teaching":
        context |= {"cause_form": CauseForm(), "teaching_form": TeachingForm()}
    return render_page(request, "collab/room/live.html", context, partial=region)


def _news(request: SchoolRequest, room: Room) -> News | None:
    """What the page lacks that says since when it knows all; None where all is to be drawn again."""
    since = request.POST.get("since") or request.GET.get("since", "")
    news = news_on(request.user, room.meeting, int(since)) if since.isdecimal() else None
    if news:
        room.open_item = news.item
    return news


def _minutes(request: SchoolRequest, meeting: Meeting, region: str) -> HttpResponse:
    return minutes_page(request, meeting)


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
def meeting_discard(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """It was started by mistake: it is planned again."""
    return _do(request, uuid, endings.discard_start)


@require_POST
def meeting_cancel(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Call it off, or it and all that follow."""
    meeting, form = visible_meeting(request, uuid), CancelForm(request.POST)
    form.is_valid()
    reason = form.cleaned_data.get("reason", "")
    try:
        if form.cleaned_data.get("following"):
            series.cancel_following(meeting, actor=request.user, reason=reason)
        else:
            meetings.cancel_meeting(meeting, actor=request.user, reason=reason)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(meeting)
    messages.success(request, _("Called off. What was to be talked about waits for the next meeting."))
    return redirect("collab:meeting-list")


@require_POST
def meeting_give_back(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Nothing is due: give the time back."""
    return _do(request, uuid, meetings.give_back)


def meeting_move(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Another time or place, for this one or for all that follow."""
    meeting = visible_meeting(request, uuid)
    if not may_plan_for(request.user, meeting.team):
        raise PermissionDenied
    form = MoveForm(request.POST or None, initial=MoveForm.start(meeting), school=meeting.team.school)
    if request.method == "POST" and form.is_valid():
        try:
            _move(request, meeting, form)
            return redirect(meeting)
        except DomainError as error:
            form.add_error(None, str(error))
    context = {"form": form, "meeting": meeting}
    return render_page(request, "collab/meetings/move.html", context, status=422 if form.errors else 200)


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
        )
        messages.success(request, told_moved(moved))
        return
    meetings.move_meeting(
        meeting, actor=request.user, starts_at=form.starts_at(), minutes=data["minutes"], place=data["place"]
    )
    messages.success(request, _("The meeting was moved."))
    if closed_days(meeting.team.school, data["day"], data["day"]):
        messages.warning(request, _("There is no school on that day."))


@require_POST
def guest_add(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Let somebody of the school take part in this one meeting."""
    meeting = visible_meeting(request, uuid)
    form = GuestForm(request.POST, meeting=meeting)
    try:
        if not form.is_valid():
            raise DomainError(_("Choose somebody who works at this school and is not in the team."))
        roles.invite_guest(meeting, actor=request.user, staff=form.cleaned_data["staff"])
    except DomainError as error:
        messages.error(request, str(error))
    return redirect(meeting)


@require_POST
def guest_remove(request: SchoolRequest, uuid: UUID, staff: UUID) -> HttpResponse:
    """Take a guest back."""
    meeting = visible_meeting(request, uuid)
    guest = get_object_or_404(meeting.guests.select_related("staff"), staff__uuid=staff)
    try:
        roles.remove_guest(meeting, actor=request.user, staff=guest.staff)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect(meeting)


def _do(request: SchoolRequest, uuid: UUID, service: Callable[..., object]) -> HttpResponse:
    """Run a service on the meeting; what cannot be done is said on its page."""
    meeting = visible_meeting(request, uuid)
    try:
        service(meeting, actor=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect(meeting)
