"""The log of disclosures; projector mode: every student's name in a response is an alias, until switched off.

Names are hidden where they are rendered (`teams.lib.hidden_names`): ``str(student)`` is an alias, and charts, forms
and templates hide names in their texts. Finished pages are not rewritten; `tests/test_hidden_names.py` searches
every page for names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from datareview.privacy.queries import aliases_of, students_named_in
from datareview.privacy.services.disclosures import record_disclosure
from teams.access.permissions import roles_of
from teams.lib.hidden_names import change_query, hidden_by, hide_in_address
from teams.lib.seen import collect_seen

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse, QueryDict

    from datareview.privacy.aliases import Aliases

SESSION_KEY = "projector"
SHOWING = {200, 422}  # responses with a page or a file
HIDDEN = (
    "text/html",
    "text/plain",
    "text/csv",
    "text/event-stream",
    "application/json",
    "application/pdf",
    "image/svg",
)  # content types whose texts hide names
ADDRESSES = ("Location", "HX-Redirect", "HX-Location", "HX-Push-Url", "HX-Replace-Url")


class DisclosureMiddleware:
    """Logs the students whom a response names, also in typed texts, files and regions of a page, under its URL's name.

    A GET that redirects has rendered a file, which a worker makes; a form that redirects has shown nothing. Streams
    name regions only.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:  # noqa: D102 (Django's own name)
        with collect_seen() as seen:
            response = self.get_response(request)
        shows = response.status_code in SHOWING or (request.method == "GET" and response.status_code == 302)
        if shows and request.user.is_authenticated and request.resolver_match:
            named = students_named_in(set(seen.texts), roles_of(request.user)) if seen.texts else set()
            what = request.resolver_match.url_name or ""
            record_disclosure(seen.ids | named, reader=request.user, what=what)
        return response


class ProjectorMiddleware:
    """Hides names in responses of a projecting session, and restores them in its requests.

    A name in the query string of a page, such as a search, is redirected to its alias: the address is on the screen,
    and htmx pushes the address to which it was redirected.

    Other content types, such as spreadsheets, are not sent. Streams run on after this middleware: their events
    name regions, never people.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:  # noqa: D102 (Django's own name)
        school = getattr(request, "school", None)
        if school is None or not request.session.get(SESSION_KEY):
            return self.get_response(request)
        aliases = aliases_of(school)
        if request.method == "GET" and (hidden := _hidden_address(request, aliases)):
            return redirect(hidden)
        request.GET = _shown(request.GET, aliases)  # type: ignore[assignment]
        if request.method == "POST":
            request.POST = _shown(request.POST, aliases)  # type: ignore[assignment]
        with hidden_by(aliases):
            response = self.get_response(request)
            # The request that shows the names again leads to a page that has them.
            return _sent(request, response) if request.session.get(SESSION_KEY) else response


def _shown(data: QueryDict, aliases: Aliases) -> QueryDict:
    """Replace aliases in submitted data by names."""
    copy = data.copy()
    for key in copy:
        copy.setlist(key, [aliases.show(value) for value in copy.getlist(key)])
    return copy


def _hidden_address(request: HttpRequest, aliases: Aliases) -> str:
    """The address of ``request`` with aliases for names in its query string, or "" if it has none."""
    values = [value for _name, given in request.GET.lists() for value in given]
    hidden = [aliases.hide(value) for value in values]
    # A student called “Student” would be hidden again and again.
    if hidden == values or hidden != [aliases.hide(value) for value in hidden]:
        return ""
    return change_query(request.get_full_path(), aliases.hide)


def _sent(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Return ``response``, or a redirect with a message if it is a file that may contain names."""
    is_hidden = response.streaming or response.get("Content-Type", "").startswith(HIDDEN)
    if not is_hidden and response.content:
        messages.error(request, _("Names are hidden now. Show them again to download this file."))
        return redirect(hide_in_address(request.META.get("HTTP_REFERER") or "/"))
    for name in ADDRESSES:
        if name in response:
            response[name] = hide_in_address(response[name])
    return response
