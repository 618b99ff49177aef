"""The schools of a user."""

from __future__ import annotations

from typing import TYPE_CHECKING

from teams.access.permissions import roles_of
from teams.directory.models import School

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import User


SESSION_KEY = "school"  # session key of the school that the pages show


def schools_of(user: User) -> QuerySet[School]:
    """The schools where the user works today, by name."""
    return School.objects.filter(pk__in=roles_of(user))
