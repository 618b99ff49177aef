"""What people add to an item, and their agreement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from collab.models import AgendaItem, Agreement, Contribution
from collab.permissions import may_take_part
from collab.services.events import announce, lock_live
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from uuid import UUID

    from teams.models import User


@transaction.atomic
def add_contribution(
    item: AgendaItem, *, actor: User, kind: str, text: str, client_key: UUID
) -> Contribution:
    """Add what the actor says to ``item``; the same ``client_key`` again is the same contribution."""
    meeting = lock_live(item.meeting)
    if not may_take_part(actor, meeting.team):
        raise PermissionDenied
    known = Contribution.objects.filter(client_key=client_key, author=actor).first()
    if known:
        return known
    if not text.strip():
        raise DomainError(_("There is no text yet. Write what you see, then add it."))
    contribution = Contribution.objects.create(
        item=item, author=actor, kind=kind, text=text.strip(), client_key=client_key
    )
    announce(meeting, actor=actor, kind="contributed", region="contributions", item=str(item.uuid))
    return contribution


@transaction.atomic
def toggle_agreement(contribution: Contribution, *, actor: User) -> bool:
    """Agree, or take it back; whether the actor agrees now."""
    meeting = lock_live(contribution.item.meeting)
    if not may_take_part(actor, meeting.team):
        raise PermissionDenied
    if contribution.author_id == actor.pk:
        raise DomainError(_("These are your own words; others can agree with them."))
    row, is_new = Agreement.objects.get_or_create(contribution=contribution, user=actor)
    if not is_new:
        row.delete()
    announce(meeting, actor=actor, kind="agreed", region="contributions", item=str(contribution.item.uuid))
    return is_new
