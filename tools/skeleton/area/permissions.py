"""Visibility of things."""

from __future__ import annotations

from typing import TYPE_CHECKING

from areaapp.things.models import Thing
from teams.access.permissions import teams_visible_to

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import User


def things_visible_to(user: User) -> QuerySet[Thing]:
    """Things of teams that the user may see."""
    return Thing.objects.filter(team__in=teams_visible_to(user))
