"""Pages of the timetable: a grid to edit, and loading a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from teams.access.permissions import require_ability
from teams.lib.errors import DomainError
from teams.lib.hidden_names import hide_names
from teams.lib.pages import render_page
from teams.lib.parameters import int_or_none, public_id
from teams.lib.uploads import accepts_uploads
from teams.timetable.files import COLUMNS, MOST_BYTES, pack, read_timetable, unpack
from teams.timetable.forms import CellForm, TimetableFileForm
from teams.timetable.queries import grid_of, staff_of
from teams.timetable.services import SHOWN, apply_timetable, check_timetable, set_duty

if TYPE_CHECKING:
    from teams.lib.requests import SchoolRequest
    from teams.timetable.files import Line


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
    return response


@accepts_uploads(lambda: MOST_BYTES)
def timetable_load(request: SchoolRequest) -> HttpResponse:
    """Check an uploaded file and show its effect; then apply it."""
    require_ability(request.user, "edit_calendar", request.school)
    if request.method != "POST":
        return _load_page(request)
    try:
        lines, name = _lines(request)
        if request.POST.get("apply"):
            done = apply_timetable(request.school, lines, actor=request.user)
            counts = {"new": len(done.new), "changed": len(done.changed), "same": done.same}
            messages.success(request, _("%(new)s new, %(changed)s changed, %(same)s unchanged.") % counts)
            return redirect("teams:timetable-show")
        packed = pack(lines)
    except DomainError as error:
        return _load_page(request, problem=str(error))
    check = check_timetable(request.school, lines)
    found: dict[str, Any] = {
        "check": check,
        "some": check.changed[:SHOWN],
        "name": name,
        "content": packed,
        "rows": len(lines),
    }
    return render_page(request, "teams/timetable/check.html", found)


def _load_page(request: SchoolRequest, *, problem: str = "") -> HttpResponse:
    context = {"form": TimetableFileForm(), "columns": ", ".join(COLUMNS), "problem": problem}
    return render_page(request, "teams/timetable/load.html", context, status=422 if problem else 200)


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


def _lines(request: SchoolRequest) -> tuple[list[Line], str]:
    """The rows and name of the uploaded file, or of the one checked on the previous page."""
    chosen = request.FILES.get("file")
    if not chosen:
        return unpack(request.POST.get("content", "")), request.POST.get("name", "")
    if (chosen.size or 0) > MOST_BYTES:
        raise DomainError(_("The file is larger than 5 MB. Check that it is the right one."))
    return read_timetable(chosen.read(), chosen.name or ""), chosen.name or ""
