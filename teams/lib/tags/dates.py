"""Template filters for days and times (`teams.lib.formats`), in the school's time zone; None gives ""."""

from __future__ import annotations

import datetime as dt

from django import template
from django.utils import timezone

from teams.lib import formats

register = template.Library()


@register.filter
def day(value: dt.date | None) -> str:
    """Tue, Nov 24; with the year if it is not this school year."""
    return formats.day(value) if value else ""


@register.filter
def short_day(value: dt.date | None) -> str:
    """Nov 24; with the year if it is not this school year."""
    return formats.short_day(value) if value else ""


@register.filter
def dated(value: dt.date | None) -> str:
    """Tue, Nov 24, 2026: for print, which is kept for years."""
    return formats.day(value, with_year=True) if value else ""


@register.filter
def clock(value: dt.datetime | dt.time | None) -> str:
    """10:10 AM."""
    return formats.time(value) if value else ""


@register.filter
def hours(start: dt.time, end: dt.time) -> str:
    """10:10–10:55 AM, from two times: ``{{ period.starts_at|hours:period.ends_at }}``."""
    return formats.hours(start, end)


@register.filter
def days(first: dt.date, last: dt.date) -> str:
    """Nov 30–Dec 4, from two days."""
    return formats.days(first, last)


@register.filter
def moment(value: dt.datetime | None) -> str:
    """Tue, Nov 24, 10:10 AM."""
    return formats.moment(value) if value else ""


@register.filter
def span(start: dt.datetime, end: dt.datetime) -> str:
    """Tue, Nov 24, 10:10–10:55 AM, from two instants."""
    return formats.span(start, end)


@register.filter
def when(start: dt.datetime | None, end: dt.datetime | None = None) -> str:
    """As `moment` or `span`, but "today, 10:10 AM" if it is today. Not for use after "on"."""
    if not start:
        return ""
    return formats.span(start, end, says_today=True) if end else formats.moment(start, says_today=True)


@register.filter
def dated_moment(value: dt.datetime | None) -> str:
    """Tue, Nov 24, 2026, 10:10 AM: for print."""
    return formats.moment(value, with_year=True) if value else ""


@register.filter
def dated_span(start: dt.datetime, end: dt.datetime) -> str:
    """Tue, Nov 24, 2026, 10:10–10:55 AM, from two instants: for print."""
    return formats.span(start, end, with_year=True)


@register.filter
def iso(value: dt.datetime | None) -> str:
    """2026-11-24T10:10:00-06:00: for machines."""
    return timezone.localtime(value).isoformat() if value else ""


@register.filter
def iso_day(value: dt.date | None) -> str:
    """2026-11-24: for machines, including date fields."""
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).date().isoformat()
    return value.isoformat() if value else ""
