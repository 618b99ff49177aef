"""The page about a value, which other pages show over themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404

from datareview.provenance.queries.values import named_value
from datareview.records.permissions import students_visible_to
from teams.lib.http import render_page, wants_partial

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def origin_show(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show where the value that ``?of=`` names comes from (`datareview.records.values`)."""
    student = get_object_or_404(students_visible_to(request.user).select_related("school"), uuid=uuid)
    found = named_value(request.user, student, request.GET.get("of", ""))
    if found is None:
        raise Http404
    context = {"found": found, "student": student, "is_over_page": wants_partial(request)}
    return render_page(request, "datareview/provenance/show.html", context, partial="value")
