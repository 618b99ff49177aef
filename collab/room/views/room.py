"""The live room's regions, and how an action in the room responds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.urls import reverse
from django_htmx.http import HttpResponseClientRefresh, reswap

from collab.discussion.queries import update_since
from collab.meetings.http import visible_meeting
from collab.meetings.models import Meeting
from collab.room.forms import RoomForms
from collab.room.queries.room import room_of
from teams.lib.http import render_page, run_service
from teams.lib.parameters import int_or_none

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.forms import Form

    from collab.discussion.queries import RoomUpdate
    from collab.room.queries.room import Room
    from teams.lib.requests import SchoolRequest


def region(request: SchoolRequest, meeting: Meeting, name: str) -> HttpResponse:
    """Render a region of a live room, or the whole room if ``name`` is empty; reload the page once it is not live."""
    if meeting.state != Meeting.State.LIVE or name == "page":
        return HttpResponseClientRefresh()
    room = room_of(request.user, meeting)
    context: dict[str, object] = {"room": room, "forms": RoomForms(room)}
    if name == "contributions" and (update := _update(request, room)):
        if not update.rows:
            return HttpResponse(status=204)  # already shown by the response to the user's own click
        answer = render_page(request, "collab/room/_contributions_news.html", {**context, "update": update})
        return reswap(answer, "none")
    return render_page(request, "collab/room/live.html", context, partial=name)


def respond(
    request: SchoolRequest,
    uuid: UUID,
    name: str,
    service: Callable[..., object],
    subject: object,
    *,
    form: Form | None = None,
    **values: object,
) -> HttpResponse:
    """Run ``service(subject, actor=…)`` with ``values`` and those of ``form``; htmx gets the meeting's region ``name``.

    If ``form`` is invalid, the service does not run and the form's errors are shown.
    """

    def work() -> object:
        typed = {} if form is None else form.cleaned_data
        return service(subject, actor=request.user, **values, **typed)

    return run_service(
        request,
        work,
        back=reverse("collab:meeting-detail", args=[uuid]),
        region=lambda: region(request, visible_meeting(request, uuid), name),
        form=form,
    )


def _update(request: SchoolRequest, room: Room) -> RoomUpdate | None:
    """Changes since the revision the page reports; None if it must be re-rendered."""
    since = int_or_none(request.POST.get("since") or request.GET.get("since"))
    return None if since is None else update_since(request.user, room.meeting, since)
