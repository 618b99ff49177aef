"""Trends as sentences: direction, number of scores, dates and certainty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from teams.lib import formats
from teams.lib.rounding import MOST_PLACES, fewest_places

if TYPE_CHECKING:
    import datetime as dt

    from datareview.records.models import Measure
    from datareview.trends.models import Trend

ENOUGH_SCORES = 6
ENOUGH_WEEKS = 6


def trend_in_words(trend: Trend | None, measure: Measure) -> str:
    """Describe a trend in one sentence. States if the interval covers zero or there are too few scores."""
    if trend is None or trend.n == 0:
        return _("No scores this year.")
    if trend.n == 1:
        return _("One score, on %(day)s: %(value)s.") % {
            "day": _day(trend.last_on),
            "value": _score(trend.last_value or 0, measure),
        }
    if trend.status != "ok" or trend.slope is None:
        same = _("The same in all %(n)d weeks.") if measure.derived_from else _("The same on all %(n)d days.")
        return same % {"n": trend.n} if trend.n > 2 else _not_enough(trend)
    if trend.n < ENOUGH_SCORES or _weeks(trend) < ENOUGH_WEEKS:
        return _not_enough(trend)
    low, high = trend.slope_low or 0.0, trend.slope_high or 0.0
    places = fewest_places([low, high], [0.0], least=1)
    return f"{_direction(trend, places)} {_context(trend, measure, places)}".strip()


def _not_enough(trend: Trend) -> str:
    return ngettext(
        "Too early for a trend: %(n)d score since %(day)s.",
        "Too early for a trend: %(n)d scores since %(day)s.",
        trend.n,
    ) % {"n": trend.n, "day": _day(trend.first_on)}


def _direction(trend: Trend, places: int) -> str:
    low, high = trend.slope_low or 0.0, trend.slope_high or 0.0
    figures = {
        "slope": formats.fixed(abs(trend.slope or 0), places),
        "low": formats.signed(low, places),
        "high": formats.signed(high, places),
        "n": trend.n,
        "day": _day(trend.first_on),
    }
    if low > 0:
        return _("Rising %(slope)s a week (%(low)s to %(high)s), %(n)d scores since %(day)s.") % figures
    if high < 0:
        return _("Falling %(slope)s a week (%(low)s to %(high)s), %(n)d scores since %(day)s.") % figures
    return (
        _("No clear direction (between %(low)s and %(high)s a week), %(n)d scores since %(day)s.") % figures
    )


def _context(trend: Trend, measure: Measure, places: int) -> str:
    parts = []
    if trend.expected_slope is not None:
        expected = formats.signed(trend.expected_slope, places)
        parts.append(_("Typical for the grade: %(expected)s.") % {"expected": expected})
    if trend.has_outlier:
        parts.append(_("One or more unusual scores affect this."))
    parts.append(_projection(trend, measure))
    return " ".join(part for part in parts if part)


def _projection(trend: Trend, measure: Measure) -> str:
    """The projected score with its interval, and the chance to reach the benchmark in words.

    "" for weekly measures, whose single weeks vary far more than such an interval, and for an interval without width.
    """
    from datareview.analysis.goals import chance_band

    if trend.projected_value is None or measure.derived_from:
        return ""
    figures = {
        "day": _day(trend.projected_on),
        "value": _score(trend.projected_value, measure, 0),
        "low": _score(trend.projected_low or 0, measure, 0),
        "high": _score(trend.projected_high or 0, measure, 0),
    }
    if figures["low"] == figures["high"]:
        return ""
    sentence = (
        _("Expected on %(day)s: %(value)s (80%% of such scores are between %(low)s and %(high)s)") % figures
    )
    if trend.chance is None or trend.projected_cut is None:
        return f"{sentence}."
    goal = _score(trend.projected_cut, measure)
    return f"{sentence}; {str(BANDS[chance_band(trend.chance)]) % {'goal': goal}}."


# The chance to reach the benchmark in words.
BANDS = {
    "unlikely": gettext_lazy("%(goal)s is unlikely"),
    "less-likely": gettext_lazy("%(goal)s is rather unlikely"),
    "uncertain": gettext_lazy("%(goal)s may be reached or not"),
    "rather-likely": gettext_lazy("%(goal)s is rather likely"),
    "likely": gettext_lazy("%(goal)s is likely"),
}


def _score(value: float, measure: Measure, most: int = MOST_PLACES) -> str:
    """Format a value of ``measure``, with "%" if its unit is one."""
    return formats.percent(value, most) if measure.unit.startswith("%") else formats.number(value, most)


def _weeks(trend: Trend) -> float:
    return (trend.last_on - trend.first_on).days / 7 if trend.first_on and trend.last_on else 0.0


def _day(day: dt.date | None) -> str:
    return formats.short_day(day) if day else ""
