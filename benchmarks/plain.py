"""A plain Django page: the rows of some querysets in tables, for a signed-in user. The peer of `benchmarks.pages`."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.template import Context, Engine
from django.urls import path, set_urlconf

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet
    from django.http import HttpRequest

MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
PAGE = Engine().from_string(
    "<h1>{{ user }}</h1>{% for rows in tables %}<table>{% for row in rows %}<tr>"
    "{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table>{% endfor %}"
)
shown: list[QuerySet[Any, Any]] = []


def plain_show(request: HttpRequest) -> HttpResponse:
    """Every column of the rows in `shown`."""
    tables = [rows.values_list() for rows in shown]
    return HttpResponse(PAGE.render(Context({"user": request.user, "tables": tables})))


def plain_number(request: HttpRequest, number: int) -> HttpResponse:
    """The rows of the demo's page with this number, for a server."""
    tables = [rows.values_list() for rows in _tables()[number]]
    return HttpResponse(PAGE.render(Context({"user": request.user, "tables": tables})))


@cache
def _tables() -> list[Sequence[QuerySet[Any, Any]]]:
    from benchmarks.pages import pages_of_the_demo

    set_urlconf("collab.config.urls")  # the pages have addresses, which are not used here
    try:
        return [page.tables for page in pages_of_the_demo()]
    finally:
        set_urlconf(None)


def show(tables: Sequence[QuerySet[Any, Any]]) -> None:
    """Choose what the page shows."""
    shown[:] = tables


urlpatterns = [path("", plain_show), path("<int:number>/", plain_number)]
