"""Switching projector mode, and the page of who looked at records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from datareview.privacy.forms import ViewFilter, wanted_of
from datareview.privacy.middleware import SESSION_KEY
from datareview.privacy.queries import aliases_of, views_of_records
from datareview.records.permissions import students_visible_to
from teams.access.permissions import require_ability
from teams.lib.hidden_names import change_query
from teams.lib.http import render_page
from teams.lib.parameters import public_id
from teams.lib.requests import school_not_required

if TYPE_CHECKING:
    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest, UserRequest


@school_not_required
@require_POST
def projector_switch(request: UserRequest) -> HttpResponse:
    """Hide all names in this session, or show them again, and return to the previous page.

    A name in the page's query string, such as a search, changes with it.
    """
    is_hidden = not request.session.pop(SESSION_KEY, False)
    if is_hidden:
        request.session[SESSION_KEY] = True
    back = request.POST.get("next", "/")
    if request.school is not None:
        aliases = aliases_of(request.school)
        back = change_query(back, aliases.hide if is_hidden else aliases.show)
    return redirect(back if url_has_allowed_host_and_scheme(back, {request.get_host()}) else "/")


def disclosure_list(request: SchoolRequest) -> HttpResponse:
    """Show who looked at which students' records, of one student or of the school."""
    require_ability(request.user, "see_disclosures", request.school)
    student = None
    if request.GET.get("student"):
        rows = students_visible_to(request.user).filter(school=request.school)
        student = get_object_or_404(rows, uuid=public_id(request.GET["student"]))
    wanted = wanted_of(request.school, request.GET, student)
    page, views = views_of_records(request.school, wanted, request.GET.get("page", 1))
    context = {
        "page": page,
        "views": views,
        "student": student,
        "filters": ViewFilter(request.school, wanted, request.GET),
    }
    return render_page(request, "datareview/privacy/list.html", context, partial="views")
