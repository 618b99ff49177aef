"""Pages of measures, benchmarks and benchmark windows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.forms import Form
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from datareview.measures.files import MOST_BYTES, block_in_file
from datareview.measures.forms.benchmarks import BenchmarkForm
from datareview.measures.forms.measures import MeasureFilter, MeasureForm
from datareview.measures.forms.windows import SeenForm, WindowFormSet
from datareview.measures.queries.measures import (
    listed_measures,
    measure_page,
    measures_of,
    measures_visible_to,
    retire_question,
)
from datareview.measures.queries.windows import initial_windows, window_years, years_visible_to
from datareview.measures.services.benchmarks import (
    BenchmarksRefused,
    adopt_measures,
    benchmarks_fingerprint,
    set_benchmarks,
)
from datareview.measures.services.measures import (
    change_measure,
    make_measures,
    measure_fingerprint,
    retire_measure,
    retire_measures,
)
from datareview.measures.services.windows import fit_windows, set_windows, windows_fingerprint
from teams.access.permissions import require_ability
from teams.lib import formats
from teams.lib.csv_export import csv_response
from teams.lib.errors import DomainError, StaleEdit
from teams.lib.http import render_form, render_page, run_service, save_form
from teams.lib.requests import accepts_uploads
from teams.lists.picked import change_picked

if TYPE_CHECKING:
    from collections.abc import Container
    from uuid import UUID

    from django.http import HttpResponse, QueryDict

    from datareview.records.models import Measure
    from teams.lib.requests import SchoolRequest


def window_list(request: SchoolRequest) -> HttpResponse:
    """Show the benchmark windows of every school year."""
    require_ability(request.user, "run_trends", request.school)
    context = {"years": window_years(request.user, request.school)}
    return render_page(request, "datareview/measures/windows.html", context)


@require_POST
def window_fit(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Cut windows off where they are outside their school year."""
    year = get_object_or_404(years_visible_to(request.user).select_related("school"), uuid=uuid)
    require_ability(request.user, "edit_measures", year.school)
    return run_service(
        request,
        lambda: fit_windows(year, actor=request.user),
        back="datareview:window-list",
        done=_("Saved. Trends and flags are being updated."),
    )


def window_edit(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Set the windows of a school year. A concurrent edit shows the other version."""
    year = get_object_or_404(years_visible_to(request.user).select_related("school"), uuid=uuid)
    require_ability(request.user, "edit_measures", year.school)
    form = SeenForm(request.POST or None, initial={"seen": windows_fingerprint(year)})
    # A sent form is not compared with what is stored meanwhile: rows equal to it would count as empty.
    initial = initial_windows(year) if request.method == "GET" else None
    windows: Any = WindowFormSet(request.POST or None, initial=initial, prefix="windows")

    def page() -> HttpResponse:
        context = {"form": form, "windows": windows, "year": year}
        status = 422 if form.errors or windows.total_error_count() else 200
        return render_page(request, "datareview/measures/window_edit.html", context, status=status)

    if request.method == "POST" and not windows.is_valid():
        return page()
    return save_form(
        request,
        form,
        lambda: set_windows(year, windows.windows(), actor=request.user, seen=form.cleaned_data["seen"]),
        page=page,
        then="datareview:window-list",
        done=_("Saved. Trends and flags are being updated."),
        field="seen",
        newest=lambda: {"seen": windows_fingerprint(year)},
    )


def measure_list(request: SchoolRequest) -> HttpResponse:
    """Show the school's measures, filtered and sorted by the query string, and presets to adopt."""
    require_ability(request.user, "run_trends", request.school)
    return _list_page(request, request.GET)


def _list_page(
    request: SchoolRequest, wanted: QueryDict, *, form: Form | None = None, picked: Container[str] = ()
) -> HttpResponse:
    context = {
        "list": measures_of(request.user, request.school, wanted.dict()),
        "filters": MeasureFilter(wanted),
        "wanted": wanted,
        "picked": picked,
    }
    return render_form(request, "datareview/measures/list.html", form or Form(), context, partial="measures")


@require_POST
def measures_change(request: SchoolRequest) -> HttpResponse:
    """Retire the selected measures, or bring them back."""
    require_ability(request.user, "edit_measures", request.school)
    retired = request.POST.get("do") == "retire"
    form = Form(request.POST)
    return change_picked(
        request,
        form,
        lambda rows: retire_measures(rows, actor=request.user, retired=retired),
        rows=measures_visible_to(request.user).filter(school=request.school),
        listed=lambda wanted: listed_measures(request.user, request.school, wanted),
        page=lambda wanted, picked: _list_page(request, wanted, form=form, picked=picked),
        back="datareview:measure-list",
        done=lambda many: (
            (
                ngettext("%(n)s measure was retired.", "%(n)s measures were retired.", many)
                if retired
                else ngettext("%(n)s measure is in use again.", "%(n)s measures are in use again.", many)
            )
            % {"n": formats.number(many)}
        ),
    )


def measure_detail(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Show a measure with its benchmarks, and what uses it."""
    page = measure_page(_visible(request, uuid))
    context = {"page": page, "retire_question": retire_question(page)}
    return render_page(request, "datareview/measures/detail.html", context)


def measure_new(request: SchoolRequest) -> HttpResponse:
    """Add a measure."""
    require_ability(request.user, "edit_measures", request.school)
    form = MeasureForm(request.POST or None)
    return save_form(
        request,
        form,
        lambda: make_measures(request.school, [form.new_measure()], actor=request.user)[0],
        page=lambda: render_form(request, "datareview/measures/edit.html", form),
        then=lambda measure: measure,
        done=_("Added. Now it can have benchmarks."),
        field="name",
    )


def measure_edit(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Change a measure. A concurrent edit shows the other version."""
    measure = _visible(request, uuid)
    require_ability(request.user, "edit_measures", measure.school)
    form = MeasureForm(request.POST or None, measure=measure)

    def newest() -> dict[str, object]:
        measure.refresh_from_db()
        return {"seen": measure_fingerprint(measure)}

    return save_form(
        request,
        form,
        lambda: change_measure(
            measure, form.new_measure(), actor=request.user, seen=form.cleaned_data["seen"]
        ),
        page=lambda: render_form(request, "datareview/measures/edit.html", form, {"measure": measure}),
        then=measure,
        done=_("Saved."),
        field="name",
        newest=newest,
    )


@require_POST
def measure_retire(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Retire a measure if ``retired`` is "yes", else bring it back; a second click changes nothing."""
    measure, retired = _visible(request, uuid), request.POST.get("retired") == "yes"
    return run_service(
        request,
        lambda: retire_measure(measure, actor=request.user, retired=retired),
        back=measure,
        done=_("Retired. You can bring it back here.") if retired else _("It is in use again."),
    )


@require_POST
def measure_adopt(request: SchoolRequest, key: str) -> HttpResponse:
    """Adopt a preset with its benchmarks."""
    return run_service(
        request,
        lambda: adopt_measures(request.school, [key], actor=request.user)[0],
        back="datareview:measure-list",
        then=lambda measure: measure,
        done=_("Added with its published benchmarks."),
    )


@accepts_uploads(lambda: MOST_BYTES)
def benchmark_edit(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Change the benchmarks of a measure in a grid; "fill" only puts a pasted block or a file into the cells."""
    measure = _visible(request, uuid)
    require_ability(request.user, "edit_measures", measure.school)
    form = BenchmarkForm(request.POST or None, request.FILES or None, measure=measure)
    context: dict[str, Any] = {"measure": measure}

    def page() -> HttpResponse:
        return render_form(request, "datareview/measures/benchmarks.html", form, context)

    def save() -> int:
        try:
            return set_benchmarks(
                measure, form.benchmarks(), actor=request.user, seen=form.cleaned_data["seen"]
            )
        except BenchmarksRefused as error:
            form.mark(error.cells)
            raise
        except StaleEdit:
            context["differences"] = form.differences()
            raise

    if "fill" in request.POST:
        form.is_valid()
        try:
            file = form.cleaned_data.get("file")
            context["filled"] = form.fill(block=block_in_file(file) if file else "")
        except DomainError as error:
            form.add_error("file", str(error))
        return page()
    return save_form(
        request,
        form,
        save,
        page=page,
        then=measure,
        done=_("Saved. Trends and flags are being updated."),
        newest=lambda: {"seen": benchmarks_fingerprint(measure)},
    )


def benchmark_download(request: SchoolRequest, uuid: UUID) -> HttpResponse:
    """Download the grid of benchmarks, to fill it in and load it."""
    measure = _visible(request, uuid)
    require_ability(request.user, "edit_measures", measure.school)
    header, *rows = BenchmarkForm(measure=measure).table()
    return csv_response(f"{measure.key}-benchmarks.csv", header, rows)


def _visible(request: SchoolRequest, uuid: UUID) -> Measure:
    return get_object_or_404(measures_visible_to(request.user).select_related("school"), uuid=uuid)
