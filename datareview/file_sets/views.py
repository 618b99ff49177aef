"""The page of a set of files, with buttons for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.urls import reverse

from datareview.file_sets.queries import set_page
from datareview.file_sets.services.starting import start_set
from datareview.imports.http import visible_import
from teams.lib.http import render_page, run_service

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def import_set(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show the files of a set with their results; POST checks, loads or undoes all of them, as ``do`` says."""
    row = visible_import(request, uuid)
    if not row.is_set:
        raise Http404
    if request.method != "POST":
        return render_page(request, "datareview/file_sets/show.html", {"page": set_page(row)})
    do, seen = request.POST.get("do", ""), request.POST.get("seen", "")
    return run_service(
        request,
        lambda: start_set(row, actor=request.user, do=do, seen=seen),
        back=reverse("datareview:import-set", args=[row.uuid]),
    )
