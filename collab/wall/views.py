"""A meeting on the wall."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from django_htmx.http import HttpResponseClientRefresh

from collab.findings.services.results import record_look_in_meeting
from collab.meetings.http import visible_meeting
from collab.meetings.models import Meeting
from collab.room.http import ROOM, regions_response, shows_another_item
from collab.wall.queries import wall_of
from datareview.privacy.queries import aliases_of
from teams.lib.hidden_names import hidden_by
from teams.lib.http import render_page

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from django.http import HttpResponse

    from collab.wall.queries import Wall
    from teams.lib.requests import SchoolRequest

REGIONS = {ROOM, "clock", "item", "contributions", "decisions"}


def meeting_wall(request: SchoolRequest, uuid: UUID, *, with_names: bool = False) -> HttpResponse:
    """Show the current item of a meeting on the wall; `?region=` returns regions of it.

    Students have the aliases that they have everywhere today, unless ``with_names``: then names are as in the session.
    """
    meeting = visible_meeting(request, uuid)
    names = request.GET.getlist("region")
    with nullcontext() if with_names else hidden_by(aliases_of(meeting.team.school)):
        wall = wall_of(request.user, meeting)
        if names:
            return _regions(request, wall, names)
        _record_looks(wall)
        return render_page(request, "collab/wall/show.html", {"wall": wall, "with_names": with_names})


def _regions(request: SchoolRequest, wall: Wall, names: Sequence[str]) -> HttpResponse:
    """Render regions as `collab.room.views.room.regions` does; a page of another state reloads."""
    if wall.meeting.state != Meeting.State.LIVE or not set(names) <= REGIONS:
        return HttpResponseClientRefresh()
    if ROOM in names or shows_another_item(request, wall.agenda):
        names = [ROOM]
    if {ROOM, "item"} & set(names):
        _record_looks(wall)
    parts = [render_to_string(f"collab/wall/show.html#{name}", {"wall": wall}, request) for name in names]
    return regions_response("".join(parts), names, wall.meeting)


def _record_looks(wall: Wall) -> None:
    """Record that the results on the current item are shown to everyone in the meeting."""
    if wall.meeting.state == Meeting.State.LIVE:
        for shown in wall.results:
            record_look_in_meeting(shown)
