"""Pages of the timetable: a grid to edit, and loading a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from teams.access.permissions import require_ability
from teams.checked_files.http import (
    apply_and_return,
    csv_template,
    render_file,
    save_file,
    undo_and_return,
)
from teams.lib.errors import DomainError
from teams.lib.hidden_names import hide_names
from teams.lib.http import render_form, render_page
from teams.lib.parameters import int_or_none, public_id
from teams.lib.requests import accepts_uploads
from teams.lib.sent_forms import mark_saved
from teams.timetable.files import COLUMNS, MOST_BYTES
from teams.timetable.forms import CellForm, TimetableFileForm, TimetableFilter
from teams.timetable.kind import TIMETABLES
from teams.timetable.permissions import timetable_files_visible_to
from teams.timetable.queries import active_teams_of, grid_of, staff_of
from teams.timetable.services import set_duty

if TYPE_CHECKING:
    from uuid import UUID

    from teams.lib.requests import SchoolRequest
    from teams.timetable.models import TimetableFile


def timetable_show(request: SchoolRequest) -> HttpResponse:
    """Show the grid of people and periods for a day of the cycle, of all or of those whom the query string asks for."""
    wanted = request.GET.dict()
    grid = grid_of(request.school, day=int_or_none(wanted.get("day")) or 0, wanted=wanted)
    context = {
        "grid": grid,
        "filters": TimetableFilter(request.GET, active_teams_of(request.school)),
        "cell_form": CellForm(grid, grid.day) if grid.day else None,
    }
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

    def page() -> HttpResponse:
        return render_form(request, "teams/timetable/load.html", form, {"columns": ", ".join(COLUMNS)})

    return save_file(request, TIMETABLES, form, page=page)


def timetable_file(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show the progress of a file's job, then the effect of the file."""
    return render_file(request, "teams/timetable/file.html", _visible_file(request, uuid))


@require_POST
def timetable_apply(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Start applying a checked file."""
    return apply_and_return(request, TIMETABLES, _visible_file(request, uuid))


@require_POST
def timetable_undo(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Start undoing an applied file."""
    return undo_and_return(request, TIMETABLES, _visible_file(request, uuid))


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
    return csv_template("timetable.csv", rows)
