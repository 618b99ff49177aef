"""Which colors a page has: those of the user, or while names are hidden those chosen for the projector."""

from __future__ import annotations

from typing import TYPE_CHECKING

from teams.lib.hidden_names import are_hidden

if TYPE_CHECKING:
    from django.http import HttpRequest

PROJECTOR_THEME = "projector_theme"  # key in the session


def theme_of(request: HttpRequest) -> str:
    """A value of `User.Theme`; without a signed-in user, as the device."""
    if not hasattr(request, "can") or not request.user.is_authenticated:
        return ""
    own: str = request.user.theme
    return request.session.get(PROJECTOR_THEME, own) if are_hidden() else own
