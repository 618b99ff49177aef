"""The progress chart of a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from datareview.charts.spec import Band, Chart, Line, Series
from datareview.figures.charts.student import values_table
from datareview.records.values import point_addresses
from teams.lib import formats

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from datareview.plans.models import Plan
    from datareview.progress.models import PhaseChange
    from datareview.records.models import Benchmark


def progress_chart(
    plan: Plan,
    points: Sequence[tuple[dt.date, float]],
    *,
    title: str,
    sentence: str,
    source: str,
    trend: Sequence[tuple[dt.date, float, float, float]],
    phases: Sequence[PhaseChange],
    benchmark: Benchmark | None,
    is_firm: bool = True,
) -> Chart:
    """Draw scores, baseline, goal line, trend with its band (day, value, low, high), phase lines and benchmark.

    Unless ``is_firm`` (six scores or more), the trend is dashed and has no band.
    """
    measure = plan.measure
    links = point_addresses(plan.student.uuid, measure, [day for day, _value in points])
    days, values = [day for day, _value in points], [value for _day, value in points]
    series = [
        Series(
            kind="line",
            name=_("Goal line"),
            x=[plan.line_from, plan.goal_on],
            y=[plan.baseline, plan.goal],
            role="goal",
            dashed=True,
            labels=["", _("goal %(value)s") % {"value": formats.number(plan.goal)}],
            emphasis=True,
        )
    ]
    if trend and not is_firm:
        x, y = [row[0] for row in trend], [row[1] for row in trend]
        series.append(Series(kind="line", name=_("Trend so far"), x=x, y=y, role="trend", dashed=True))
    elif trend:
        x = [row[0] for row in trend]
        series += [
            Series(
                kind="band",
                # xgettext:no-python-format  # noqa: ERA001
                name=_("Trend, 95% interval"),
                x=x,
                low=[row[2] for row in trend],
                high=[row[3] for row in trend],
                role="trend",
            ),
            Series(kind="line", name=_("Trend"), x=x, y=[row[1] for row in trend], role="trend"),
        ]
    series += [
        Series(kind="points", name=str(measure), x=days, y=values, role="data", links=links),
        Series(
            kind="points",
            name=_("Baseline"),
            x=[plan.baseline_on],
            y=[plan.baseline],
            role="accent",
            labels=[_("baseline %(value)s") % {"value": formats.number(plan.baseline)}],
            emphasis=True,
        ),
    ]
    lines = [Line(axis="x", at=change.changed_on, label=change.what[:40], role="phase") for change in phases]
    bands = []
    if benchmark:
        lines.append(
            Line(
                axis="y",
                at=benchmark.at,
                label=_("benchmark %(cut)s") % {"cut": formats.number(benchmark.at)},
                role="benchmark",
            )
        )
        low, high = (benchmark.at, None) if measure.higher_is_better else (None, benchmark.at)
        bands.append(Band(low=low, high=high, label="", role="benchmark"))
    return Chart(
        title=title,
        sentence=sentence,
        x_label=_("Date"),
        y_label=measure.unit or str(measure),
        x_kind="date",
        series=series,
        bands=bands,
        lines=lines,
        source=source,
        y_range=_range(plan, points, benchmark),
        table=values_table(measure, points, links),
    )


def _range(
    plan: Plan, points: Sequence[tuple[dt.date, float]], benchmark: Benchmark | None
) -> tuple[float, float]:
    """The y-range of everything drawn, with some margin, inside the measure's scale."""
    shown = [plan.baseline, plan.goal, *[value for _day, value in points]]
    shown += [benchmark.at] if benchmark else []
    air = max((max(shown) - min(shown)) * 0.15, 1.0)
    return max(min(shown) - air, plan.measure.scale_min), min(max(shown) + air, plan.measure.scale_max)
