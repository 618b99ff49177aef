"""The page of gaps, its file, and releasing a window's figures."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from datareview.gaps import services
from datareview.gaps.forms import GapFilter
from datareview.gaps.queries.page import gap_page, table_columns, table_rows
from teams.access.permissions import require_ability
from teams.documents.pdf import can_make_pdf
from teams.documents.services import request_from_maker
from teams.lib.csv_export import csv_response
from teams.lib.errors import DomainError
from teams.lib.http import render_page, run_service

if TYPE_CHECKING:
    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


def gap_show(request: SchoolRequest) -> HttpResponse:
    """Show the released figures of a measure in a window, or the button that releases them."""
    require_ability(request.user, "see_school", request.school)
    page = gap_page(request.school, request.GET.dict())
    return render_page(
        request,
        "datareview/gaps/show.html",
        {"page": page, "form": GapFilter(page), "can_make_pdf": can_make_pdf()},
        partial="gaps",
    )


def gap_download(request: SchoolRequest) -> HttpResponse:
    """Send the figures of the page as CSV."""
    require_ability(request.user, "see_school", request.school)
    page = gap_page(request.school, request.GET.dict())
    asked = request.GET.get("measure", "")
    if page.release is None or asked not in ("", str(page.release.measure.uuid)):
        raise Http404
    return csv_response(f"gaps-{page.release}.csv", table_columns(), table_rows(page.gaps))


def gap_pdf(request: SchoolRequest) -> HttpResponse:
    """Ask for the figures of the page as PDF, which a worker makes."""
    require_ability(request.user, "see_school", request.school)
    shown = gap_page(request.school, request.GET.dict())
    if shown.release is None:
        raise Http404
    options = {name: request.GET[name] for name in ("measure", "window", "grade") if name in request.GET}
    page = reverse("datareview:gap-show")
    try:
        document = request_from_maker(request, "datareview.gaps", options, name="gaps", page=page)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(f"{page}?{urlencode(options)}")
    return redirect(document)


@require_POST
def gap_release(request: SchoolRequest) -> HttpResponse:
    """Release the figures of a measure in a window, for good."""
    require_ability(request.user, "see_school", request.school)
    page = gap_page(request.school, request.POST.dict())
    asked = request.POST.get("measure"), request.POST.get("window")
    measure, window = page.measure, page.window
    if measure is None or window is None or asked != (str(measure.uuid), window.id):
        raise Http404
    return run_service(
        request,
        lambda: services.release_gaps(request.school, measure, window, actor=request.user),
        back=f"{reverse('datareview:gap-show')}?{urlencode({'measure': measure.uuid, 'window': window.id})}",
        done=_("The figures are released."),
    )
