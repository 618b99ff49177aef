"""The switch in the account menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from teams.lib.hidden_names import are_hidden
from teams.lib.http import run_service
from teams.lib.requests import school_not_required, second_factor_not_required
from teams.themes.queries import PROJECTOR_THEME
from teams.themes.services import check_theme, choose_theme

if TYPE_CHECKING:
    from django.http import HttpResponse

    from teams.lib.requests import UserRequest


@second_factor_not_required
@school_not_required
@require_POST
def theme_switch(request: UserRequest) -> HttpResponse:
    """Change the colors of pages, and return to the previous page; while names are hidden, those of the projector only."""
    theme, back = request.POST.get("theme", ""), request.POST.get("next", "/")

    def choose() -> None:
        if are_hidden():
            check_theme(theme)
            request.session[PROJECTOR_THEME] = theme
        else:
            choose_theme(request.user, theme=theme)

    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return run_service(request, choose, back=back if is_ours else "/")
