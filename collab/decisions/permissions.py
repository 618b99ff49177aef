"""Who may see and check decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collab.agendas.permissions import items_visible_to, may_read
from collab.decisions.models import Decision
from teams.access.conditions import one_of
from teams.access.permissions import is_member

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import User


def decisions_visible_to(user: User) -> QuerySet[Decision]:
    """Decisions on items that the user may read."""
    return Decision.objects.filter(one_of(items_visible_to(user), "item")).select_related("item__meeting")


def may_check(user: User, decision: Decision) -> bool:
    """Whether the user may say how far ``decision`` was carried out: members of its team who may read its item."""
    return is_member(user, decision.item.topic.team) and may_read(user, decision.item)
