"""Compute the rows of a trend run with the kernel, for every student and measure with scores."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from datareview.analysis.levels import levels_of, percentiles_of
from datareview.analysis.pooling import pool_slopes
from datareview.analysis.trends import fit_trends
from datareview.records.models.measures import CUTS
from datareview.trends.models import TREND_FIELDS

if TYPE_CHECKING:
    from datareview.trends.frames.scope import ScopeData

NAMES = {
    "first_day": "first_on",
    "last_day": "last_on",
    "growth_per_week": "expected_slope",
    "below": "cut_below",
    "at": "cut_at",
}
COLUMNS = ["student_id", "measure_id", *TREND_FIELDS, "cut_below", "cut_at", "sxx", "see"]


def trend_rows(known: ScopeData) -> pd.DataFrame:
    """One row per student and measure with a score: the fields of `Trend`, missing ones as NaN, days as ordinals.

    Four more columns are for rules: ``cut_below`` and ``cut_at``, the benchmark's cut scores on the last day, and ``sxx``
    and ``see`` of `fit_trends`. Numbers are rounded to six decimals, so that a rerun on another machine changes no row.
    """
    scores = known.scores[np.isfinite(known.scores["value"])]
    if scores.empty:
        return pd.DataFrame(columns=COLUMNS)
    keys = scores["student_id"].to_numpy(np.int64) << 32 | scores["measure_id"].to_numpy(np.int64)
    series, pairs = pd.factorize(keys, sort=True)
    fits = fit_trends(scores.assign(series=series)[["series", "day", "value"]])
    rows = pd.DataFrame({"student_id": pairs >> 32, "measure_id": pairs & 0xFFFFFFFF})
    rows = rows.assign(**{name: fits[name].to_numpy() for name in fits.columns})
    rows = _with_peers(_with_benchmarks(rows, known)).rename(columns=NAMES)
    rows = rows.reindex(columns=COLUMNS)
    numbers = rows.select_dtypes("float").columns
    return rows.assign(**{name: rows[name].round(6) for name in numbers})


def _with_benchmarks(rows: pd.DataFrame, known: ScopeData) -> pd.DataFrame:
    """Add cut scores and expected growth of the grade in the window of the last score, and the level by them."""
    windows = {day: known.windows.key_on(dt.date.fromordinal(int(day))) for day in rows["last_day"].unique()}
    rows = rows.assign(window=rows["last_day"].map(windows))
    rows = rows.merge(known.cuts, on=["measure_id", "window"], how="left")
    better = known.measures.set_index("measure_id")["higher_is_better"]
    up = rows["measure_id"].map(better).to_numpy(bool)
    cuts = {level: rows[name].to_numpy(float) for name, level in CUTS.items()}
    return rows.assign(benchmark_level=levels_of(rows["last_value"].to_numpy(float), cuts, up))


def _with_peers(rows: pd.DataFrame) -> pd.DataFrame:
    """Add the pooled slope, and the percentile among students of the scope on the same measure."""
    group = rows["measure_id"]
    pooled = pool_slopes(rows, group)[["pooled_slope", "pooled_low", "pooled_high"]]
    return rows.assign(
        **pooled,
        percentile=percentiles_of(rows["last_value"], group),
        peers=rows["last_value"].groupby(group).transform("count"),
    )
