"""Who administers which district."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied

from teams.access.permissions import districts_of
from teams.directory.models import School

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from teams.directory.models import District, User


def administered_schools(user: User) -> QuerySet[School]:
    """The schools of those districts, by name."""
    return School.objects.filter(district__in=districts_of(user))


def require_district(user: User, district: District | None) -> None:
    """Raise PermissionDenied unless ``user`` administers ``district``."""
    if district is None or not districts_of(user).filter(pk=district.pk).exists():
        raise PermissionDenied
