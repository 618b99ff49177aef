"""Helpers shared by the views of people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404

from teams.access.permissions import require_ability
from teams.people.permissions import people_visible_to

if TYPE_CHECKING:
    from uuid import UUID

    from teams.directory.models import Staff
    from teams.lib.requests import SchoolRequest


def visible_person(request: SchoolRequest, uuid: UUID) -> Staff:
    """The person at the school of the request; 403 for those who may not edit people, 404 for anyone else's."""
    require_ability(request.user, "edit_people", request.school)
    return get_object_or_404(people_visible_to(request.user).filter(school=request.school), uuid=uuid)
