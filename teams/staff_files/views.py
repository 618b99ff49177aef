"""Pages of a file of people: upload, what it would change, apply and undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from teams.access.permissions import require_ability
from teams.checked_files.http import (
    apply_and_return,
    csv_template,
    render_file,
    save_file,
    undo_and_return,
)
from teams.lib.http import render_form
from teams.lib.requests import accepts_uploads
from teams.staff_files.files import COLUMNS, MOST_BYTES
from teams.staff_files.forms import StaffFileForm
from teams.staff_files.kind import PEOPLE
from teams.staff_files.permissions import staff_files_visible_to

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest
    from teams.staff_files.models import StaffFile


@accepts_uploads(lambda: MOST_BYTES)
def staff_file_load(request: SchoolRequest) -> HttpResponse:
    """Show the form for a file; POST stores the file and starts its check."""
    require_ability(request.user, "edit_people", request.school)
    form = StaffFileForm(request.POST or None, request.FILES or None)

    def page() -> HttpResponse:
        recent = staff_files_visible_to(request.user).filter(school=request.school)[:10]
        context = {"columns": ", ".join(COLUMNS), "recent": recent}
        return render_form(request, "teams/staff_files/load.html", form, context)

    return save_file(request, PEOPLE, form, page=page)


def staff_file(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show the progress of a file's job, then what the file changes."""
    return render_file(request, "teams/staff_files/file.html", _visible_row(request, uuid))


@require_POST
def staff_file_apply(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Start applying a checked file."""
    return apply_and_return(request, PEOPLE, _visible_row(request, uuid))


@require_POST
def staff_file_undo(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Start undoing an applied file."""
    return undo_and_return(request, PEOPLE, _visible_row(request, uuid))


def staff_file_template(request: SchoolRequest) -> HttpResponse:
    """Download a template file with the columns and two sample rows."""
    require_ability(request.user, "edit_people", request.school)
    rows = [
        ",".join(COLUMNS),
        "Ana,Ruiz,ana@school.org,teacher,1041,,Grade 4",
        "Sol,Vega,sol@school.org,specialist,1042,Reading specialist,Grade 4; Student support",
    ]
    return csv_template("people.csv", rows)


def _visible_row(request: SchoolRequest, uuid: UUID) -> StaffFile:
    rows = staff_files_visible_to(request.user).select_related("school", "job")
    return get_object_or_404(rows, uuid=uuid)
