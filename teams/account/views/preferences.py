"""Preferences of a user."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from teams.account.services.preferences import choose_language
from teams.lib.http import run_service
from teams.lib.requests import school_not_required, second_factor_not_required

if TYPE_CHECKING:
    from django.http import HttpResponse

    from teams.lib.requests import UserRequest


@second_factor_not_required
@school_not_required
@require_POST
def language_switch(request: UserRequest) -> HttpResponse:
    """Change the language, and return to the previous page."""
    back = request.POST.get("next", "/")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return run_service(
        request,
        lambda: choose_language(request.user, language=request.POST.get("language", "")),
        back=back if is_ours else "/",
    )
