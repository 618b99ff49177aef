"""Switching projector mode."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from datareview.privacy.middleware import SESSION_KEY
from datareview.privacy.queries import aliases_of
from teams.lib.hidden_names import change_query
from teams.lib.requests import school_not_required

if TYPE_CHECKING:
    from django.http import HttpResponse

    from teams.lib.requests import UserRequest


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
