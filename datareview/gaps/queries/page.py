"""The page of gaps: a release in a scope, drawn and in a table, and what can be released."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from datareview.charts.spec import Chart, Line, Series, Table
from datareview.comparisons.queries.drawing import measures_with_scores
from datareview.comparisons.queries.windows import ScoreWindow, windows_of_years
from datareview.figures.queries.levels import PARTICIPATION
from datareview.gaps.cells import EVERYONE
from datareview.gaps.models import GapRelease
from datareview.gaps.queries.release import ReleasedRow, released_rows
from teams.lib import formats
from teams.lib.parameters import int_or_none, uuid_or_none
from teams.lib.tags.grades import grade as grade_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from datareview.records.models import Measure
    from teams.directory.models import School

ERROR = 0.05  # that any of the gaps compared is called one by chance


@dataclass(frozen=True, slots=True)
class Gap:
    """A group's share minus that of all others of the scope, in points, with its interval; None where one is hidden."""

    row: ReleasedRow
    name: str
    share: tuple[float, float, float] | None
    gap: tuple[float, float, float] | None

    @property
    def is_real(self) -> bool:
        """Whether the interval excludes zero."""
        return self.gap is not None and (self.gap[1] > 0 or self.gap[2] < 0)


@dataclass(frozen=True, slots=True, eq=False)
class GapPage:
    """A release (None: nothing is released of what was asked for), its gaps in a scope, and the choices."""

    measure: Measure | None
    window: ScoreWindow | None
    release: GapRelease | None
    scope: int | None
    scopes: list[int]
    gaps: list[Gap]
    chart: Chart | None
    measures: list[Measure]
    windows: list[ScoreWindow]

    @property
    def is_partial(self) -> bool:
        """Whether fewer were tested than a result of the whole group takes."""
        one = self.release
        return bool(one and one.students and (one.leveled or 0) < PARTICIPATION * one.students)


def gap_page(school: School, wanted: Mapping[str, str]) -> GapPage:
    """The page for the measure, window and grade in ``wanted``: by default the newest release, else the newest window."""
    measures = [one for one in measures_with_scores(school) if one.words_of_levels]
    windows = list(reversed(windows_of_years(school)))
    releases = GapRelease.objects.filter(school=school).select_related("measure")
    known = {(one.measure_id, f"{one.window}-{one.year}"): one for one in releases}
    measure = next((one for one in measures if one.uuid == uuid_or_none(wanted.get("measure"))), None)
    window = next((one for one in windows if one.id == wanted.get("window")), None)
    if measure is None:
        newest = next(iter(known.values()), None)
        measure = next((one for one in measures if newest and one.pk == newest.measure_id), None)
        measure = measure or next(iter(measures), None)
    if window is None:
        window = next((one for one in windows if measure and (measure.pk, one.id) in known), None)
        window = window or next(iter(windows), None)
    release = known.get((measure.pk, window.id)) if measure and window else None
    scopes = sorted({one["scope"] for one in release.rows} - {None}) if release else []
    scope = int_or_none(wanted.get("grade"))
    scope = scope if scope in scopes else None
    gaps = gaps_of(released_rows(release, scope)) if release else []
    chart = gap_chart(gaps, measure, window, release.least) if release and measure and window else None
    return GapPage(measure, window, release, scope, scopes, gaps, chart, measures, windows)


def gaps_of(rows: Sequence[ReleasedRow]) -> list[Gap]:
    """Each row with the interval of its share (95%) and of its gap to all others.

    The intervals of gaps are wider, so that together they err as seldom as one: a level of 1 - 0.05 / number of gaps.
    """
    from datareview.analysis.equity import difference_of_proportions, wilson_interval

    everyone = next((row for row in rows if row.category == EVERYONE), None)
    shown = [row for row in rows if row.n and row.category != EVERYONE and row.group]
    level = 1 - ERROR / max(1, len(shown))
    found = []
    for row in rows:
        share = gap = None
        if row.n and row.at is not None:
            share = (row.at / row.n, *wilson_interval(row.at, row.n))
            if row in shown and everyone and everyone.n and everyone.at is not None:
                others = everyone.n - row.n, everyone.at - row.at
                made = difference_of_proportions(row.at, row.n, others[1], others[0], level=level)
                if made.value is not None and made.low is not None and made.high is not None:
                    gap = (made.value, made.low, made.high)
        found.append(Gap(row, _name(row), share, gap))
    return found


@dataclass(frozen=True, slots=True)
class WidestGap:
    """The group that is furthest behind all others by more than chance: its name and gap, the interval, and the page."""

    text: str
    about: str
    url: str


def widest_gaps(
    school: School, windows: Mapping[int, ScoreWindow], *, grade: int | None
) -> dict[int, WidestGap]:
    """The widest released gap of measures (by id, in a window) in ``grade`` today, or in the school; one query."""
    found = {}
    releases = GapRelease.objects.filter(school=school, measure__in=windows).select_related("measure")
    for release in releases:
        window = windows[release.measure_id]
        if f"{release.window}-{release.year}" != window.id:
            continue
        scope = None if grade is None else grade - window.years_ago
        gaps = [one for one in gaps_of(released_rows(release, scope)) if one.is_real and one.gap]
        widest = min(gaps, key=lambda one: one.gap[0] if one.gap else 0.0, default=None)
        query = {"measure": str(release.measure.uuid), "window": window.id}
        url = f"{reverse('datareview:gap-show')}?{urlencode(query | ({} if scope is None else {'grade': scope}))}"
        if widest is None or widest.gap is None or widest.gap[0] >= 0:
            found[release.measure_id] = WidestGap(_("none beyond chance"), "", url)
            continue
        middle, low, high = (formats.signed(round(100 * one), 0) for one in widest.gap)
        interval = _("%(low)s to %(high)s") % {"low": low, "high": high}
        found[release.measure_id] = WidestGap(f"{widest.name} {middle}", interval, url)
    return found


def gap_chart(gaps: Sequence[Gap], measure: Measure, window: ScoreWindow, least: int) -> Chart:
    """Draw the share of each group with its interval, beside that of everyone."""
    names = [gap.name for gap in gaps]
    everyone = next((gap.share for gap in gaps if gap.row.category == EVERYONE), None)
    hidden = _("not shown: fewer than %(least)d, or protects such a group") % {"least": least}
    series = [
        Series(
            kind="interval",
            name=_("At or above benchmark"),
            x=names,
            y=[gap.share and 100 * gap.share[0] for gap in gaps],
            low=[gap.share and 100 * gap.share[1] for gap in gaps],
            high=[gap.share and 100 * gap.share[2] for gap in gaps],
            labels=["" if gap.share else hidden for gap in gaps],
        )
    ]
    return Chart(
        title=_title(gaps, measure),
        sentence=_(
            "The share at or above benchmark in %(window)s, with its %(sure)s interval. A gap says where to look, not why."
        )
        % {"window": window.name_in_text, "sure": formats.percent(95)},
        x_kind="category",
        y_label=_("% at or above benchmark"),
        y_range=(0.0, 100.0),
        series=series,
        lines=[Line(axis="x", at=100 * everyone[0], label=_("everyone"), role="benchmark")]
        if everyone
        else [],
        table=Table(columns=table_columns(), rows=tuple(table_rows(gaps))),
    )


def table_columns() -> tuple[str, ...]:
    """Headings of the table and of the file."""
    return (
        _("Group"),
        _("Students"),
        _("At or above benchmark"),
        _("Interval"),
        _("Gap to all others, in points"),
        _("Interval"),
    )


def table_rows(gaps: Sequence[Gap]) -> list[tuple[str, ...]]:
    """The released figures in words; what is hidden is a dash everywhere."""
    found = []
    for gap in gaps:
        cells = ["–"] * 5
        if gap.share and gap.row.n is not None:
            middle, low, high = (formats.percent(100 * one, 0) for one in gap.share)
            cells[:3] = [
                formats.number(gap.row.n),
                middle,
                _("%(low)s to %(high)s") % {"low": low, "high": high},
            ]
        if gap.gap:
            middle, low, high = (formats.signed(round(100 * one), 0) for one in gap.gap)
            cells[3:] = [middle, _("%(low)s to %(high)s") % {"low": low, "high": high}]
        found.append((gap.name, *cells))
    return found


def _name(row: ReleasedRow) -> str:
    if row.category == EVERYONE:
        return _("Everyone")
    return row.group or _("all others (%(category)s)") % {"category": row.category}


def _title(gaps: Sequence[Gap], measure: Measure) -> str:
    """The widest of the gaps that chance does not explain."""
    real = sorted(
        (gap for gap in gaps if gap.is_real and gap.gap), key=lambda one: one.gap[0] if one.gap else 0.0
    )
    if not real or not real[0].gap or real[0].gap[0] >= 0:
        if not any(gap.gap for gap in gaps):
            return _("%(measure)s: no group is large enough to compare") % {"measure": measure}
        return _("%(measure)s: no group shown is behind by more than chance") % {"measure": measure}
    points = [abs(round(100 * one)) for one in real[0].gap]
    return _("%(group)s: %(points)d points behind all others, between %(low)d and %(high)d") % {
        "group": real[0].name,
        "points": points[0],
        "low": min(points[1:]),
        "high": max(points[1:]),
    }


def scope_name(scope: int | None) -> str:
    """The whole school, or a grade."""
    return _("Whole school") if scope is None else grade_name(scope)
