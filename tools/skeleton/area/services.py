"""Add things."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from areaapp.things.models import Thing
from teams.access.permissions import may_take_part
from teams.audit.services import record_event

if TYPE_CHECKING:
    from teams.directory.models import Team, User


@transaction.atomic
def add_thing(team: Team, *, actor: User, text: str) -> Thing:
    """Add a thing to ``team``. Raises PermissionDenied for an actor who is not in the team."""
    if not may_take_part(actor, team):
        raise PermissionDenied
    thing = Thing.objects.create(team=team, text=text)
    record_event(actor, "added", thing, school=team.school)
    return thing
