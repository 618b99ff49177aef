"""What the pages of all kinds of checked files do alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse

from teams.checked_files.services import apply_later, check_later, stored_upload, undo_later
from teams.jobs.services.jobs import with_progress
from teams.lib.http import render_page, run_service, save_upload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from django.forms import BaseForm

    from teams.checked_files.models import CheckedFile
    from teams.checked_files.services import FileKind, Uploaded
    from teams.lib.requests import SchoolRequest


def save_file(
    request: SchoolRequest, kind: FileKind[Uploaded], form: BaseForm, *, page: Callable[[], HttpResponse]
) -> HttpResponse:
    """Store the file of a valid form, start its check and open its page."""
    return save_upload(
        request,
        form,
        lambda row: check_later(kind, row, actor=request.user),
        store=lambda file: stored_upload(
            kind, request.school, actor=request.user, file=file, name=file.name or ""
        ),
        page=page,
    )


def render_file(request: SchoolRequest, template: str, row: CheckedFile) -> HttpResponse:
    """Show the progress of a file's job, then what the file changes."""
    job = with_progress(row.job) if row.job and row.is_busy else None
    return render_page(request, template, {"row": row, "job": job})


def apply_and_return(request: SchoolRequest, kind: FileKind[Uploaded], row: Uploaded) -> HttpResponse:
    """Start applying a checked file."""
    return run_service(request, lambda: apply_later(kind, row, actor=request.user), back=row)


def undo_and_return(request: SchoolRequest, kind: FileKind[Uploaded], row: Uploaded) -> HttpResponse:
    """Start undoing an applied file."""
    return run_service(request, lambda: undo_later(kind, row, actor=request.user), back=row)


def csv_template(name: str, lines: Iterable[str]) -> HttpResponse:
    """A download of a template file with the columns and sample rows."""
    response = HttpResponse("\r\n".join(lines) + "\r\n", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
