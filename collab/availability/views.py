"""The finder of meeting times."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied

from collab.availability.forms import FinderForm
from collab.availability.queries.finder import finder_of, may_find
from teams.lib.http import render_page

if TYPE_CHECKING:
    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def finder_show(request: SchoolRequest) -> HttpResponse:
    """Show ranked times when people could meet; `?team=&people=&minutes=&week=&day=`."""
    if not may_find(request.user, request.school):
        raise PermissionDenied
    form = FinderForm(request.GET, user=request.user, school=request.school)
    page = finder_of(request.user, request.school, **form.wanted())
    context = {"form": form, "page": page}
    status = 422 if form.errors else 200
    return render_page(request, "collab/availability/show.html", context, partial="found", status=status)
