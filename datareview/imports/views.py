"""Pages to upload, match, check, apply and undo files."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from django.conf import settings
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from datareview.assessments.permissions import assessments_visible_to
from datareview.imports.forms.files import ApplyForm, MappingForm, initial_of
from datareview.imports.forms.uploads import SetForm, UploadForm
from datareview.imports.http import visible_import
from datareview.imports.models import Import
from datareview.imports.permissions import require_loading
from datareview.imports.queries import import_page, imports_of
from datareview.imports.services import files
from datareview.recognition.fields import FIELDS
from teams.access.permissions import require_ability, teams_visible_to
from teams.lib.csv_export import csv_response
from teams.lib.http import render_form, run_service, save_form, save_upload
from teams.lib.parameters import public_id
from teams.lib.requests import accepts_uploads

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from uuid import UUID

    from django.core.files import File
    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


@accepts_uploads(lambda: settings.UPLOAD_MAX_BYTES)
def import_list(request: SchoolRequest) -> HttpResponse:
    """List imports; POST uploads a file, or several as a set."""
    require_ability(request.user, "import_data", request.school)
    form = SetForm(request.POST or None, request.FILES or None)

    @contextmanager
    def store(file: File[bytes]) -> Iterator[Import]:
        with (
            closing(file),
            files.stored_import(request.school, actor=request.user, file=file, name=file.name or "") as row,
        ):
            yield row

    def page() -> HttpResponse:
        context = {"imports": imports_of(request.user, request.school).filter(team=None, part_of=None)[:50]}
        return render_form(request, "datareview/imports/list.html", form, context)

    return save_upload(
        request, form, lambda row: files.start_reading(row, actor=request.user), store=store, page=page
    )


@accepts_uploads(lambda: settings.UPLOAD_MAX_BYTES)
def import_answers(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show the answers of assessments that the user brought for a team by file; POST uploads a file.

    ``?assessment=`` is the one for which the file is.
    """
    team = get_object_or_404(teams_visible_to(request.user).select_related("school"), uuid=uuid)
    require_loading(request.user, team.school, team)
    assessment = None
    if wanted := request.GET.get("assessment"):
        rows = assessments_visible_to(request.user).filter(team=team)
        assessment = get_object_or_404(rows, uuid=public_id(wanted))
    form = UploadForm(request.POST or None, request.FILES or None)

    def store(file: File[bytes]) -> AbstractContextManager[Import]:
        return files.stored_import(
            team.school,
            actor=request.user,
            file=file,
            name=file.name or "",
            team=team,
            assessment=assessment,
        )

    def page() -> HttpResponse:
        found = imports_of(request.user, team.school).filter(team=team)[:50]
        context = {"team": team, "assessment": assessment, "imports": found}
        return render_form(request, "datareview/imports/answers.html", form, context)

    return save_upload(
        request, form, lambda row: files.start_reading(row, actor=request.user), store=store, page=page
    )


def import_detail(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show one import: the mapping of columns, then its problems, then the result."""
    row = visible_import(request, uuid)
    if row.is_set:
        return redirect("datareview:import-set", row.uuid)
    kind = _kind(request.GET.get("kind", ""), row)
    form = MappingForm(row=row, kind=kind, initial=initial_of(row, kind))
    return _page(request, row, form)


@require_POST
def import_check(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Save the mapping and check the file."""
    row = visible_import(request, uuid)
    form = MappingForm(request.POST, row=row, kind=_kind(request.POST.get("kind", ""), row))
    return save_form(
        request,
        form,
        lambda: files.start_check(row, actor=request.user, kind=form.row_kind, mapping=form.mapping()),
        page=lambda: _page(request, row, form),
        then=row,
    )


@require_POST
def import_apply(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Apply the file."""
    row = visible_import(request, uuid)
    confirm, seen = ApplyForm(request.POST).is_valid(), request.POST.get("seen", "")
    return run_service(
        request, lambda: files.start_apply(row, actor=request.user, confirm=confirm, seen=seen), back=row
    )


@require_POST
def import_discard(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Delete an upload that was never applied."""
    row = visible_import(request, uuid)
    return run_service(
        request,
        lambda: files.discard_import(row, actor=request.user),
        back=row,
        then=_list_page(row),
        done=_("The upload was deleted. Nothing of it was saved."),
    )


def import_problems(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Download the problems as CSV."""
    row = visible_import(request, uuid)
    lines = row.problems.values_list("row", "column", "value", "message", "severity")
    return csv_response("problems.csv", ["row", "column", "value", "problem", "severity"], lines)


def import_template(request: SchoolRequest, kind: str) -> HttpResponse:
    """Download an empty file with the columns of a kind."""
    require_ability(request.user, "import_data", request.school)
    columns = FIELDS.get(kind, FIELDS[Import.Kind.STUDENTS])
    return csv_response(f"{kind}.csv", list(columns), [])


def _list_page(row: Import) -> str:
    if row.team is None:
        return reverse("datareview:import-list")
    return reverse("datareview:import-answers", args=[row.team.uuid])


def _kind(text: str, row: Import) -> str:
    """The kind of data that ``text`` names, else the row's, which is empty if the file was not recognized."""
    if row.team_id:
        return Import.Kind.ANSWERS
    return text if text in Import.Kind.values else row.kind


def _page(request: SchoolRequest, row: Import, form: MappingForm) -> HttpResponse:
    context = {
        "page": import_page(row, form.row_kind, has_result=not form.is_bound),
        "apply_form": ApplyForm(changed=row.counts.get("changed", 0), seconds=row.seconds),
    }
    return render_form(request, "datareview/imports/detail.html", form, context)
