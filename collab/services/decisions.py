"""What a team decides, and how far each member stands behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from collab.models import AgendaItem, Decision, FistToFive
from collab.permissions import may_take_part
from collab.services.events import announce, lock_live
from teams.lib.errors import DomainError
from teams.services.audit import record

if TYPE_CHECKING:
    import datetime as dt
    from uuid import UUID

    from teams.models import User


@transaction.atomic
def decide(
    item: AgendaItem, *, actor: User, text: str, check_on: dt.date | None, client_key: UUID
) -> Decision:
    """Write down a decision on ``item``; the same ``client_key`` again is the same decision."""
    meeting = lock_live(item.meeting)
    if not may_take_part(actor, meeting.team):
        raise PermissionDenied
    known = Decision.objects.filter(client_key=client_key, decided_by=actor).first()
    if known:
        return known
    if check_on and check_on < meeting.team.school.today():
        raise DomainError(_("The day to look again has passed already. Choose one to come."))
    decision = Decision.objects.create(
        item=item, text=text, check_on=check_on, decided_by=actor, client_key=client_key
    )
    announce(meeting, actor=actor, kind="decided", region="decisions")
    record(actor, "decided", decision, school=meeting.team.school, meeting=str(meeting.uuid))
    return decision


@transaction.atomic
def show_fingers(decision: Decision, *, actor: User, fingers: int) -> FistToFive:
    """Say how far the actor stands behind a decision, 0 to 5; a later word replaces the earlier one."""
    meeting = lock_live(decision.item.meeting)
    if not may_take_part(actor, meeting.team):
        raise PermissionDenied
    if not 0 <= fingers <= 5:
        raise DomainError(_("Show none to five fingers."))
    vote, _new = FistToFive.objects.update_or_create(
        decision=decision, user=actor, defaults={"fingers": fingers}
    )
    announce(meeting, actor=actor, kind="voted", region="decisions")
    return vote
