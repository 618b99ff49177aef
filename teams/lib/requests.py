"""What a view is given: request types set up by `teams.middleware`, and markers of views that it obeys."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.http import HttpRequest

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse
    from django_htmx.middleware import HtmxDetails

    from teams.access.permissions import Can
    from teams.directory.models import School, User

V = TypeVar("V", bound="Callable[..., object]")


class UserRequest(HttpRequest):
    """A signed-in request: user, school if any, and abilities. Used for type checking only."""

    user: User
    school: School | None
    can: Can
    htmx: HtmxDetails


class SchoolRequest(UserRequest):
    """A signed-in request of a user who works at a school today. Used for type checking only."""

    school: School


def school_not_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Mark a view that takes a `UserRequest`: it also serves users who work at no school today."""
    view.school_required = False  # type: ignore[attr-defined]
    return view


def second_factor_not_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Mark a view that also serves users who still lack the second factor that is demanded of them."""
    view.second_factor_required = False  # type: ignore[attr-defined]
    return view


def accepts_uploads(
    most_bytes: Callable[[], int], admits: Callable[[dict[bytes, bytes]], bool] | None = None
) -> Callable[[V], V]:
    """Accept request bodies with a file of up to ``most_bytes()`` from people who are signed in.

    ``admits`` is whether the headers of a request have another right to upload, as a program's token.
    The server refuses larger bodies, and those of other views, before the view runs (`collab.config.bodies`).
    """

    def mark(view: V) -> V:
        view.most_upload_bytes = most_bytes  # type: ignore[attr-defined]
        view.admits_upload = admits  # type: ignore[attr-defined]
        return view

    return mark


def route_of(request: HttpRequest) -> str:
    """The pattern of the request's URL, for logs: unlike the path, it contains no ids and no secrets."""
    match = getattr(request, "resolver_match", None)
    return f"/{match.route}" if match else "(no page)"
