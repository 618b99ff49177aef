"""The page on which a person corrects how a file is read, with its first rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.urls import reverse

from datareview.file_ways.forms import WayForm
from datareview.imports.http import visible_import
from datareview.imports.queries import import_page
from datareview.imports.services.files import start_reading_again
from teams.lib.http import render_form, save_form

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def import_reading(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show how a file was read; POST reads it again in another way."""
    row = visible_import(request, uuid)
    if row.is_set:
        raise Http404
    form = WayForm(request.POST or None, row=row)
    return save_form(
        request,
        form,
        lambda: start_reading_again(row, actor=request.user, way=form.way()),
        page=lambda: render_form(
            request, "datareview/file_ways/show.html", form, {"page": import_page(row, row.kind)}
        ),
        then=reverse("datareview:import-reading", args=[row.uuid]),
    )
