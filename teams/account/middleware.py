"""Middleware of accounts: what a browser may store and use, and the second factor if it is required."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.mfa.adapter import get_adapter
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from teams.access.permissions import must_have_second_factor
from teams.account.devices import remember_device

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
)


class BrowserMiddleware:
    """Sets headers that limit the browser: it stores no page of a signed-in user, and may use no sensors.

    At sign-in it is remembered as a device of that person.

    Responses that set their own lifetime, such as calendar feeds, are left unchanged. Signing out clears the cache and
    stored drafts; an expired session does not, so that its drafts can still be sent.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:  # noqa: D102 (Django's own name)
        was_signed_in = request.user.is_authenticated
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        if not was_signed_in and request.user.is_authenticated:
            remember_device(request, response, request.user.email)
        if was_signed_in or request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store, private")
        if was_signed_in and not request.user.is_authenticated:
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response


class SecondFactorMiddleware:
    """Redirects people who need a second factor but have none to the page that sets it up.

    Account pages and views marked with `second_factor_not_required` stay open. Those who have a factor were asked for
    it by allauth at sign-in.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:  # noqa: D102 (Django's own name)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Redirect instead of running the view if the factor is missing."""
        is_ours = bool(request.resolver_match and request.resolver_match.namespace)  # not allauth's
        if (
            not is_ours
            or not request.user.is_authenticated
            or not getattr(view, "second_factor_required", True)
        ):
            return None
        if not must_have_second_factor(request.user) or get_adapter().is_mfa_enabled(request.user):
            return None
        page = reverse("teams:second-step-show")
        return HttpResponseClientRedirect(page) if request.headers.get("HX-Request") else redirect(page)
