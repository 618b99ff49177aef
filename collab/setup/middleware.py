"""Middleware of a server that nobody has set up yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect

from collab.setup.queries.begin import waits_for_first_visitor

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


class BeginMiddleware:
    """Redirects every visitor to the page that begins, as long as nobody can sign in.

    Only pages that ask for sign-in and those of accounts are looked at: the others tell nobody anything yet.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:  # noqa: D102 (Django's own name)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Redirect instead of running the view."""
        is_ours = bool(request.resolver_match and request.resolver_match.namespace)  # not allauth's
        is_public = is_ours and not getattr(view, "login_required", True)
        if request.user.is_authenticated or is_public or not waits_for_first_visitor():
            return None
        return redirect("collab:begin-show")
