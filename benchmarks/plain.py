"""A plain Django page: the rows of some querysets in tables, for a signed-in user. The peer of `benchmarks.pages`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.template import Context, Engine
from django.urls import path

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


def show(tables: Sequence[QuerySet[Any, Any]]) -> None:
    """Choose what the page shows."""
    shown[:] = tables


urlpatterns = [path("", plain_show)]
