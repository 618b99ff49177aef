"""Show, correct and approve minutes; PDF; the version for all staff."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from collab.agendas.http import visible_item
from collab.feedback.forms import PulseForm
from collab.meetings.models import Meeting
from collab.meetings.permissions import meetings_visible_to
from collab.minutes import services as minutes
from collab.minutes.forms import CorrectionForm, PeopleForm
from collab.minutes.queries.minutes import minutes_of, students_of
from collab.minutes.queries.staff_minutes import (
    open_minutes_of,
    staff_minutes_of,
    staff_minutes_visible_to,
    staff_present_at,
)
from collab.room.queries.room import room_of
from teams.documents.services import request_document
from teams.lib.errors import DomainError
from teams.lib.http import render_page, run_service, save_form
from teams.lib.seen import mark_seen
from teams.lib.sent_forms import typed_fields

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from collab.minutes.queries.minutes import Minutes
    from collab.room.queries.room import Room
    from teams.lib.requests import SchoolRequest


def closed_meeting(request: SchoolRequest, uuid: UUID) -> Meeting:
    """The closed meeting if the user may see it, otherwise 404."""
    rows = meetings_visible_to(request.user).filter(state=Meeting.State.CLOSED)
    return get_object_or_404(rows.select_related("team__school", "approved_by"), uuid=uuid)


def minutes_page(
    request: SchoolRequest, meeting: Meeting, *, form: CorrectionForm | None = None
) -> HttpResponse:
    """Render the page of a closed meeting; with an invalid ``form`` if given."""
    room = room_of(request.user, meeting)
    parts = _minutes(request, room)
    context = {
        "room": room,
        "minutes": parts,
        "correction_form": form or CorrectionForm(room=room),
        "people_form": PeopleForm(parts.people if parts.may_correct_people else []),
        "pulse_form": PulseForm(),
    }
    return render_page(request, "collab/minutes/show.html", context, status=422 if form else 200)


def minutes_list(request: SchoolRequest) -> HttpResponse:
    """List minutes of all teams with items for all staff; `?team=` filters by team."""
    page = open_minutes_of(
        request.school, team_uuid=request.GET.get("team", ""), page=request.GET.get("page", 1)
    )
    return render_page(request, "collab/minutes/list.html", {"page": page})


def minutes_download(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Ask for the minutes as a PDF: one page, or all that was said with ``?whole=yes``."""
    meeting = closed_meeting(request, uuid)
    room = room_of(request.user, meeting)
    parts = _minutes(request, room)
    context = {"room": room, "minutes": parts}
    try:
        document = request_document(
            request,
            "collab/minutes/paper.html" if request.GET.get("whole") else "collab/minutes/paper_page.html",
            context,
            name=_file_name(meeting),
            page=meeting.get_absolute_url(),
        )
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(meeting)
    return redirect(document)


def staff_minutes(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show the version of approved minutes for all staff; `?format=pdf` as a PDF. No student data."""
    rows = staff_minutes_visible_to(request.user).select_related("team__school", "approved_by")
    meeting = get_object_or_404(rows, uuid=uuid)
    context = {
        "meeting": meeting,
        "parts": staff_minutes_of(meeting),
        "present": staff_present_at(meeting),
        "may_open": meetings_visible_to(request.user).filter(pk=meeting.pk).exists(),
    }
    if request.GET.get("format") == "pdf":
        try:
            document = request_document(
                request,
                "collab/minutes/staff_paper.html",
                context,
                name=_file_name(meeting),
                page=request.path,
            )
            return redirect(document)
        except DomainError as error:
            messages.error(request, str(error))
    return render_page(request, "collab/minutes/staff.html", context)


@require_POST
def minutes_approve(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Approve the minutes."""
    meeting = closed_meeting(request, uuid)
    return run_service(request, lambda: minutes.approve_minutes(meeting, actor=request.user), back=meeting)


@require_POST
def minutes_withdraw(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Withdraw the approval."""
    meeting = closed_meeting(request, uuid)
    return run_service(request, lambda: minutes.withdraw_approval(meeting, actor=request.user), back=meeting)


@require_POST
def minutes_correct(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Add a correction."""
    meeting = closed_meeting(request, uuid)
    form = CorrectionForm(request.POST, room=room_of(request.user, meeting))
    return save_form(
        request,
        form,
        lambda: minutes.correct_minutes(meeting, actor=request.user, **form.corrected()),
        page=lambda: minutes_page(request, meeting, form=form),
        then=f"{meeting.get_absolute_url()}#corrections",
        field="text",
    )


@require_POST
def item_open(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Let all staff read an item of closed minutes (``open`` is "yes"), or only the team again."""
    item = visible_item(request, uuid)
    is_open = request.POST.get("open") == "yes"
    return run_service(
        request,
        lambda: minutes.open_item_to_staff(item, actor=request.user, is_open=is_open),
        back=f"{item.agenda_meeting.get_absolute_url()}#item-{item.uuid}",
        done=_("All staff can read this item once the minutes are approved.")
        if is_open
        else _("Only the team and its leaders can read this item again."),
    )


@require_POST
def minutes_people(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Correct attendance while the minutes are a draft."""
    meeting = closed_meeting(request, uuid)
    return run_service(
        request,
        lambda: minutes.correct_people(meeting, actor=request.user, marks=typed_fields(request)),
        back=meeting,
    )


def _minutes(request: SchoolRequest, room: Room) -> Minutes:
    """The minutes as the user may read them, with their students marked as seen: frozen charts have names as text."""
    parts = minutes_of(request.user, room)
    for student in students_of(parts):
        mark_seen(student.pk)
    return parts


def _file_name(meeting: Meeting) -> str:
    day = meeting.starts_at.astimezone(meeting.team.school.tz)
    return _("Minutes %(team)s %(day)s") % {"team": meeting.team, "day": f"{day:%Y-%m-%d}"}
