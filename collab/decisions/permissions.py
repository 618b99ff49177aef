"""Who may see decisions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from collab.agendas.permissions import items_visible_to
from collab.decisions.models import Decision

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import User


def decisions_visible_to(user: User) -> QuerySet[Decision]:
    """Decisions on items that the user may read."""
    return Decision.objects.filter(item__in=items_visible_to(user)).select_related("item__meeting")
