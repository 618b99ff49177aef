"""Pages of class lists."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.http import Http404
from django.views.decorators.http import require_POST

from datareview.class_lists.forms import ClassListForm
from datareview.class_lists.queries import class_list_page, summary_in
from datareview.class_lists.services.staff import hand_over_staff, stored_staff
from datareview.class_lists.services.starting import NEEDED_ABILITIES, start_class_list
from datareview.imports.http import visible_import
from teams.access.permissions import require_ability
from teams.jobs.services.jobs import with_progress
from teams.lib.csv_export import csv_response
from teams.lib.errors import DomainError
from teams.lib.http import render_form, run_service, save_form

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest

TEMPLATE = (
    "student number",
    "first name",
    "last name",
    "grade",
    "section",
    "class name",
    "subject",
    "period",
)
SAMPLE = ("1001", "Sam", "Sample", "4", "4A-READ", "Reading 4A", "Reading", "1")


def class_list_load(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show what a class list would add, and start to load it; then what was loaded."""
    row = visible_import(request, uuid)
    for ability in NEEDED_ABILITIES:
        require_ability(request.user, ability, row.school)
    found = summary_in(row)
    if not found:
        raise Http404
    page = class_list_page(row)
    form = ClassListForm(request.POST if request.method == "POST" else None, page=page)
    is_running = (
        row.job is not None and row.job.kind == "datareview.load_class_list" and not row.job.is_finished
    )
    context = {
        "page": page,
        "is_loaded": bool(found.get("is_loaded")),
        "job": with_progress(row.job) if is_running and row.job else None,
        "failed": row.job.error if row.job and row.job.state == "failed" else "",
    }
    return save_form(
        request,
        form,
        lambda: start_class_list(row, actor=request.user, leads=form.leads()),
        page=lambda: render_form(request, "datareview/class_lists/load.html", form, context),
        then=request.path,
    )


@require_POST
def import_staff(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Load a list of staff that was uploaded under Imports as a file of people."""
    row = visible_import(request, uuid)
    require_ability(request.user, "edit_people", row.school)

    def refused(error: DomainError) -> None:
        raise error

    try:
        with stored_staff(row, actor=request.user) as people:
            return run_service(
                request, lambda: hand_over_staff(row, people, actor=request.user), back=row, then=people
            )
    except DomainError as error:  # it can't be stored
        return run_service(request, partial(refused, error), back=row)


def class_list_template(request: SchoolRequest) -> HttpResponse:
    """Download a class list with its columns and a sample row."""
    require_ability(request.user, "import_data", request.school)
    columns = [*TEMPLATE, "teacher", "teacher email"]
    return csv_response("class-list.csv", columns, [[*SAMPLE, "Ruiz, Ana", "ana.ruiz@school.org"]])
