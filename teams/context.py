"""Context processors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings

from teams.account.queries import demo_people
from teams.navigation import account_menu_for, links_for
from teams.themes.queries import theme_of

if TYPE_CHECKING:
    from django.http import HttpRequest


def school(request: HttpRequest) -> dict[str, Any]:
    """The user's school, their abilities there, the colors of the page, and whether this is a demo."""
    return {
        "school": getattr(request, "school", None),
        "can": getattr(request, "can", None),
        "theme": theme_of(request),
        "is_demo": settings.DEMO,
        "demo_people": demo_people() if settings.DEMO else [],
    }


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Navigation of a signed-in user: the links of the bar and the account menu."""
    if not hasattr(request, "can") or not request.user.is_authenticated:
        return {"navigation": [], "account_menu": None}
    return {
        "navigation": links_for(request.can, request.path),
        "account_menu": account_menu_for(request.user),
    }
