"""Releasing figures of flags by group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from datareview.flag_audit import services
from datareview.flag_audit.queries.groups import wholes_of
from teams.access.permissions import require_ability
from teams.lib.http import run_service

if TYPE_CHECKING:
    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


@require_POST
def flag_release(request: SchoolRequest) -> HttpResponse:
    """Release the figures of flags by group for a term, for good."""
    wanted = request.POST.get("term")
    whole = next((one for one in wholes_of(request.school) if str(one.uuid) == wanted), None)
    require_ability(request.user, "see_school", request.school)
    if whole is None:
        raise Http404
    return run_service(
        request,
        lambda: services.release_flag_figures(request.school, whole, actor=request.user),
        back=reverse("datareview:outcome-detail", args=["flags"]),
        done=_("The figures are released."),
    )
