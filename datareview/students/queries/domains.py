"""Small multiples of a student's page: each measure with its value, level, trend in words and drawing."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from datareview.charts.palette import level_role
from datareview.charts.small import SmallChart, Wash, small_chart, whole_range
from datareview.figures.charts.student import short_scale
from datareview.figures.queries.levels import level_of
from datareview.records.absence import DAYS_ABSENT, percent_so_far
from datareview.records.models import Domain, Measure
from datareview.records.models.measures import AT, CUTS
from datareview.records.queries.of_student import attendance_of, incidents_of
from datareview.records.queries.windows import school_windows
from datareview.records.values import point_addresses, value_address
from datareview.trends.queries.trends import ENOUGH_SCORES, ENOUGH_WEEKS
from teams.lib import formats
from teams.lib.rounding import fewest_places

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.utils.safestring import SafeString

    from datareview.figures.queries.student import MeasureSeries
    from datareview.records.models import Student
    from datareview.trends.models import Trend

MOST = 6
LATELY = dt.timedelta(weeks=4)
RISING, FALLING, FLAT, UNKNOWN = "rising", "falling", "flat", "unknown"


@dataclass(frozen=True, slots=True)
class DomainView:
    """One measure: its last value, level and day, its direction, what is said of it, its drawing, the page of the value.

    ``below_since`` is the day since which it is below the benchmark, if it was at it before in this year.
    """

    measure: Measure
    value: str
    unit: str
    level: int | None
    direction: str
    words: str
    svg: SafeString
    url: str
    upto: dt.date
    below_since: dt.date | None = None

    @property
    def level_name(self) -> str:
        """The school's name of the level."""
        return self.measure.level_name(self.level)

    @property
    def is_academic(self) -> bool:
        """Whether the measure is about what is learned."""
        return self.measure.domain == Domain.ACADEMIC

    @property
    def is_good(self) -> bool:
        """Whether the direction is the one wished for."""
        return self.direction == (RISING if self.measure.higher_is_better else FALLING)

    @property
    def is_bad(self) -> bool:
        """Whether the direction is the opposite of the one wished for."""
        return self.direction == (FALLING if self.measure.higher_is_better else RISING)


def ordered(measures: Sequence[Measure]) -> list[Measure]:
    """Measures by domain, weekly probes first."""
    order = {domain: place for place, domain in enumerate(Domain.values)}
    return sorted(measures, key=lambda one: (order[one.domain], one.kind != Measure.Kind.PROBE, one.kind))


def domain_views(student: Student, series: Sequence[MeasureSeries]) -> list[DomainView]:
    """At most six of ``series``, which have points: one of each domain, then more in their order."""
    first_of = {one.measure.domain: one for one in reversed(series)}
    chosen = [*first_of.values(), *(one for one in series if one is not first_of[one.measure.domain])][:MOST]
    return [_view(student, one) for one in series if one in chosen]


def direction_of(trend: Trend | None) -> str:
    """Rising or falling if the interval of the slope says so, flat if it covers zero, unknown with too few scores."""
    if trend is None or trend.status != "ok" or trend.slope is None:
        return UNKNOWN
    weeks = (trend.last_on - trend.first_on).days / 7 if trend.first_on and trend.last_on else 0
    if trend.n < ENOUGH_SCORES or weeks < ENOUGH_WEEKS:
        return UNKNOWN
    if (trend.slope_low or 0) > 0:
        return RISING
    return FALLING if (trend.slope_high or 0) < 0 else FLAT


def _view(student: Student, series: MeasureSeries) -> DomainView:
    measure = series.measure
    if measure.derived_from == Measure.DerivedFrom.ATTENDANCE:
        return _attendance(student, series)
    if measure.derived_from:
        return _incidents(student, series)
    value = series.points[-1][1]
    is_percent = measure.unit.startswith("%")
    level = level_of(value, series.benchmark, higher_is_better=measure.higher_is_better)
    since = _below_since(student, series)
    label = _("%(measure)s: %(n)d values, from %(first)s to %(last)s.") % {
        "measure": measure,
        "n": len(series.points),
        "first": formats.number(series.points[0][1], measure.decimals),
        "last": formats.number(value, measure.decimals),
    }
    return DomainView(
        measure=measure,
        value=formats.percent(value, measure.decimals)
        if is_percent
        else formats.number(value, measure.decimals),
        unit="" if is_percent else measure.unit,
        level=level,
        direction=direction_of(series.trend),
        words=_in_words(series, since),
        svg=small_chart(_drawn(student, series, level), label=label),
        url=point_addresses(student.uuid, measure, [series.points[-1][0]])[0],
        upto=series.points[-1][0],
        below_since=since,
    )


def _below_since(student: Student, series: MeasureSeries) -> dt.date | None:
    """The day of the first score below the benchmark after the last one at it; None if that is not so now."""
    windows, measure = school_windows(student.school_id), series.measure
    since = None
    was_at = False
    for day, value in series.points:
        cuts = series.benchmarks.get(windows.key_on(day))
        level = level_of(value, cuts, higher_is_better=measure.higher_is_better)
        if level is None:
            continue
        if level >= AT:
            was_at, since = True, None
        elif was_at and since is None:
            since = day
    return since


def _in_words(series: MeasureSeries, below_since: dt.date | None) -> str:
    parts = [_trend_words(series)]
    if below_since:
        parts.append(_("Below the benchmark since %(day)s.") % {"day": formats.short_day(below_since)})
    return " ".join(parts)


def _trend_words(series: MeasureSeries) -> str:
    trend, n = series.trend, len(series.points)
    direction = direction_of(trend)
    if trend is None or direction == UNKNOWN:
        words = ngettext("One score so far.", "%(n)d scores: too few for a trend.", n)
        return words % {"n": n}
    if direction == FLAT:
        return _("No clear direction over %(n)d scores.") % {"n": trend.n}
    places = fewest_places([trend.slope_low or 0, trend.slope_high or 0], [0.0], least=1)
    slope = formats.fixed(abs(trend.slope or 0), places)
    words = _("Up %(slope)s a week.") if direction == RISING else _("Down %(slope)s a week.")
    if trend.expected_slope is None:
        return words % {"slope": slope}
    expected = formats.signed(trend.expected_slope, places)
    return words % {"slope": slope} + " " + _("Typical: %(expected)s.") % {"expected": expected}


def _drawn(student: Student, series: MeasureSeries, level: int | None) -> SmallChart:
    measure, points = series.measure, series.points
    first, last = points[0][0], max(points[-1][0], student.school.today())
    first = min(first, max(student.school.year_start(), first - dt.timedelta(weeks=1)))
    values = [value for _day, value in points]
    cuts = [cut.at for cut in series.benchmarks.values()]
    scale = (measure.scale_min, measure.scale_max)
    y_range = short_scale(measure) or whole_range([*values, *cuts[:2]], within=scale)
    return SmallChart(
        points=points,
        first=first,
        last=last,
        y_range=y_range,
        washes=_washes(student, series, first, last),
        tone="" if level is None else level_role(level),
    )


def _washes(student: Student, series: MeasureSeries, first: dt.date, last: dt.date) -> list[Wash]:
    """The levels behind the line, as the benchmark moves from window to window."""
    if not series.benchmarks:
        return []
    found = []
    spans = _windows_between(student, first, last)
    for key, begin, end in spans:
        cuts = series.benchmarks.get(key)
        points = {level: getattr(cuts, name, None) for name, level in CUTS.items()}
        begun = {level: cut for level, cut in points.items() if cut is not None}
        for level in range(min(begun, default=AT) - 1, max(begun, default=0) + 1):
            low, high = begun.get(level), begun.get(level + 1)
            if not series.measure.higher_is_better:
                low, high = high, low
            found.append(Wash(level, begin, end, low, high))
    return found


def _windows_between(student: Student, first: dt.date, last: dt.date) -> list[tuple[str, dt.date, dt.date]]:
    """Keys of the benchmark windows from ``first`` to ``last``, each with its first day and the next one's."""
    windows = school_windows(student.school_id)
    begins = {year.starts_on for year in windows.years}
    for day in (first, last, *sorted(begins)):
        begins |= {window.starts_on for window in windows.in_year_of(day)}
    days = [first, *sorted(day for day in begins if first < day < last), last]
    return [(windows.key_on(day), day, after) for day, after in pairwise(days)]


def _attendance(student: Student, series: MeasureSeries) -> DomainView:
    """The share of days present so far, which varies less than that of a week."""
    marks = attendance_of(student)
    points = percent_so_far(marks)
    days, absent = len(marks), sum(DAYS_ABSENT[mark] for _day, mark in marks)
    value = points[-1][1]
    level = level_of(value, series.benchmark, higher_is_better=True)
    low = min(80.0, *(share for _day, share in points))
    first, last = points[0][0], max(points[-1][0], points[0][0] + dt.timedelta(weeks=4))
    words = ngettext("Missed %(n)s of %(days)d day.", "Missed %(n)s of %(days)d days.", days) % {
        "n": formats.number(absent, 1),
        "days": days,
    }
    chart = SmallChart(
        points=points,
        first=first,
        last=last,
        y_range=(10 * (low // 10), 100.0),
        washes=_washes(student, series, first, last),
        tone="" if level is None else level_role(level),
    )
    label = _("%(measure)s: %(share)s of days so far.") % {
        "measure": series.measure,
        "share": formats.percent(value, 1),
    }
    return DomainView(
        series.measure,
        formats.percent(value, 0),
        _("of days here"),
        level,
        direction_of(series.trend),
        words,
        small_chart(chart, label=label),
        value_address(student.uuid, "attendance"),
        points[-1][0],
    )


def _incidents(student: Student, series: MeasureSeries) -> DomainView:
    """Incidents as counts by week."""
    today = student.school.today()
    many = len(incidents_of(student))
    lately = sum(one.day > today - LATELY for one in incidents_of(student))
    most = max([4.0, *(value for _day, value in series.points)])
    first = series.points[0][0]
    last = max(series.points[-1][0], first + dt.timedelta(weeks=4))
    words = _("None this year.")
    if many:
        words = _("%(n)d in the last four weeks.") % {"n": lately}
    label = _("%(measure)s: %(n)d this year.") % {"measure": series.measure, "n": many}
    return DomainView(
        series.measure,
        formats.number(many),
        ngettext("incident this year", "incidents this year", many),
        None,
        UNKNOWN,
        words,
        small_chart(
            SmallChart(points=series.points, first=first, last=last, y_range=(0.0, most), has_bars=True),
            label=label,
        ),
        value_address(student.uuid, "incidents"),
        series.points[-1][0],
    )
