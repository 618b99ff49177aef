"""Format days, times and numbers for readers by the rules of the active language (CLDR, through Babel).

"en" is the English of the United States: "Mon, Nov 30", "10:10–10:55 AM", "10.5%"; "es" is Spanish: "lun, 30 nov",
"10:10–10:55", "10,5 %". Machine-readable dates are ISO 8601 and not formatted here. Instants are shown in ``tz`` or
the active time zone, which is the school's on its pages.
"""

from __future__ import annotations

import copy
import datetime as dt
import math
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from babel import Locale
from babel.core import get_global
from babel.dates import format_interval, format_skeleton, format_time
from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from teams.lib.clock import now
from teams.lib.rounding import MOST_PLACES, rounded

if TYPE_CHECKING:
    from collections.abc import Callable
    from decimal import Decimal

JULY = 7  # school years end before July, so a day shown without its year is between July and June
# Remove CLDR's thin spaces around dashes, and replace its narrow space by one that the product's fonts contain.
SPACES = str.maketrans({"\N{THIN SPACE}": None, "\N{NARROW NO-BREAK SPACE}": "\N{NO-BREAK SPACE}"})


def day(value: dt.date, *, tz: dt.tzinfo | None = None, with_year: bool | None = None) -> str:
    """Return "Mon, Nov 30"; with the year if it is not this school year, or as ``with_year`` says."""
    return _day(value, "MMMEd", tz, with_year)


def short_day(value: dt.date, *, tz: dt.tzinfo | None = None, with_year: bool | None = None) -> str:
    """Return "Nov 30"; with the year if it is not this school year, or as ``with_year`` says."""
    return _day(value, "MMMd", tz, with_year)


def month(value: dt.date, *, with_year: bool) -> str:
    """Return "Nov" or "Nov 2026"."""
    return _written(format_skeleton, "yMMM" if with_year else "MMM", value)


def language(code: str) -> str:
    """Return "Spanish" for "es"; an unknown code as it is."""
    return str(_locale().languages.get(code, code))


def weekday(value: dt.date) -> str:
    """Return "Mon"."""
    return _written(format_skeleton, "E", value)


def time(value: dt.datetime | dt.time, *, tz: dt.tzinfo | None = None) -> str:
    """Return "10:10 AM" with a non-breaking space."""
    local = _local(value, tz) if isinstance(value, dt.datetime) else value
    return _written(format_time, dt.time(local.hour, local.minute), "short").translate(SPACES)


def moment(
    value: dt.datetime,
    *,
    tz: dt.tzinfo | None = None,
    with_year: bool | None = None,
    says_today: bool = False,
) -> str:
    """Return "Tue, Dec 1, 10:10 AM", or with ``says_today`` "today, 10:10 AM" if it is today.

    Only pages say "today": stored or sent text is read on other days.
    """
    local = _local(value, tz)
    return _on(local, time(local, tz=local.tzinfo), with_year, says_today)


def span(
    start: dt.datetime,
    end: dt.datetime,
    *,
    tz: dt.tzinfo | None = None,
    with_year: bool | None = None,
    says_today: bool = False,
) -> str:
    """Return "Tue, Dec 1, 10:10–10:55 AM": as `moment`, with start and end."""
    first, last = _local(start, tz), _local(end, tz)
    if first.date() != last.date():
        ends = [moment(one, tz=tz, with_year=with_year, says_today=says_today) for one in (start, end)]
        return "–".join(ends)
    return _on(first, hours(first.time(), last.time()), with_year, says_today)


def hours(start: dt.time, end: dt.time) -> str:
    """Return "10:10–10:55 AM" or "11:30 AM–12:15 PM"."""
    if start == end:
        return time(start)
    is_twelve = "a" in _locale().time_formats["short"].pattern
    return _written(format_interval, start, end, "hm" if is_twelve else "Hm").translate(SPACES)


def days(first: dt.date, last: dt.date, *, with_year: bool | None = None) -> str:
    """Return "Nov 30–Dec 4", with the year as `day` does."""
    is_dated = _shows_year(first, with_year) or _shows_year(last, with_year)
    return _written(format_interval, first, last, "yMMMd" if is_dated else "MMMd").translate(SPACES)


def number(value: float | Decimal, most: int = MOST_PLACES) -> str:
    """Return "1,234.5" or "−3": at most ``most`` digits after the point, without trailing zeros."""
    return _number("decimal_formats", value, 0, most)


def fixed(value: float | Decimal, places: int) -> str:
    """Return "3.0": exactly ``places`` digits after the point, for figures in a column."""
    return _number("decimal_formats", value, places, places)


def signed(value: float | Decimal, places: int | None = None) -> str:
    """Return "+0.5", "−0.5", or "0" for values that round to zero; with exactly ``places`` digits if given."""
    shown = rounded(value, MOST_PLACES if places is None else places)
    text = fixed(shown, places) if shown and places is not None else number(shown)
    return f"+{text}" if shown > 0 else text


def percent(value: float | Decimal, most: int = MOST_PLACES) -> str:
    """Return "10.5%" for 10.5: at most ``most`` digits after the point."""
    return _number("percent_formats", rounded(value, most).scaleb(-2), 0, most)


@cache
def _parsed(language: str) -> Locale:
    return Locale.parse(to_locale(language))


def _locale() -> Locale:
    return _parsed(get_language() or settings.LANGUAGE_CODE)


def _local(value: dt.datetime, tz: dt.tzinfo | None) -> dt.datetime:
    return value.astimezone(tz or timezone.get_current_timezone())


def _day(value: dt.date, skeleton: str, tz: dt.tzinfo | None, with_year: bool | None) -> str:
    on = _local(value, tz).date() if isinstance(value, dt.datetime) else value
    return _written(format_skeleton, f"y{skeleton}" if _shows_year(on, with_year) else skeleton, on)


def _written(write: Callable[..., str], *values: object) -> str:
    return _kept(write, values, get_language() or settings.LANGUAGE_CODE)


@lru_cache(maxsize=16_384)
def _kept(write: Callable[..., str], values: tuple[object, ...], language: str) -> str:
    return write(*values, locale=_parsed(language))


def _shows_year(on: dt.date, with_year: bool | None) -> bool:
    if with_year is not None:
        return with_year
    return _school_year(on) != _school_year(_local(now(), None).date())


def _school_year(on: dt.date) -> int:
    return on.year if on.month >= JULY else on.year - 1


def _on(local: dt.datetime, at: str, with_year: bool | None, says_today: bool) -> str:
    if says_today and local.date() == now().astimezone(local.tzinfo).date():
        return _("today, %(time)s") % {"time": at}
    return f"{day(local.date(), with_year=with_year)}, {at}"


def _number(formats: str, value: float | Decimal, least: int, most: int) -> str:
    return _written(_digits, formats, value, least, most) if math.isfinite(value) else str(value)


def _digits(formats: str, value: float | Decimal, least: int, most: int, locale: Locale) -> str:
    ours = copy.copy(getattr(locale, formats)[None])
    ours.frac_prec = (least, most)
    shown = rounded(value, most + ours.scale)
    return ours.apply(shown, locale).replace("-", "\N{MINUS SIGN}")


def country_of_zone(time_zone: str) -> str:
    """The country (ISO 3166) of a time zone, "" if it has none."""
    return str(get_global("zone_territories").get(time_zone, ""))
