"""Pages of the timetable: a grid to edit, and loading a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from teams.access.permissions import require_ability
from teams.jobs.services.jobs import with_progress
from teams.lib.errors import DomainError
from teams.lib.hidden_names import hide_names
from teams.lib.http import render_form, render_page, run_service, save_upload
from teams.lib.parameters import int_or_none, public_id
from teams.lib.requests import accepts_uploads
from teams.lib.sent_forms import mark_saved
from teams.timetable.files import COLUMNS, MOST_BYTES
from teams.timetable.forms import CellForm, TimetableFileForm
from teams.timetable.models import TimetableFile
from teams.timetable.permissions import timetable_files_visible_to
from teams.timetable.queries import grid_of, staff_of
from teams.timetable.services import set_duty, start_applying, start_checking, stored_timetable

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from uuid import UUID

    from django.core.files import File

    from teams.lib.requests import SchoolRequest


def timetable_show(request: SchoolRequest) -> HttpResponse:
    """Show the grid of people and periods for a day of the cycle."""
    grid = grid_of(request.school, day=int_or_none(request.GET.get("day")) or 0)
    context = {"grid": grid, "cell_form": CellForm(grid, grid.day) if grid.day else None}
    return render_page(request, "teams/timetable/show.html", context)


@require_POST
def duty_set(request: SchoolRequest) -> HttpResponse:
    """Set one cell. Returns the stored duty as JSON to a script; redirects a form to the day."""
    require_ability(request.user, "edit_calendar", request.school)
    period = get_object_or_404(request.school.periods, pk=int_or_none(request.POST.get("period")))
    people = staff_of(request.school)
    staff = get_object_or_404(people, uuid=public_id(request.POST.get("staff")))
    wants_json = request.headers.get("Accept", "").startswith("application/json")
    try:
        kind, label = request.POST.get("kind", ""), request.POST.get("label", "")
        duty = set_duty(period, actor=request.user, staff=staff, kind=kind, label=label)
    except DomainError as error:
        if wants_json:
            return JsonResponse({"problem": hide_names(str(error))}, status=422)
        messages.error(request, str(error))
        return redirect("teams:timetable-show")
    if wants_json:
        return JsonResponse(
            {"kind": duty.kind if duty else "", "label": hide_names(duty.label) if duty else ""}
        )
    response = redirect("teams:timetable-show")
    response["Location"] += f"?day={period.cycle_day}"
    mark_saved(request)
    return response


@accepts_uploads(lambda: MOST_BYTES)
def timetable_load(request: SchoolRequest) -> HttpResponse:
    """Show the form for a file; POST stores the file and starts its check."""
    require_ability(request.user, "edit_calendar", request.school)
    form = TimetableFileForm(request.POST or None, request.FILES or None)

    def store(file: File[bytes]) -> AbstractContextManager[TimetableFile]:
        return stored_timetable(request.school, actor=request.user, file=file, name=file.name or "")

    def page() -> HttpResponse:
        return render_form(request, "teams/timetable/load.html", form, {"columns": ", ".join(COLUMNS)})

    return save_upload(
        request, form, lambda row: start_checking(row, actor=request.user), store=store, page=page
    )


def timetable_file(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show the progress of a file's job, then the effect of the file."""
    row = _visible_file(request, uuid)
    row.state = row.standing
    is_busy = row.state in (TimetableFile.State.CHECKING, TimetableFile.State.APPLYING)
    context = {
        "row": row,
        "job": with_progress(row.job) if row.job and is_busy else None,
        "may_apply": row.state == TimetableFile.State.CHECKED
        and bool(row.found["new"] or row.found["changed"]),
    }
    return render_page(request, "teams/timetable/file.html", context)


@require_POST
def timetable_apply(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Start applying a checked file."""
    row = _visible_file(request, uuid)
    return run_service(request, lambda: start_applying(row, actor=request.user), back=row)


def _visible_file(request: SchoolRequest, uuid: UUID) -> TimetableFile:
    rows = timetable_files_visible_to(request.user).select_related("school", "job")
    return get_object_or_404(rows, uuid=uuid)


def timetable_template(request: SchoolRequest) -> HttpResponse:
    """Download a template file with the columns and two sample rows."""
    require_ability(request.user, "edit_calendar", request.school)
    rows = [
        ",".join(COLUMNS),
        "ana@school.org,1,Period 1,teaching,Reading 4A",
        '"Ruiz, Ana",1,Period 2,free,',
    ]
    response = HttpResponse("\r\n".join(rows) + "\r\n", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="timetable.csv"'
    return response
