"""Charts of groups of students: scores in two windows, their spread, attendance by week."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from datareview.charts.spec import Band, Chart, Line, Series, Table
from datareview.figures.charts.student import short_scale
from datareview.records.models.measures import AT
from teams.lib import formats

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from datareview.records.models import Measure, Student

MOST_NAMES = 8


class TwoWindowScores(NamedTuple):
    """One student's scores in two windows, with their levels."""

    student: Student
    before: float
    now: float
    level_before: int | None
    level_now: int | None

    @property
    def name(self) -> str:
        """The student's short name."""
        return str(self.student)

    @property
    def is_below_now(self) -> bool:
        """Whether the later score is below the benchmark."""
        return self.level_now is not None and self.level_now < AT

    @property
    def is_below_before(self) -> bool:
        """Whether the earlier score is below the benchmark."""
        return self.level_before is not None and self.level_before < AT

    @property
    def is_far_below(self) -> bool:
        """Whether the later score is more than one level below the benchmark."""
        return self.level_now is not None and self.level_now < AT - 1


def slope_chart(
    measure: Measure,
    pairs: Sequence[TwoWindowScores],
    *,
    windows: tuple[str, str],
    cut: float | None,
    source: str,
) -> Chart:
    """Draw each student's scores in two windows, with names for those below the benchmark."""
    now_low = [pair for pair in pairs if pair.is_below_now]
    before_low = sum(pair.is_below_before for pair in pairs)
    title = _("%(now)d of %(all)d below the %(window)s benchmark; it was %(before)d in %(earlier)s") % {
        "now": len(now_low),
        "all": len(pairs),
        "window": windows[1],
        "before": before_low,
        "earlier": windows[0],
    }
    named = {pair.name for pair in sorted(now_low, key=lambda pair: pair.now)[:MOST_NAMES]}
    series = [
        Series(
            kind="line",
            name=pair.name,
            x=list(windows),
            y=[pair.before, pair.now],
            emphasis=pair.name in named,
            role="level-1" if pair.is_far_below else "level-2" if pair.is_below_now else "level-3",
            labels=["", pair.name] if pair.name in named else [],
            links=[pair.student.get_absolute_url()] * 2,
        )
        for pair in pairs
    ]
    bands, lines = [], []
    if cut is not None:
        low, high = (cut, None) if measure.higher_is_better else (None, cut)
        bands = [Band(low=low, high=high, label="", role="benchmark")]
        lines = [
            Line(
                axis="y",
                at=cut,
                label=_("benchmark %(cut)s") % {"cut": formats.number(cut)},
                role="benchmark",
            )
        ]
    return Chart(
        title=title,
        sentence=_sentence(pairs),
        x_label="",
        y_label=measure.unit or str(measure),
        x_kind="category",
        series=series,
        bands=bands,
        lines=lines,
        source=source,
        table=Table(
            columns=(_("Student"), windows[0], windows[1], _("Change")),
            rows=tuple(
                (
                    pair.name,
                    formats.number(pair.before, 2),
                    formats.number(pair.now, 2),
                    formats.signed(round(pair.now - pair.before, 2)),
                )
                for pair in pairs
            ),
            links=tuple((pair.student.get_absolute_url(), "", "", "") for pair in pairs),
        ),
    )


def _sentence(pairs: Sequence[TwoWindowScores]) -> str:
    up = sum(pair.now > pair.before for pair in pairs)
    return ngettext(
        "%(up)d of %(all)d student tested both times has a higher score than before.",
        "%(up)d of %(all)d students tested both times have a higher score than before.",
        len(pairs),
    ) % {"up": up, "all": len(pairs)}


@dataclass(frozen=True, slots=True)
class WindowSpread:
    """The scores of one window, of a measure without levels."""

    label: str
    values: list[float]

    def quartiles(self) -> tuple[float, float, float]:
        """The 25th percentile, the median and the 75th percentile."""
        low, middle, high = np.percentile(self.values, (25, 50, 75))
        return float(low), float(middle), float(high)


def spread_chart(measure: Measure, windows: Sequence[WindowSpread], *, source: str) -> Chart:
    """Draw the median and the middle half of the scores by window, for a measure without benchmarks."""
    names = [window.label for window in windows]
    quartiles = [window.quartiles() for window in windows]
    places = measure.decimals
    title = _("%(measure)s: median %(median)s in %(window)s; no benchmark to compare with") % {
        "measure": measure,
        "median": formats.number(quartiles[-1][1], places),
        "window": names[-1],
    }
    labels = (_("75th percentile"), _("Median"), _("25th percentile"))
    series = [
        Series(
            kind="line",
            name=label,
            x=names,
            y=[found[place] for found in quartiles],
            emphasis=place == 1,
            role="level-3",
            labels=[],
        )
        for label, place in zip(labels, (2, 1, 0), strict=True)
    ]
    return Chart(
        title=title,
        sentence=_("Students with a score: %(n)s.")
        % {"n": ", ".join(f"{window.label} {len(window.values)}" for window in windows)},
        x_label="",
        y_label=measure.unit or str(measure),
        x_kind="category",
        series=series,
        bands=[],
        lines=[],
        y_range=short_scale(measure),
        source=source,
        table=Table(
            columns=(_("Scores"), *names),
            rows=tuple(
                (label, *(formats.number(found[place], places) for found in quartiles))
                for label, place in zip(labels, (2, 1, 0), strict=True)
            ),
        ),
    )


def weekly_chart(
    points: Sequence[tuple[dt.date, float, int]], *, title: str, sentence: str, source: str
) -> Chart:
    """Draw a group's percentage of days present by week, from (Friday, percent, days marked)."""
    return Chart(
        title=title,
        sentence=sentence,
        x_label=_("Week"),
        y_label=_("% of days present"),
        x_kind="date",
        series=[
            Series(
                kind="line",
                name=_("Attendance"),
                x=[day for day, _share, _n in points],
                y=[share for _day, share, _n in points],
                role="data",
            )
        ],
        bands=[Band(low=90, high=100, label="", role="benchmark")],
        lines=[
            Line(
                axis="y",
                at=90,
                label=_("%(line)s: chronic absence below") % {"line": formats.percent(90)},
                role="benchmark",
            )
        ],
        y_range=(min([80.0, *[share for _day, share, _n in points]]), 100.0),
        source=source,
        table=Table(
            columns=(_("Week ending"), _("% of days present"), _("Days marked")),
            rows=tuple(
                (formats.short_day(day, with_year=True), formats.fixed(share, 1), formats.number(n))
                for day, share, n in points
            ),
        ),
    )
