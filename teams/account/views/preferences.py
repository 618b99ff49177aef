"""What people choose for themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from teams.account.services import choose_language
from teams.lib.errors import DomainError

if TYPE_CHECKING:
    from django.http import HttpResponse

    from teams.lib.requests import SchoolRequest


@require_POST
def language_switch(request: SchoolRequest) -> HttpResponse:
    """Speak another language, and go back to the page where it was chosen."""
    try:
        choose_language(request.user, language=request.POST.get("language", ""))
    except DomainError as error:
        messages.error(request, str(error))
    back = request.POST.get("next", "/")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return redirect(back if is_ours else "/")
