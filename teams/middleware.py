"""What every signed-in request knows: its school, what the user may do there, its clock and language."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.shortcuts import resolve_url
from django.utils import timezone, translation
from django_htmx.http import HttpResponseClientRedirect

from teams.access.permissions import abilities_at, schools_at
from teams.access.queries import SESSION_KEY

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from teams.directory.models import School


class HtmxSignInMiddleware:
    """Send the whole page, not a region of it, to the sign-in page when the session has expired."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:  # noqa: D102 (Django's own name)
        response = self.get_response(request)
        sign_in = resolve_url(settings.LOGIN_URL)
        if request.headers.get("HX-Request") and response.get("Location", "").startswith(sign_in):
            back = urlsplit(request.headers.get("HX-Current-URL", "/")).path or "/"
            return HttpResponseClientRedirect(f"{sign_in}?{urlencode({'next': back})}")
        return response


class SchoolMiddleware:
    """Set ``request.school`` and ``request.can``; show times in the school's zone and the user's language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:  # noqa: D102 (Django's own name)
        school = current_school(request)
        request.school = school  # type: ignore[attr-defined]
        request.can = abilities_at(request.user, school)  # type: ignore[attr-defined]
        language = getattr(request.user, "language", "") or translation.get_language()
        request.LANGUAGE_CODE = language
        with translation.override(language), timezone.override(school.tz if school else None):
            return self.get_response(request)


def current_school(request: HttpRequest) -> School | None:
    """The school chosen in this session, if the user works there; else the first by name."""
    schools = schools_at(request.user)
    if not schools:
        return None
    chosen = request.session.get(SESSION_KEY)
    return next((school for school in schools if school.pk == chosen), schools[0])
