"""Template tags of accounts: the providers to sign in at, and devices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from teams.lib import clock

if TYPE_CHECKING:
    import datetime as dt

register = template.Library()


@register.simple_tag
def sign_in_providers() -> list[dict[str, str]]:
    """The ``name`` and ``url`` of each provider that is set up, for its button."""
    return [
        {"name": one["name"], "url": reverse("openid_connect_login", args=[one["id"]])}
        for one in settings.SIGN_IN_PROVIDERS
    ]


# In this order: Edge and Opera also say Chrome, Chrome says Safari, Android says Linux.
BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
SYSTEMS = {
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Android": "Android",
    "CrOS": "ChromeOS",
    "Windows": "Windows",
    "Macintosh": "Mac",
    "Linux": "Linux",
}


@register.filter
def device(user_agent: str) -> str:
    """The browser and system of a user agent: "Firefox on Windows"."""
    browser = next((name for sign, name in BROWSERS.items() if sign in user_agent), None)
    system = next((name for sign, name in SYSTEMS.items() if sign in user_agent), None)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("A device that doesn’t say what it is")


@register.filter
def by_clock(moment: dt.datetime) -> dt.datetime:
    """The product's time of a sign-in, which allauth records in the machine's time."""
    return clock.of_machine(moment)
