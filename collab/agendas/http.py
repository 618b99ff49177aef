"""Look up agenda items for views."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404

from collab.agendas.permissions import items_visible_to

if TYPE_CHECKING:
    from uuid import UUID

    from collab.agendas.models import AgendaItem
    from teams.lib.requests import SchoolRequest


def visible_item(request: SchoolRequest, uuid: UUID) -> AgendaItem:
    """The agenda item of a meeting if the user may read it, otherwise 404."""
    items = items_visible_to(request.user).exclude(meeting=None)
    return get_object_or_404(items.select_related("meeting__team__school", "topic__team"), uuid=uuid)
