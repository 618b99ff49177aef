"""Add a queue entry to an agenda as a new topic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from collab.agendas.models import AgendaItem, Topic
from collab.agendas.services.items import copy_readers
from collab.agendas.services.placement import place_item
from collab.protocols.models import Capture

if TYPE_CHECKING:
    from django.db.models import Model

    from collab.meetings.models import Meeting
    from collab.preparation.queries.sources import QueueEntry
    from teams.directory.models import User


def place_topic(
    entry: QueueEntry[Any],
    meeting: Meeting,
    actor: User | None,
    *,
    kind: str,
    step: str,
    capture: str = Capture.NOTES,
    outcome: str = "",
    comes_from: AgendaItem | None = None,
    **about: Model,
) -> AgendaItem:
    """Create a topic of ``kind`` for the entry's subject (``about``), and its item on a locked ``meeting``.

    If the entry comes from an item (``comes_from``), exactly that item's readers may read the new one.
    """
    topic = Topic.objects.create(
        team=meeting.team,
        title=entry.title,
        kind=kind,
        why=entry.why,
        wanted_by=actor,
        due_on=entry.due_on,
        **about,
    )
    item = AgendaItem(
        topic=topic,
        title=entry.title,
        prompt=entry.why,
        kind=step,
        minutes=entry.minutes,
        capture=capture,
        outcome=outcome,
    )
    if comes_from:
        item.visibility = comes_from.visibility
    place_item(item, meeting, reserved_for=entry.reserved_for)
    if comes_from:
        copy_readers(comes_from, item)
    return item
