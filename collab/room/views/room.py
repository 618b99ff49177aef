"""The live room's regions, and how an action in the room responds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from django.urls import reverse
from django_htmx.http import HttpResponseClientRefresh

from collab.discussion.queries import update_since
from collab.findings.services.results import record_look_in_meeting, record_own_look
from collab.meetings.http import visible_meeting
from collab.meetings.models import Meeting
from collab.room.forms import RoomForms
from collab.room.http import ROOM, regions_response, shows_another_item
from collab.room.queries.room import room_of
from teams.lib.http import render_page, run_service
from teams.lib.parameters import int_or_none

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from uuid import UUID

    from django.forms import Form
    from django.http import HttpResponse

    from collab.discussion.queries import RoomUpdate
    from collab.room.queries.room import Room
    from teams.lib.requests import SchoolRequest


ITEM_REGIONS = {"item", "contributions", "teaching"}  # never drawn beside another item
REGIONS = {"head", "clock", "agenda", "people", "next", "decisions", "pulse", "end"} | ITEM_REGIONS


def regions(request: SchoolRequest, meeting: Meeting, names: Sequence[str]) -> HttpResponse:
    """Render regions of a live room one after the other, or the whole room.

    The whole room also if the reader's page still shows another item. The headers name the regions and the revision
    that had been read before them, so that the page shows nothing older than it has. A page of another state of the
    meeting reloads.
    """
    if meeting.state != Meeting.State.LIVE or not set(names) <= {*REGIONS, ROOM}:
        return HttpResponseClientRefresh()
    room = room_of(request.user, meeting)
    if ROOM in names or (ITEM_REGIONS & set(names) and shows_another_item(request, room.agenda)):
        names = [ROOM]
    context: dict[str, object] = {"room": room, "forms": RoomForms(room)}
    body = "".join(_render(request, room, name, context) for name in dict.fromkeys(names))
    if {ROOM, "item"} & set(names):
        _record_looks(room)
    return regions_response(body, names, meeting)


def live_page(request: SchoolRequest, meeting: Meeting) -> HttpResponse:
    """Render the page of a live meeting."""
    room = room_of(request.user, meeting)
    _ = room.agenda.items  # all of them, as the page shows them; regions may read the current one alone
    _record_looks(room)
    return render_page(request, "collab/room/live.html", {"room": room, "forms": RoomForms(room)})


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
        region=lambda: regions(request, visible_meeting(request, uuid), [name]),
        form=form,
    )


def _record_looks(room: Room) -> None:
    """Record that the results on the current item are shown to everyone in the meeting, and the reader's own class."""
    for shown in room.results:
        record_look_in_meeting(shown)
        if shown.own:
            record_own_look(shown, actor=room.user)


def _render(request: SchoolRequest, room: Room, name: str, context: dict[str, object]) -> str:
    """A region as HTML. Of contributions only what changed, if that is single rows; this may be nothing."""
    if name == "contributions" and (update := _update(request, room)):
        news = {**context, "update": update}
        return render_to_string("collab/room/_contributions_news.html", news, request) if update.rows else ""
    return render_to_string(f"collab/room/live.html#{name}", context, request)


def _update(request: SchoolRequest, room: Room) -> RoomUpdate | None:
    """Changes since the revision the page reports; None if it must be re-rendered."""
    since = int_or_none(request.headers.get("Room-Drawn"))
    item = room.agenda.open_item
    return None if since is None or item is None else update_since(request.user, item, since)


def wanted_of(request: SchoolRequest) -> bool | None:
    """What the pressed button said: yes, no, or None if it did not say."""
    return {"yes": True, "no": False}.get(request.POST.get("wanted", ""))
