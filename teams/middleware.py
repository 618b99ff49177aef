"""Middleware: what a request keeps, its school, abilities and language; sign-in; refusals; searches; forms sent twice."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import structlog
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpResponse, HttpResponseNotAllowed, UnreadablePostError
from django.shortcuts import redirect, resolve_url
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from teams.access.permissions import abilities_at, first_school_of, schools_at
from teams.access.queries import SESSION_KEY
from teams.lib.http import answer_repeat
from teams.lib.kept_words import PARAMETER, WORDS, keep_words, words_of
from teams.lib.request_cache import request_cache
from teams.lib.requests import route_of
from teams.lib.sent_forms import FIELD, location_after
from teams.lib.waiting import waited_too_long

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from teams.directory.models import School


logger = structlog.get_logger(__name__)
METHODS = ("GET", "HEAD", "POST")
KEY = re.compile(r"[0-9a-zA-Z-]{1,40}")  # of a form
AGAIN = {403, 404, 422}  # what a view may say to a form whose effect changed what it is about


def _takes_put(request: HttpRequest) -> bool:
    """Whether the request is a PUT to a view that takes files from programs (`accepts_uploads`)."""
    try:
        view = resolve(request.path_info).func
    except Resolver404:
        return False
    return request.method == "PUT" and getattr(view, "admits_upload", None) is not None


class RefusalMiddleware:
    """Refuses methods that no page has, with 405, and URLs and forms with NUL, which PostgreSQL cannot store, with 400."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:  # noqa: D102 (Django's own name)
        if request.method not in METHODS and not _takes_put(request):
            return HttpResponseNotAllowed(METHODS)
        try:
            sent = (request.GET, request.POST)
        except UnreadablePostError as error:  # the connection broke while a file was sent
            raise BadRequest from error
        typed = [value for data in sent for _name, values in data.lists() for value in values]
        if any("\0" in text for text in (request.path, *typed)):
            raise BadRequest
        return self.get_response(request)


class BusyMiddleware:
    """Answers 503 with a sentence if a page waited too long for the database; htmx shows it and swaps nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:  # noqa: D102 (Django's own name)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Return the response, or None if the exception is another one."""
        if not waited_too_long(exception):
            return None
        logger.warning("busy", path=route_of(request))
        if request.method == "POST":  # an earlier step of it, or the same form sent just before, may be saved
            sentence = _(
                "This page had to wait too long for it. What you sent may not have been saved: look before you"
                " send it again."
            )
        else:
            sentence = _("This page had to wait too long for it. Try again in a minute.")
        response = HttpResponse(render_to_string("503.html", {"why": sentence}), status=503)
        response["Retry-After"] = str(settings.PAGE_LOCK_SECONDS)
        title = _("A large change is being saved")
        return trigger_client_event(
            response, "collab:say", {"text": f"{title}. {sentence}", "level": "error"}
        )


class SentFormMiddleware:
    """Redirects a form that was sent before to the page that followed it, even if its subject has gone since.

    With htmx the views return a region themselves; if they cannot, nothing changes on the page. Both say that it was
    saved before.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:  # noqa: D102 (Django's own name)
        is_form = request.method == "POST"
        if (
            is_form
            and not request.headers.get("HX-Request")
            and (page := location_after(request)) is not None
        ):
            return _noted(answer_repeat(request, page), request.POST.get(FIELD, ""))
        response = self.get_response(request)
        response = _noted(response, getattr(request, "saved_form", ""))
        if is_form and response.status_code in AGAIN and (page := location_after(request)) is not None:
            return answer_repeat(request, page, lambda: HttpResponse(status=204))
        return response


class SearchWordsMiddleware:
    """Keeps words that were searched for in the session, so that no address, history or log of a proxy has them.

    A form that searches is posted to the page of its results, with ``search=new``, and redirected to the page's address
    with a key for the words (`teams.lib.kept_words`), which Back, links and downloads use. Views find the words in
    ``request.GET``.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:  # noqa: D102 (Django's own name)
        key = request.GET.get(PARAMETER)
        if key and request.method != "POST":
            words = words_of(request.session, key)
            if words is None and not request.headers.get("HX-Request"):
                messages.info(
                    request, _("Words that were searched for stay with who typed them. Type them again.")
                )
            wanted = request.GET.copy()
            wanted[WORDS] = words or ""
            request.GET = wanted  # type: ignore[assignment]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Callable[..., HttpResponse], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """Redirect a posted search, after Django has checked its token."""
        if request.method != "POST" or request.POST.get(PARAMETER) != "new":
            return None
        wanted = {
            name: value
            for name, value in request.POST.items()
            if value and name not in (WORDS, PARAMETER, FIELD, "csrfmiddlewaretoken")
        }
        if words := request.POST.get(WORDS, "").strip():
            wanted[PARAMETER] = keep_words(request.session, words)
        query = f"?{urlencode(wanted)}" if wanted else ""
        return redirect(f"{request.path}{query}")


def _noted(response: HttpResponse, key: str) -> HttpResponse:
    """Tell the browser by a cookie which form was saved: static/js/drafts.js then forgets what it has kept of it."""
    if response.status_code == HTTPStatus.FOUND and KEY.fullmatch(key):
        secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie("saved_form", key, max_age=60, secure=secure, samesite="Lax")
    return response


class HtmxSignInMiddleware:
    """Redirects the whole page, not only a region, to sign-in when the session has expired.

    After sign-in, the page that had the form opens again, with what was typed: what it was sent to may be no page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:  # noqa: D102 (Django's own name)
        response = self.get_response(request)
        sign_in = resolve_url(settings.LOGIN_URL)
        if request.headers.get("HX-Request") and response.get("Location", "").startswith(sign_in):
            back = urlsplit(request.headers.get("HX-Current-URL", "/")).path or "/"
            return HttpResponseClientRedirect(f"{sign_in}?{urlencode({'next': back})}")
        if request.method == "POST" and response.get("Location", "").startswith(f"{sign_in}?"):
            came_from = urlsplit(request.headers.get("Referer", ""))
            if came_from.netloc == request.get_host():
                page = came_from._replace(scheme="", netloc="").geturl()
                response["Location"] = f"{sign_in}?{urlencode({'next': page})}"
        return response


class RequestCacheMiddleware:
    """Keeps what is read once per request, such as the user's schools and teams, until the response is made."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:  # noqa: D102 (Django's own name)
        with request_cache():
            return self.get_response(request)


class SchoolMiddleware:
    """Sets ``request.school`` and ``request.can``, and activates the school's time zone and the user's language.

    Signed-in users who work at no school today get 403 from all our views, except public ones and those marked
    with `school_not_required`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:  # noqa: D102 (Django's own name)
        school = current_school(request)
        if request.user.is_authenticated:
            structlog.contextvars.bind_contextvars(person=str(request.user.uuid))
        request.school = school  # type: ignore[attr-defined]
        request.can = abilities_at(request.user, school)  # type: ignore[attr-defined]
        language = getattr(request.user, "language", "") or translation.get_language()
        request.LANGUAGE_CODE = language
        with translation.override(language), timezone.override(school.tz if school else None):
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: Any, kwargs: Any
    ) -> None:
        """Raise PermissionDenied (403) if the view needs a school and the user has none."""
        is_ours = bool(request.resolver_match and request.resolver_match.namespace)  # not allauth's
        needs_school = getattr(view, "school_required", True) and getattr(view, "login_required", True)
        has_school = request.school is not None  # type: ignore[attr-defined]
        if is_ours and needs_school and request.user.is_authenticated and not has_school:
            raise PermissionDenied


def current_school(request: HttpRequest) -> School | None:
    """The school chosen in this session if the user works there, else where they have worked longest.

    So another school, whatever its name, changes nothing for people who get a role there.
    """
    schools = schools_at(request.user)
    if not schools:
        return None
    chosen = request.session.get(SESSION_KEY)
    return next((school for school in schools if school.pk == chosen), first_school_of(request.user))
