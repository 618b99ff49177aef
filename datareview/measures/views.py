"""Pages of measures, benchmarks and benchmark windows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from datareview.measures.forms.windows import SeenForm, WindowFormSet
from datareview.measures.queries.windows import initial_windows, window_years, years_visible_to
from datareview.measures.services.windows import set_windows, windows_fingerprint
from teams.access.permissions import require_ability
from teams.lib.http import render_page, save_form

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def window_list(request: SchoolRequest) -> HttpResponse:
    """Show the benchmark windows of every school year."""
    require_ability(request.user, "run_trends", request.school)
    context = {"years": window_years(request.user, request.school)}
    return render_page(request, "datareview/measures/windows.html", context)


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
