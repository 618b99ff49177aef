"""Projector mode: every student's name is an alias, on everything that leaves the server, until switched off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect
from django.utils.translation import gettext as _

from datareview.privacy.queries import aliases_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse, QueryDict

    from datareview.privacy.aliases import Aliases

SESSION_KEY = "projector"
TEXTS = ("text/", "application/json", "application/javascript", "image/svg")
HEADERS = ("Content-Disposition", "Location", "HX-Trigger", "HX-Push-Url")


class ProjectorMiddleware:
    """Hides names in what a projecting session is sent, and puts them back into what it sends.

    It works on the finished answer, so that a page made next year cannot forget it. What is no text (a
    spreadsheet) is not sent at all; documents take ``request.hide_names`` before they are drawn.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:  # noqa: D102 (Django's own name)
        school = getattr(request, "school", None)
        if school is None or not request.session.get(SESSION_KEY):
            return self.get_response(request)
        aliases = aliases_of(school)
        request.hide_names = aliases.hide_page  # type: ignore[attr-defined]
        request.GET = _shown(request.GET, aliases)  # type: ignore[assignment]
        if request.method == "POST":
            request.POST = _shown(request.POST, aliases)  # type: ignore[assignment]
        return _hidden(request, self.get_response(request), aliases)


def _shown(data: QueryDict, aliases: Aliases) -> QueryDict:
    """What was typed with aliases, with the names they stand for."""
    copy = data.copy()
    for key in copy:
        copy.setlist(key, [aliases.show(value) for value in copy.getlist(key)])
    return copy


def _hidden(request: HttpRequest, response: HttpResponse, aliases: Aliases) -> HttpResponse:
    if response.streaming:  # events name regions, never people; files are our own scripts and styles
        return response
    kind = response.get("Content-Type", "")
    if response.content and not kind.startswith((*TEXTS, "application/pdf")):
        from django.contrib import messages

        messages.error(request, _("Names are hidden now. Show them again to download this file."))
        return redirect(request.META.get("HTTP_REFERER") or "/")
    if kind.startswith(TEXTS):
        charset = response.charset or "utf-8"
        text = response.content.decode(charset)
        hide = aliases.hide_page if "html" in kind else aliases.hide if "text/" in kind else aliases.hide_code
        response.content = hide(text).encode(charset)
        if "Content-Length" in response:
            response["Content-Length"] = str(len(response.content))
    for name in HEADERS:
        if name in response:
            response[name] = aliases.hide_code(response[name])
    return response
