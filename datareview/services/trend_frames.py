"""The rows of a trend run: every student × measure with scores, through the kernel, as columns."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from datareview import frames
from datareview.analysis.levels import levels_of, percentiles_of
from datareview.analysis.pooling import pool_slopes
from datareview.analysis.trends import fit_trends
from datareview.lib.windows import window_of
from datareview.models import Measure
from datareview.models.trends import TREND_FIELDS

if TYPE_CHECKING:
    from collections.abc import Collection

    from teams.models import School

CUTS = ["below", "at", "above"]


def trend_rows(
    school: School, since: dt.date, as_of: dt.date, ids: Collection[int] | None = None
) -> pd.DataFrame:
    """One row a student and measure with a score from ``since`` to ``as_of``: the fields of `Trend`.

    Two more columns serve the rules: ``cut_below`` and ``cut_at``, the benchmark's cuts on the last day.
    """
    scores = pd.concat(
        [frames.scores_frame(school, since, as_of, ids), frames.weekly_frame(school, since, as_of, ids)]
    )
    scores = scores[scores["value"].notna()]
    if scores.empty:
        return pd.DataFrame(columns=["student_id", "measure_id", *TREND_FIELDS, *_CUT_FIELDS])
    series, pairs = pd.factorize(pd.MultiIndex.from_frame(scores[["student_id", "measure_id"]]), sort=True)
    fits = fit_trends(scores.assign(series=series)[["series", "day", "value"]])
    rows = pd.DataFrame(list(pairs), columns=["student_id", "measure_id"])
    rows = rows.assign(**{name: fits[name].to_numpy() for name in fits.columns})
    rows = rows.merge(frames.students_frame(school, ids), on="student_id", how="left")
    rows = _with_benchmarks(rows, school)
    return _as_fields(_with_peers(rows))


def _with_benchmarks(rows: pd.DataFrame, school: School) -> pd.DataFrame:
    """Cuts and expected growth of the student's grade and the window of the last score."""
    rows = rows.assign(window=[window_of(dt.date.fromordinal(int(day))) for day in rows["last_day"]])
    cuts = frames.benchmarks_frame(school)
    rows["grade"] = pd.to_numeric(rows["grade"], errors="coerce").astype(float)
    cuts["grade"] = cuts["grade"].astype(float)
    rows = rows.merge(cuts, on=["measure_id", "grade", "window"], how="left")
    better = dict(Measure.objects.filter(school=school).values_list("pk", "higher_is_better"))
    up = rows["measure_id"].map(better).to_numpy(bool)
    below, at, above = (rows[name].to_numpy(float) for name in CUTS)
    rows["benchmark_level"] = levels_of(rows["last_value"].to_numpy(float), below, at, above, up)
    return rows


def _with_peers(rows: pd.DataFrame) -> pd.DataFrame:
    """Pooled slope and percentile among the students of the same grade on the same measure."""
    key = pd.Series(list(zip(rows["measure_id"], rows["grade"].fillna(-99), strict=True)), index=rows.index)
    group = pd.Series(pd.factorize(key)[0], index=rows.index)
    pooled = pool_slopes(rows, group)
    for name in ("pooled_slope", "pooled_low", "pooled_high"):
        rows[name] = pooled[name]
    rows["percentile"] = percentiles_of(rows["last_value"], group)
    rows["peers"] = rows["last_value"].groupby(group).transform("count")
    return rows


_CUT_FIELDS = ["cut_below", "cut_at"]
_WHOLE = {"n", "benchmark_level", "peers"}


def _as_fields(rows: pd.DataFrame) -> pd.DataFrame:
    """Plain Python values with None for what is missing; figures rounded to six digits after the point."""
    rows = rows.rename(columns={"growth_per_week": "expected_slope", "below": "cut_below", "at": "cut_at"})
    rows["first_on"] = [dt.date.fromordinal(int(day)) for day in rows["first_day"]]
    rows["last_on"] = [dt.date.fromordinal(int(day)) for day in rows["last_day"]]
    out = pd.DataFrame(index=rows.index)
    for name in ["student_id", "measure_id", *TREND_FIELDS, *_CUT_FIELDS]:
        out[name] = pd.Series([_plain(name, value) for value in rows[name].tolist()], dtype=object)
    return out


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, float):
        if not np.isfinite(value):
            return None
        return int(value) if name in _WHOLE else round(value, 6)
    return value
