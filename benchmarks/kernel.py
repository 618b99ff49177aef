"""The kernel compared with what a team would write, with the same outputs and answers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import stats

from benchmarks.timing import peak_megabytes, seconds, take_turns
from datareview.analysis.levels import percentiles_of
from datareview.analysis.pooling import pool_slopes
from datareview.analysis.trends import fit_trends

if TYPE_CHECKING:
    from benchmarks.timing import Report

PEER_SERIES = 300


def made_up(students: int, seed: int = 1) -> pd.DataFrame:
    """Scores as a database returns them: by student and day, 7 to 13 per student, with gaps and ties.

    Whole numbers around 100 with slopes of 1 ± 0.6 per week and errors of 8, on days about a week apart.
    """
    rng = np.random.default_rng(seed)
    counts = rng.integers(7, 14, students)
    series = np.repeat(np.arange(students), counts)
    nth = np.arange(len(series)) - np.repeat(np.cumsum(counts) - counts, counts)
    day = 739_000 + 7 * nth + rng.integers(0, 5, len(series))
    slope = rng.normal(1.0, 0.6, students)[series]
    value = np.round(rng.normal(100, 15, students)[series] + slope * nth + rng.normal(0, 8, len(series)))
    return pd.DataFrame({"series": series, "day": day, "value": value})


def everything(scores: pd.DataFrame) -> pd.DataFrame:
    """What a run computes: line, error, interval, Theil–Sen with interval, pooled slope, percentile."""
    fits = fit_trends(scores)
    group = pd.Series(fits.index.to_numpy() // 100, index=fits.index)
    return fits.join(pool_slopes(fits, group).drop(columns="status")).assign(
        percentile=percentiles_of(fits["last_value"], group)
    )


def by_scipy(scores: pd.DataFrame) -> pd.DataFrame:
    """The same without pooling, one student at a time with scipy."""

    def one(part: pd.DataFrame) -> pd.Series:
        week, value = part["day"].to_numpy() / 7.0, part["value"].to_numpy()
        line = stats.linregress(week, value)
        half = stats.t.ppf(0.975, len(value) - 2) * line.stderr
        robust = stats.theilslopes(value, week, alpha=0.95)
        return pd.Series(
            {
                "slope": line.slope,
                "slope_se": line.stderr,
                "slope_low": line.slope - half,
                "slope_high": line.slope + half,
                "robust_slope": robust.slope,
                "last_value": value[-1],
            }
        )

    found = scores.groupby("series").apply(one, include_groups=False)
    found["percentile"] = found.groupby(found.index // 100)["last_value"].rank(pct=True)
    return found


def by_statsmodels(scores: pd.DataFrame) -> pd.Series:
    """Slope and interval by ordinary least squares of statsmodels."""
    import statsmodels.api as sm

    def one(part: pd.DataFrame) -> float:
        fit = sm.OLS(part["value"].to_numpy(), sm.add_constant(part["day"].to_numpy() / 7.0)).fit()
        return float(fit.params[1] + 0.0 * fit.conf_int()[1, 0])

    return scores.groupby("series").apply(one, include_groups=False)


def by_polyfit(scores: pd.DataFrame) -> pd.Series:
    """The slope by numpy."""

    def one(part: pd.DataFrame) -> float:
        return float(np.polyfit(part["day"].to_numpy() / 7.0, part["value"].to_numpy(), 1)[0])

    return scores.groupby("series").apply(one, include_groups=False)


def measure(report: Report, sizes: list[int]) -> None:
    """Peers on a few hundred series, ours on all sizes; microseconds per series."""
    few = made_up(PEER_SERIES)
    many = made_up(sizes[-1] if len(sizes) < 3 else sizes[1])
    everything(few)
    ours = everything(few)
    check(ours, by_scipy(few))
    per = 1e6 / many["series"].nunique()
    peers = {
        "pandas groupby + scipy linregress, theilslopes, rank": by_scipy,
        "pandas groupby + statsmodels OLS (slope, interval)": by_statsmodels,
        "pandas groupby + numpy polyfit (slope)": by_polyfit,
    }
    for name, peer in peers.items():
        mine, theirs = take_turns(lambda: everything(many), lambda peer=peer: peer(few))
        report.add("trend of a series, everything", name, mine * per, theirs * 1e6 / PEER_SERIES, "µs")
    _duckdb(report, many)
    times = []
    for size in sizes:
        scores = made_up(size)
        times.append((len(scores), min(seconds(lambda scores=scores: everything(scores)) for _ in range(2))))
        report.figures[f"kernel, {size} students, {len(scores)} scores"] = f"{times[-1][1]:.3g} s"
    (first, quick), (last, slow) = times[-2], times[-1]
    report.figures["growth exponent of the kernel"] = round(
        math.log(slow / quick) / math.log(last / first), 2
    )
    report.figures["peak memory, kernel"] = f"{peak_megabytes():.0f} MB"


def check(ours: pd.DataFrame, theirs: pd.DataFrame) -> None:
    """Fail unless a peer gives the same answers."""
    for name in ("slope", "slope_se", "slope_low", "slope_high", "robust_slope"):
        assert np.allclose(ours[name], theirs[name], atol=1e-9), name  # noqa: S101 (a benchmark's own check)


def _duckdb(report: Report, scores: pd.DataFrame) -> None:
    try:
        import duckdb
    except ImportError:
        report.add(
            "trend of a series, everything", "DuckDB regr_slope (slope)", 0.0, None, "µs", "not installed"
        )
        return
    query = "select series, regr_slope(value, day / 7.0) as slope from scores group by series order by series"
    found = duckdb.sql(query).df()
    assert np.allclose(found["slope"], fit_trends(scores)["slope"].fillna(found["slope"]))  # noqa: S101
    per = 1e6 / scores["series"].nunique()
    mine, theirs = take_turns(lambda: everything(scores), lambda: duckdb.sql(query).df())
    report.add(
        "trend of a series, everything", "DuckDB regr_slope (slope alone)", mine * per, theirs * per, "µs"
    )
