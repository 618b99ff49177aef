"""Enter answers: in a grid that saves as one types, as a pasted block, or keyed in from a printed sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from datareview.answers.forms import PasteForm, read_cells
from datareview.answers.permissions import NO_CLASS, no_class
from datareview.answers.queries.grid import class_choices, class_grid, entry_class, grid_revision
from datareview.answers.queries.sheet import sheet_of
from datareview.answers.services.cells import SavedCell, save_answers
from datareview.assessments.permissions import (
    assessments_visible_to,
    classes_taught_by,
    may_edit_assessment,
)
from datareview.looks.frames import NOTHING
from datareview.looks.services import record_results_view
from datareview.records.models import Assessment, Section
from teams.lib import clock, formats
from teams.lib.hidden_names import hide_names
from teams.lib.http import render_page
from teams.lib.parameters import public_id

if TYPE_CHECKING:
    from typing import Any
    from uuid import UUID

    from teams.lib.requests import SchoolRequest


def answer_enter(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show the grid of a class; the first of the user's classes if none is named."""
    assessment = _visible(request, uuid)
    classes = class_choices(request.user, assessment)
    context: dict[str, Any] = {"assessment": assessment, "classes": classes, "form": PasteForm()}
    context["may_edit"] = may_edit_assessment(request.user, assessment)
    if classes or "section" in request.GET:
        section = _chosen(request, assessment) if "section" in request.GET else classes[0]
        context |= {"section": section, "grid": class_grid(assessment, section)}
        if any(row.total is not None for row in context["grid"].rows):
            _record_look(request, assessment, section)
    return render_page(request, "datareview/answers/enter.html", context)


def _record_look(request: SchoolRequest, assessment: Assessment, section: Section) -> None:
    """Record that the answers of a class that a colleague opened are looked at; one's own are no news to anybody."""
    if (
        request.method == "GET"
        and section.uuid != NO_CLASS
        and not classes_taught_by(request.user, assessment).filter(pk=section.pk).exists()
    ):
        record_results_view(assessment, reader=request.user, section=section, seen=NOTHING)


@require_POST
def answer_save(request: SchoolRequest, uuid: UUID) -> JsonResponse:
    """Save ``cells``, which are JSON. Returns each as it is stored now."""
    # Only the service checks who may: once is half of the time of a save.
    assessment = get_object_or_404(Assessment, uuid=uuid)
    wanted = public_id(request.GET.get("section"))
    is_rest = wanted == NO_CLASS
    section = no_class(assessment) if is_rest else get_object_or_404(Section, uuid=wanted)
    typed = read_cells(request.POST.get("cells", ""))
    try:
        cells = save_answers(assessment, typed, actor=request.user, section=section)
    except PermissionDenied as error:
        raise Http404 from error
    return JsonResponse({"cells": [_as_json(cell) for cell in cells], "at": formats.time(clock.now())})


def answer_state(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Send the class's cells that are not empty; nothing (204) if the revision is still the one in ``since``."""
    assessment = _visible(request, uuid)
    section = _chosen(request, assessment)
    if request.GET.get("since") == grid_revision(assessment, section):
        return HttpResponse(status=204)
    grid = class_grid(assessment, section)
    cells = [
        [str(row.student.uuid), cell.item.number, cell.text, cell.version]
        for row in grid.rows
        for cell in row.cells
        if cell.version
    ]
    state = {"revision": grid.revision, "items": assessment.version, "cells": cells}
    return JsonResponse(state | {"user": request.user.pk, "token": get_token(request)})


def answer_sheet(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show a sheet to print: the class with boxes, or a slip for each student."""
    assessment = _visible(request, uuid)
    section = _chosen(request, assessment)
    context = {
        "assessment": assessment,
        "section": section,
        "sheet": sheet_of(assessment, section),
        "grid_page": _grid_page(assessment, section),
        "is_slips": request.GET.get("per") == "student",
    }
    return render_page(request, "datareview/answers/sheet.html", context)


def _visible(request: SchoolRequest, uuid: UUID) -> Assessment:
    rows = assessments_visible_to(request.user).select_related("team__school").prefetch_related("sections")
    return get_object_or_404(rows, uuid=uuid)


def _chosen(request: SchoolRequest, assessment: Assessment) -> Section:
    section = entry_class(request.user, assessment, public_id(request.GET.get("section")))
    if section is None:
        raise Http404
    return section


def _grid_page(assessment: Assessment, section: Section) -> str:
    return f"{reverse('datareview:answer-enter', args=[assessment.uuid])}?section={section.uuid}"


def _as_json(cell: SavedCell) -> dict[str, Any]:
    return {
        "student": str(cell.student),
        "number": cell.number,
        "text": cell.text,
        "version": cell.version,
        "by": hide_names(cell.by),
        "at": formats.time(cell.at) if cell.at else "",
        "problem": hide_names(cell.problem),
        "conflict": cell.is_conflict,
    }
