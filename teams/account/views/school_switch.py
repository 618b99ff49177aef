"""Switching between the schools of a user."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from teams.access.queries import SESSION_KEY, schools_of
from teams.navigation import page_at

if TYPE_CHECKING:
    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


@require_POST
def school_switch(request: SchoolRequest) -> HttpResponse:
    """Switch to another school of the user, and open the same kind of page there, or Home."""
    try:
        school = get_object_or_404(schools_of(request.user), uuid=request.POST.get("school"))
    except ValidationError as error:
        raise Http404 from error
    request.session[SESSION_KEY] = school.pk
    return redirect(page_at(request.user, request.school, school, request.POST.get("next", "")))
