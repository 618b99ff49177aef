"""The progress chart of a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from datareview.charts.spec import Band, Chart, Line, Series, Table

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from datareview.models import Benchmark, PhaseChange, Plan


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
) -> Chart:
    """Scores, baseline, goal line, trend with its band (day, value, low, high), phase lines, benchmark."""
    measure = plan.measure
    series = [
        Series(
            kind="line", name=_("Goal line"), x=[plan.starts_on, plan.goal_on], y=[plan.baseline, plan.goal],
            role="goal", dashed=True,
        )
    ]  # fmt: skip
    if trend:
        days = [row[0] for row in trend]
        series += [
            Series(
                kind="band", name=_("Trend, 95 % interval"), x=days, low=[row[2] for row in trend],
                high=[row[3] for row in trend], role="trend",
            ),
            Series(kind="line", name=_("Trend"), x=days, y=[row[1] for row in trend], role="trend"),
        ]  # fmt: skip
    series += [
        Series(kind="points", name=str(measure), x=[d for d, _v in points], y=[v for _d, v in points], role="data"),
        Series(
            kind="points", name=_("Baseline"), x=[plan.baseline_on], y=[plan.baseline], role="accent",
            labels=[_("baseline %(value)g") % {"value": plan.baseline}], emphasis=True,
        ),
        Series(
            kind="points", name=_("Goal"), x=[plan.goal_on], y=[plan.goal], role="goal",
            labels=[_("goal %(value)g") % {"value": plan.goal}], emphasis=True,
        ),
    ]  # fmt: skip
    lines = [Line(axis="x", at=change.changed_on, label=change.what[:40], role="phase") for change in phases]
    bands = []
    if benchmark:
        lines.append(
            Line(
                axis="y",
                at=benchmark.at,
                label=_("benchmark %(cut)g") % {"cut": benchmark.at},
                role="benchmark",
            )
        )
        low, high = (
            (benchmark.at, measure.scale_max)
            if measure.higher_is_better
            else (measure.scale_min, benchmark.at)
        )
        bands.append(Band(low=low, high=high, label="", role="benchmark"))
    return Chart(
        title=title, sentence=sentence, x_label=_("Date"), y_label=measure.unit or str(measure), x_kind="date",
        series=series, bands=bands, lines=lines, source=source,
        table=Table(
            columns=[_("Date"), measure.unit or str(measure)],
            rows=[[date_format(day, "j M Y"), f"{value:g}"] for day, value in points],
        ),
    )  # fmt: skip
