"""The request as `teams.middleware` leaves it, and the mark of views that need no school."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse
    from django_htmx.middleware import HtmxDetails

    from teams.access.permissions import Can
    from teams.directory.models import School, User


class UserRequest(HttpRequest):
    """A signed-in request: who, with which abilities, at which school if any. Never made; only a type."""

    user: User
    school: School | None
    can: Can
    htmx: HtmxDetails


class SchoolRequest(UserRequest):
    """A signed-in request of somebody who works at a school today. Never made; only a type."""

    school: School


def school_not_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Mark a view of `UserRequest`: it also answers somebody who works at no school today."""
    view.school_required = False  # type: ignore[attr-defined]
    return view
