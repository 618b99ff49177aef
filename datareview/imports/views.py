"""Loading files: uploaded, matched, checked, applied, undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from datareview.imports.forms import MappingForm, UploadForm, initial_of
from datareview.imports.models import Import
from datareview.imports.permissions import imports_visible_to
from datareview.imports.queries import import_page, imports_of
from datareview.imports.services import files
from datareview.privacy.csv_export import csv_response
from teams.access.permissions import require
from teams.lib.errors import DomainError
from teams.lib.pages import render_page

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def visible_import(request: SchoolRequest, uuid: UUID) -> Import:
    """The import, where the user may load data; else 404."""
    rows = imports_visible_to(request.user).select_related("school", "uploaded_by", "job")
    return get_object_or_404(rows, uuid=uuid)


def import_list(request: SchoolRequest) -> HttpResponse:
    """Files with their state; a POST uploads one."""
    require(request.user, "import_data", request.school)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            return redirect(files.upload_file(request.school, actor=request.user, file=file, name=file.name))
        except DomainError as error:
            form.add_error("file", str(error))
    context = {"form": form, "imports": imports_of(request.user, request.school)[:50]}
    return render_page(request, "datareview/imports/list.html", context, status=422 if form.errors else 200)


def import_detail(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """One file: its columns to match, then its problems, then what was done."""
    row = visible_import(request, uuid)
    kind = request.GET.get("kind", "")
    kind = kind if kind in Import.Kind.values else row.kind
    form = MappingForm(row=row, kind=kind, initial=initial_of(row, kind))
    return _page(request, row, form)


@require_POST
def import_check(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Match the columns and check the whole file."""
    row, kind = visible_import(request, uuid), request.POST.get("kind", "")
    form = MappingForm(request.POST, row=row, kind=kind if kind in Import.Kind.values else row.kind)
    if form.is_valid():
        try:
            return redirect(
                files.start_check(row, actor=request.user, kind=form.row_kind, mapping=form.mapping())
            )
        except DomainError as error:
            form.add_error(None, str(error))
    return _page(request, row, form, status=422)


@require_POST
def import_apply(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Write it."""
    row = visible_import(request, uuid)
    try:
        files.start_apply(row, actor=request.user, confirm=request.POST.get("confirm") == "yes")
    except DomainError as error:
        messages.error(request, str(error))
    return redirect(row)


@require_POST
def import_undo(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Bring back what was."""
    row = visible_import(request, uuid)
    try:
        files.start_undo(row, actor=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect(row)


def import_problems(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """The problems as a file."""
    row = visible_import(request, uuid)
    lines = row.problems.values_list("row", "column", "value", "message", "severity")
    return csv_response("problems.csv", ["row", "column", "value", "problem", "severity"], lines)


def import_template(request: SchoolRequest, kind: str) -> HttpResponse:
    """An empty file with the columns of a kind."""
    require(request.user, "import_data", request.school)
    columns = files.FIELDS.get(kind, files.FIELDS[Import.Kind.STUDENTS])
    return csv_response(f"{kind}.csv", list(columns), [])


def _page(request: SchoolRequest, row: Import, form: MappingForm, *, status: int = 200) -> HttpResponse:
    context = {"page": import_page(row), "form": form}
    return render_page(request, "datareview/imports/detail.html", context, status=status)
