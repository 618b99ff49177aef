"""Backtests of forecasts on held-out scores: what a forecast must beat before a page may show it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from datareview.analysis.door import Columns, door
from datareview.analysis.inputs import Count, Key, Level, Number, Ordinal
from datareview.analysis.pooling import conformal_factor, project_pooled, usual_factor
from datareview.analysis.schema import INSUFFICIENT, OK, days_of
from datareview.analysis.trends import daily_points

METHODS = ("last", "student_mean", "group_mean", "own_trend", "pooled")
BASELINES = ("last", "student_mean", "group_mean")
MIN_OWN = 6  # scores needed to project a student's own line
MIN_TESTED = 50  # held-out scores needed to show anything
MAX_ORIGINS = 12
USUAL_WORTH = 3  # number of origins the default widening is worth beside those it was learned on


@dataclass(frozen=True, slots=True)
class Comparison:
    """How each method did on scores it had not seen.

    ``n`` scores were held out, each once. ``table`` has one row per method with ``n``, ``mae``, ``rmse``, ``bias``
    (forecast minus score) and, for "pooled", ``coverage`` of its interval (share, 0 to 1, on origins later than
    those its factor was learned on), all on the same scores. ``best`` has the smallest mean absolute error;
    ``is_shown`` if "pooled" beats "last" on at least 50 scores. ``factor`` widens the interval of "pooled" from now
    on.
    """

    status: str
    n: int
    table: pd.DataFrame
    best: str | None = None
    is_shown: bool = False
    factor: float | None = None


@door(
    scores=Columns(series=Key(), group=Key(is_optional=True), day=Ordinal(), value=Number()),
    targets=Columns(series=Key(), day=Ordinal()),
    level=Level(),
    factor=Number(low=0),
    scale=Number(infinite=True),
)
def forecast_scores(
    scores: pd.DataFrame,
    targets: pd.DataFrame,
    *,
    level: float = 0.80,
    factor: float | None = None,
    scale: tuple[float, float] | None = None,
) -> pd.DataFrame:
    """Forecast each target by every method, from ``scores`` alone.

    Parameters
    ----------
    scores : DataFrame
        ``series``, ``group`` (same measure and grade), ``day`` (dates or ordinals), ``value``: only what was
        known when the forecast is made. Optionally ``occasion``: the test or form, if the day does not identify it.
    targets : DataFrame
        ``series`` and ``day``; optionally ``occasion``.
    level, factor, scale
        For the pooled interval; see `pooling.project_pooled`.

    Returns
    -------
    DataFrame
        Index of ``targets``; one column per method (NaN where it has no forecast) and ``low``, ``high``, ``sd`` of
        "pooled".

    Notes
    -----
    last: the student's last score. student_mean: mean of the student's scores. group_mean: mean of the
    group's scores. own_trend: the student's least-squares line, from six scores. pooled: level and slope
    shrunk to the group's.
    """
    return _forecast(_points(scores), targets, level, factor, scale)


def _forecast(
    points: pd.DataFrame,
    targets: pd.DataFrame,
    level: float,
    factor: float | None,
    scale: tuple[float, float] | None,
) -> pd.DataFrame:
    """`forecast_scores` from points that are daily already."""
    of_series = points.groupby("series", sort=True)
    known, group_of = of_series["value"].agg(["last", "mean"]), of_series["group"].first()
    group_mean = points.groupby("group")["value"].mean()
    series = targets["series"]
    out = pd.DataFrame(index=targets.index)
    out["last"] = series.map(known["last"]).to_numpy(float)
    out["student_mean"] = series.map(known["mean"]).to_numpy(float)
    out["group_mean"] = series.map(group_of).map(group_mean).to_numpy(float)
    out["own_trend"] = _own_lines(points, targets, scale)
    pooled = project_pooled(points, targets, level=level, factor=factor, scale=scale)
    out["pooled"] = pooled["value"]
    return out.assign(low=pooled["low"], high=pooled["high"], sd=pooled["sd"])


@door(
    scores=Columns(series=Key(), group=Key(is_optional=True), day=Ordinal(), value=Number()),
    level=Level(),
    ahead=Count(),
    scale=Number(infinite=True),
)
def compare_forecasts(
    scores: pd.DataFrame,
    *,
    level: float = 0.80,
    ahead: int = 1,
    scale: tuple[float, float] | None = None,
) -> Comparison:
    """Backtest the methods: hold out each student's next score, again and again, and compare the forecasts of it.

    Parameters
    ----------
    scores : DataFrame
        ``series``, ``group``, ``day``, ``value``; optionally ``occasion``.
    level : float
        Level of the pooled interval whose coverage is counted.
    ahead : int
        Days; the score held out is the first one at least this many days after the forecast is made.
    scale : (float, float), optional
        Lowest and highest possible score.

    Returns
    -------
    Comparison
        "insufficient_data" if fewer than 50 scores could be held out.

    Notes
    -----
    Forecasts are made on up to twelve days, each from the scores up to that day alone (rolling origin); a score
    counts once, as forecast on the last of these days before it. All methods are judged on the same scores: those
    for which last score, means and "pooled" all have a forecast; "own_trend" on those of them with six scores. The
    interval's factor is learned on the earlier half of the days and its coverage counted on the later half. It is
    the conformal factor, shrunk toward the default one as if that had been learned on three days, because a few
    days say little about the next test.

    References
    ----------
    Tashman (2000), Int. J. Forecasting 16, 437 (rolling origin); Hyndman & Koehler (2006), Int. J.
    Forecasting 22, 679 (measures of error).
    """
    points = _points(scores)
    made = [_from_origin(points, day, ahead, level, scale) for day in _origins(points)]
    held = pd.concat(made, ignore_index=True) if made else pd.DataFrame()
    if len(held):
        held = held[held[[*BASELINES, "pooled"]].notna().all(axis=1)]
        held = held.drop_duplicates(["series", "day"], keep="last").reset_index(drop=True)
    n = len(held)
    if n < MIN_TESTED:
        return Comparison(INSUFFICIENT, n, pd.DataFrame(columns=["n", "mae", "rmse", "bias", "coverage"]))
    table = _errors(held)
    table.loc["pooled", "coverage"] = _coverage(held, level)
    best = str(table["mae"].drop("own_trend").idxmin())
    factor = _factor(held, level)
    is_shown = float(table["mae"]["pooled"]) < float(table["mae"]["last"])
    return Comparison(OK, n, table, best, is_shown, factor)


def _points(scores: pd.DataFrame) -> pd.DataFrame:
    """One value per series and day, in order, with the group of the series."""
    points = daily_points(scores)
    group = scores.drop_duplicates("series").set_index("series")["group"]
    points = points.assign(group=points["series"].map(group).to_numpy())
    if "occasion" not in scores:
        return points
    occasions = scores[["series", "occasion"]].assign(day=days_of(scores["day"]))
    return points.merge(occasions.drop_duplicates(["series", "day"]), how="left", on=["series", "day"])


def _origins(points: pd.DataFrame) -> np.ndarray:
    """Days on which forecasts are made: each has scores up to it and after it."""
    days = np.unique(points["day"].to_numpy())[:-1]
    if len(days) <= MAX_ORIGINS:
        return days
    return days[np.unique(np.linspace(len(days) // 4, len(days) - 1, MAX_ORIGINS).astype(int))]


def _from_origin(
    points: pd.DataFrame, day: int, ahead: int, level: float, scale: tuple[float, float] | None
) -> pd.DataFrame:
    known = points[points["day"] <= day]
    coming = points[(points["day"] >= day + ahead) & points["series"].isin(known["series"])]
    targets = coming.groupby("series", as_index=False).first()
    made = _forecast(known, targets, level, 1.0, scale)
    return made.assign(origin=day, series=targets["series"], day=targets["day"], value=targets["value"])


def _own_lines(points: pd.DataFrame, targets: pd.DataFrame, scale: tuple[float, float] | None) -> np.ndarray:
    keys, at = np.unique(points["series"].to_numpy(), return_inverse=True)
    n = np.bincount(at)
    t, y = points["day"].to_numpy(float), points["value"].to_numpy(float)
    tbar, ybar = np.bincount(at, t) / n, np.bincount(at, y) / n
    sxx = np.bincount(at, (t - tbar[at]) ** 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = np.bincount(at, (t - tbar[at]) * (y - ybar[at])) / sxx
    where = np.clip(np.searchsorted(keys, targets["series"].to_numpy()), 0, len(keys) - 1)
    line = ybar[where] + slope[where] * (targets["day"].to_numpy(float) - tbar[where])
    usable = (keys[where] == targets["series"].to_numpy()) & (n[where] >= MIN_OWN) & (sxx[where] > 0)
    low, high = scale or (-np.inf, np.inf)
    return np.where(usable, np.clip(line, low, high), np.nan)


def _errors(held: pd.DataFrame) -> pd.DataFrame:
    rows = {}
    for method in METHODS:
        error = (held[method] - held["value"]).dropna()
        figures = {"n": len(error), "mae": error.abs().mean(), "rmse": np.sqrt((error**2).mean())}
        rows[method] = {**figures, "bias": error.mean(), "coverage": np.nan}
    return pd.DataFrame.from_dict(rows, orient="index")


def _coverage(held: pd.DataFrame, level: float) -> float:
    """Share of later scores inside intervals widened by a factor learned on earlier ones."""
    days = np.unique(held["origin"])
    early = held["origin"] <= days[(len(days) - 1) // 2]
    if early.all():
        early = pd.Series(pd.factorize(held["series"])[0] % 2 == 0, index=held.index)
    later = held[~early]
    half = stats.norm.ppf(0.5 + level / 2) * later["sd"] * _factor(held[early], level)
    return float((np.abs(later["value"] - later["pooled"]) <= half).mean()) if len(later) else float("nan")


def _factor(held: pd.DataFrame, level: float) -> float:
    """Widening of the pooled interval: learned on held-out scores, shrunk toward the default."""
    usual = usual_factor(level)
    value, pooled, sd = (held[name].to_numpy(float) for name in ("value", "pooled", "sd"))
    found = conformal_factor(value, pooled, sd, level=level)
    if found is None:
        return usual
    origins = held["origin"].nunique()
    return (origins * found + USUAL_WORTH * usual) / (origins + USUAL_WORTH)
