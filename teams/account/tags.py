"""Template tags of accounts: providers to sign in at, where passkeys work, and devices."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

from django import template
from django.conf import settings
from django.http.request import split_domain_port
from django.urls import reverse
from django.utils.translation import gettext as _

from teams.lib import clock
from teams.mail.queries import mail_is_configured

if TYPE_CHECKING:
    import datetime as dt

    from django.template import Context

register = template.Library()


@register.simple_tag
def sign_in_providers() -> list[dict[str, str]]:
    """The ``name`` and ``url`` of each provider that is set up, for its button."""
    return [
        {"name": one["name"], "url": reverse("openid_connect_login", args=[one["id"]])}
        for one in settings.SIGN_IN_PROVIDERS
    ]


@register.simple_tag
def sends_email() -> bool:
    """Whether this server sends email."""
    return mail_is_configured()


@register.simple_tag
def prints_email() -> bool:
    """Whether emails are printed instead of sent, as on a developer's machine."""
    return ".console." in settings.EMAIL_BACKEND


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


@register.simple_tag(takes_context=True)
def passkey_obstacle(context: Context) -> str:
    """Why browsers refuse passkeys at the address of this page, or "": a passkey belongs to a name, over TLS."""
    host = split_domain_port(context["request"].get_host())[0]
    if host == "localhost" or host.endswith(".localhost"):
        return ""
    if _is_number(host):
        return _(
            "Passkeys belong to a name, and this page’s address is a number. Open Collab under its name instead."
        )
    return "" if context["request"].is_secure() else _("Passkeys need an address that begins with https.")


@register.simple_tag(takes_context=True)
def passkey_address(context: Context) -> str:
    """The address of this machine by its name, if this page was opened by its number, else ""."""
    request = context["request"]
    host, port = split_domain_port(request.get_host())
    if not _is_number(host) or not ip_address(host.strip("[]")).is_loopback:
        return ""
    return f"{request.scheme}://localhost{port and f':{port}'}{request.path}"


def _is_number(host: str) -> bool:
    try:
        return bool(ip_address(host.strip("[]")))
    except ValueError:
        return False


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
