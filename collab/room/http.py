"""How a page that follows a live meeting gets its regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils.cache import patch_vary_headers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from collab.agendas.queries.items import ItemsFor
    from collab.meetings.models import Meeting
    from teams.lib.requests import SchoolRequest

ROOM = "room"


def regions_response(body: str, names: Sequence[str], meeting: Meeting) -> HttpResponse:
    """Regions as HTML; the headers name them and the revision that had been read before them."""
    headers = {"Room-Regions": " ".join(names), "Room-Revision": str(meeting.revision)}
    response = HttpResponse(body, status=200 if body else 204, headers=headers)
    patch_vary_headers(response, ["HX-Request"])
    return response


def shows_another_item(request: SchoolRequest, agenda: ItemsFor) -> bool:
    """Whether the page says that it shows another item than the current one."""
    current = agenda.current
    return request.headers.get("Room-Item", "") not in ("", str(current.uuid) if current else "")
