"""Reveal exhibits that wait for predictions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collab.agendas.models import Exhibit
from collab.agendas.queries.predictions import is_hidden
from collab.meetings.models import EventKind, Region
from collab.meetings.services.locking import announce
from teams.lib import clock

if TYPE_CHECKING:
    from collab.meetings.models import Meeting


def reveal_predicted_exhibits(meeting: Meeting) -> None:
    """Reveal exhibits for good once everyone present has predicted. The meeting must be locked."""
    waiting = Exhibit.objects.filter(item__meeting=meeting, predict_first=True, lifted_at=None)
    waiting = waiting.filter(predictions__isnull=False).distinct()
    for exhibit in waiting.select_related("item"):
        if not is_hidden(exhibit, meeting):
            exhibit.lifted_at = clock.now()
            exhibit.save(update_fields=["lifted_at"])
            announce(
                meeting, actor=None, kind=EventKind.SHOWN, region=Region.ROOM, item=str(exhibit.item.uuid)
            )
