"""The request as `teams.middleware` leaves it, for type checkers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from teams.models import School, User
    from teams.permissions import Can


class SchoolRequest(HttpRequest):
    """A signed-in request: who, at which school, with which abilities. Never made; only a type."""

    user: User
    school: School
    can: Can
    htmx: HtmxDetails
