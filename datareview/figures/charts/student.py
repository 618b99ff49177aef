"""Charts of one student."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from datareview.charts.spec import Band, Chart, Line, Series, Table
from teams.lib import formats

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from datareview.records.models import Benchmark, Measure

SHORT_SCALE = 10


def scores_chart(
    measure: Measure,
    points: Sequence[tuple[dt.date, float]],
    *,
    title: str,
    sentence: str,
    source: str,
    benchmark: Benchmark | None = None,
    line: Sequence[tuple[dt.date, float]] = (),
    links: Sequence[str] = (),
) -> Chart:
    """Draw scores over time with the grade's benchmark and the fitted line, if any; ``links`` are pages of the points."""
    days, values = [day for day, _value in points], [value for _day, value in points]
    series = [Series(kind="points", name=str(measure), x=days, y=values, role="data", links=links)]
    if line:
        series.append(
            Series(
                kind="line", name=_("Trend"), x=[d for d, _v in line], y=[v for _d, v in line], role="trend"
            )
        )
    return Chart(
        title=title,
        sentence=sentence,
        x_label=_("Date"),
        y_label=measure.unit or str(measure),
        x_kind="date",
        series=series,
        bands=_bands(measure, benchmark),
        lines=[Line(axis="y", at=benchmark.at, label=_("benchmark"), role="benchmark")] if benchmark else [],
        y_range=_range(measure, values),
        source=source,
        table=values_table(measure, points, links),
    )


def values_table(
    measure: Measure, points: Sequence[tuple[dt.date, float]], links: Sequence[str] = ()
) -> Table:
    """The table of a chart of one student's values; ``links`` are the pages of the values."""
    return Table(
        columns=(_("Date"), measure.unit or str(measure)),
        rows=tuple(
            (formats.short_day(day, with_year=True), formats.number(value, 2)) for day, value in points
        ),
        links=tuple(("", link) for link in links),
    )


def _range(measure: Measure, values: Sequence[float]) -> tuple[float, float] | None:
    """The whole scale where it is short, so that 2.3 and 2.5 of 5 look alike; None where the scores decide."""
    if measure.unit.startswith("%"):
        return min([80.0, *values]), 100.0
    return short_scale(measure)


def short_scale(measure: Measure) -> tuple[float, float] | None:
    """The scale of a measure with few steps, like 1 to 5; None for others, and for those without a scale."""
    is_short = measure.scale_max - measure.scale_min <= SHORT_SCALE
    return (measure.scale_min, measure.scale_max) if is_short and not measure.derived_from else None


def _bands(measure: Measure, benchmark: Benchmark | None) -> list[Band]:
    if benchmark is None:
        return []
    low, high = (benchmark.at, None) if measure.higher_is_better else (None, benchmark.at)
    return [Band(low=low, high=high, label=_("at or above benchmark"), role="benchmark")]
