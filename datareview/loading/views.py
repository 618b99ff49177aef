"""The page that says what undoing a file would take away, before anybody does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datareview.imports.http import visible_import
from datareview.imports.services import files
from datareview.loading.queries import undo_page
from teams.lib.http import render_page, run_service

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def import_undo(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show what was built on a file; POST undoes it, or all but the rows on which something was built."""
    row = visible_import(request, uuid)
    if request.method != "POST":
        return render_page(request, "datareview/loading/undo.html", {"page": undo_page(row)})
    keep = request.POST.get("keep") == "yes"
    return run_service(request, lambda: files.start_undo(row, actor=request.user, keep=keep), back=row)
