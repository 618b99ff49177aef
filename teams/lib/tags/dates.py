"""How days and times are written: "Tue 24 Nov", "Tue 24 Nov, 10:10", relative for the last day only."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from teams.lib.clock import now

if TYPE_CHECKING:
    from django.utils.safestring import SafeString

register = template.Library()


@register.filter
def day(value: dt.date | dt.datetime | None) -> str:
    """Tue 24 Nov; with the year where it is not this one."""
    if value is None:
        return ""
    local = (
        timezone.localtime(value) if isinstance(value, dt.datetime) and timezone.is_aware(value) else value
    )
    this_year = local.year == timezone.localtime(now()).year
    return date_format(local, "D j M" if this_year else "D j M Y")


@register.filter
def moment(value: dt.datetime | None) -> str:
    """Tue 24 Nov, 10:10."""
    return "" if value is None else f"{day(value)}, {clock(value)}"


@register.filter
def clock(value: dt.datetime | dt.time | None) -> str:
    """10:10, in the school's time zone."""
    if value is None:
        return ""
    local = (
        timezone.localtime(value) if isinstance(value, dt.datetime) and timezone.is_aware(value) else value
    )
    return f"{local:%H:%M}"


@register.filter
def ago(value: dt.datetime | None) -> SafeString | str:
    """A <time> that reads "5 minutes ago" within the last day and "Tue 24 Nov, 10:10" after it."""
    if value is None:
        return ""
    source = '<time datetime="{}" data-relative title="{}">{}</time>'
    return format_html(source, value.isoformat(), moment(value), _distance(value))


def _distance(value: dt.datetime) -> str:
    seconds = (now() - value).total_seconds()
    if not 0 <= seconds < 24 * 3600:
        return moment(value)
    minutes = int(seconds // 60)
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return ngettext("%(n)s minute ago", "%(n)s minutes ago", minutes) % {"n": minutes}
    return ngettext("%(n)s hour ago", "%(n)s hours ago", minutes // 60) % {"n": minutes // 60}
