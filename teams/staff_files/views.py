"""Pages of a file of people: upload, what it would change, apply and undo."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from teams.access.permissions import require_ability
from teams.jobs.services.jobs import with_progress
from teams.lib.http import render_form, render_page, run_service, save_upload
from teams.lib.requests import accepts_uploads
from teams.staff_files.files import COLUMNS, MOST_BYTES
from teams.staff_files.forms import StaffFileForm
from teams.staff_files.models import StaffFile
from teams.staff_files.permissions import staff_files_visible_to
from teams.staff_files.services import (
    apply_people_later,
    check_people_later,
    stored_staff_file,
    undo_people_later,
)

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from uuid import UUID

    from django.core.files import File

    from teams.lib.requests import SchoolRequest

RUNNING = (StaffFile.State.CHECKING, StaffFile.State.APPLYING, StaffFile.State.UNDOING)


@accepts_uploads(lambda: MOST_BYTES)
def staff_file_load(request: SchoolRequest) -> HttpResponse:
    """Show the form for a file; POST stores the file and starts its check."""
    require_ability(request.user, "edit_people", request.school)
    form = StaffFileForm(request.POST or None, request.FILES or None)

    def store(file: File[bytes]) -> AbstractContextManager[StaffFile]:
        return stored_staff_file(request.school, actor=request.user, file=file, name=file.name or "")

    def page() -> HttpResponse:
        recent = staff_files_visible_to(request.user).filter(school=request.school)[:10]
        context = {"columns": ", ".join(COLUMNS), "recent": recent}
        return render_form(request, "teams/staff_files/load.html", form, context)

    return save_upload(
        request, form, lambda row: check_people_later(row, actor=request.user), store=store, page=page
    )


def staff_file(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show the progress of a file's job, then what the file changes."""
    row = _visible_row(request, uuid)
    row.state = row.standing
    job = with_progress(row.job) if row.job and row.state in RUNNING else None
    may_apply = row.state == StaffFile.State.CHECKED and bool(row.found["new"] or row.found["changed"])
    context = {
        "row": row,
        "job": job,
        "may_apply": may_apply,
        "may_undo": row.state == StaffFile.State.APPLIED,
    }
    return render_page(request, "teams/staff_files/file.html", context)


@require_POST
def staff_file_apply(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Start applying a checked file."""
    row = _visible_row(request, uuid)
    return run_service(request, lambda: apply_people_later(row, actor=request.user), back=row)


@require_POST
def staff_file_undo(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Start undoing an applied file."""
    row = _visible_row(request, uuid)
    return run_service(request, lambda: undo_people_later(row, actor=request.user), back=row)


def _visible_row(request: SchoolRequest, uuid: UUID) -> StaffFile:
    rows = staff_files_visible_to(request.user).select_related("school", "job")
    return get_object_or_404(rows, uuid=uuid)


def staff_file_template(request: SchoolRequest) -> HttpResponse:
    """Download a template file with the columns and two sample rows."""
    require_ability(request.user, "edit_people", request.school)
    rows = [
        ",".join(COLUMNS),
        "Ana,Ruiz,ana@school.org,teacher,1041,,Grade 4",
        "Sol,Vega,sol@school.org,specialist,1042,Reading specialist,Grade 4; Student support",
    ]
    response = HttpResponse("\r\n".join(rows) + "\r\n", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="people.csv"'
    return response
