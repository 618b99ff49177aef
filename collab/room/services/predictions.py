"""Predict, then reveal: an exhibit stays hidden until everyone present has predicted."""

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
    """Record what the actor expects. It can be changed until the exhibit is revealed."""
    meeting = authorize_and_lock(exhibit.item, actor)
    if not text.strip():
        raise DomainError(_("Write your prediction, even if you are not sure."))
    if not is_hidden(exhibit, meeting):
        raise DomainError(_("The chart is already visible, so predictions are closed."))
    row, _new = Prediction.objects.update_or_create(
        exhibit=exhibit, user=actor, defaults={"text": text.strip()[:300], "at": clock.now()}
    )
    # do not disturb the others while they write; their item refreshes once the last one has predicted
    announce(
        meeting, actor=actor, kind=EventKind.PREDICTED, region=Region.PEOPLE, item=str(exhibit.item.uuid)
    )
    reveal_predicted_exhibits(meeting)
    return row


@transaction.atomic
def reveal_exhibit(exhibit: Exhibit, *, actor: User) -> Exhibit:
    """Reveal the exhibit although not everyone has predicted."""
    meeting = lock_live_meeting(exhibit.item.meeting)
    if not may_run(actor, meeting):
        raise PermissionDenied
    if exhibit.lifted_at is None:
        exhibit.lifted_at = clock.now()
        exhibit.save(update_fields=["lifted_at"])
        announce(meeting, actor=actor, kind=EventKind.LIFTED, region=Region.ROOM, item=str(exhibit.item.uuid))
    return exhibit
