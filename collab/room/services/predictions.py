"""Predict before reveal: an exhibit is sent to nobody until those present have said what they expect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from collab.agendas.models import Exhibit, Prediction
from collab.agendas.queries.predictions import is_hidden
from collab.agendas.services.locking import authorize_and_lock
from collab.agendas.services.predictions import reveal_predicted_exhibits
from collab.meetings.models import EventKind, Region
from collab.meetings.permissions import may_run
from collab.meetings.services.locking import announce, lock_live_meeting
from teams.lib import clock
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from teams.directory.models import User


@transaction.atomic
def predict(exhibit: Exhibit, *, actor: User, text: str) -> Prediction:
    """Say what the actor expects; changing it is possible until the exhibit is shown."""
    meeting = authorize_and_lock(exhibit.item, actor)
    if not text.strip():
        raise DomainError(_("Write what you expect, even if you are not sure."))
    if not is_hidden(exhibit, meeting):
        raise DomainError(_("The chart is shown already; a prediction now would be a memory."))
    row, _new = Prediction.objects.update_or_create(
        exhibit=exhibit, user=actor, defaults={"text": text.strip()[:300], "at": clock.now()}
    )
    # the others are disturbed only when the last one has predicted: they are writing theirs
    announce(
        meeting, actor=actor, kind=EventKind.PREDICTED, region=Region.PEOPLE, item=str(exhibit.item.uuid)
    )
    reveal_predicted_exhibits(meeting)
    return row


@transaction.atomic
def reveal_exhibit(exhibit: Exhibit, *, actor: User) -> Exhibit:
    """Show the exhibit although not everybody has predicted."""
    meeting = lock_live_meeting(exhibit.item.meeting)
    if not may_run(actor, meeting):
        raise PermissionDenied
    if exhibit.lifted_at is None:
        exhibit.lifted_at = clock.now()
        exhibit.save(update_fields=["lifted_at"])
        announce(meeting, actor=actor, kind=EventKind.LIFTED, region=Region.ROOM, item=str(exhibit.item.uuid))
    return exhibit
