"""Check permission for an item and lock its meeting."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied

from collab.agendas.permissions import may_read
from collab.meetings.permissions import may_take_part_in
from collab.meetings.services.locking import lock_live_meeting

if TYPE_CHECKING:
    from collab.agendas.models import AgendaItem
    from collab.meetings.models import Meeting
    from teams.directory.models import User


def authorize_and_lock(item: AgendaItem, actor: User) -> Meeting:
    """The locked live meeting of ``item``. Raises PermissionDenied unless the actor takes part and may read it."""
    meeting = lock_live_meeting(item.meeting)
    if not may_take_part_in(actor, meeting) or not may_read(actor, item):
        raise PermissionDenied
    return meeting
