"""Growth of many series at once: least squares, Theil–Sen, Mann–Kendall, and a notice of unusual scores.

A series is one student's scores on one measure. Time is real days / 7, never the position in a list.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from datareview.analysis.schema import INSUFFICIENT, OK, ZERO_VARIANCE, days_of

MIN_SLOPE = 3  # scores on different days; fewer have no slope
MIN_KENDALL = 8  # below this, Mann–Kendall's normal approximation is not to be trusted
BLOCK_PAIRS = 90_000  # pairs of scores worked on at once: what fits a processor's cache


def fit_trends(scores: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    """Fit a line to every series.

    Parameters
    ----------
    scores : DataFrame
        Columns ``series`` (any sortable key), ``day`` (dates or ordinals) and ``value`` (the measure's
        unit). Missing and infinite values are left out; several values of one day become their median.
    level : float
        Of the two-sided interval of the slope, 0 to 1.

    Returns
    -------
    DataFrame
        One row a series, indexed by ``series`` in sorted order: ``status``, ``n`` (days with a value),
        ``first_day``, ``last_day`` (ordinals), ``last_value``, ``weeks`` (span), ``mean_week`` (of the days,
        weeks since ordinal 0), ``sxx`` (weeks²), ``mean``, ``slope`` (unit a week), ``slope_se``,
        ``slope_low``, ``slope_high``, ``see`` (residual standard deviation, n - 2), ``level`` (the line on
        the last day), ``robust_slope``, ``robust_low``, ``robust_high``, ``kendall_p`` (n >= 8),
        ``has_outlier``. Where ``status`` is not "ok" the slopes are missing, never 0.

    Notes
    -----
    Assumes scores of one scale and form, independent errors of equal spread. Do not project from n < 6.
    The interval needs n >= 3; with exactly collinear scores the standard error is 0 and so is its width.

    References
    ----------
    NIST StRD (linear least squares); Sen, P. K. (1968), JASA 63, 1379; Kendall, M. G. (1970), Rank
    Correlation Methods.
    """
    points = daily_points(scores)
    if points.empty:
        return pd.DataFrame(columns=_COLUMNS, index=pd.Index([], name="series"))
    series, day, value = (points[name].to_numpy() for name in ("series", "day", "value"))
    starts = np.flatnonzero(np.append(True, series[1:] != series[:-1]))
    counts = np.diff(np.append(starts, len(series)))
    keys, group = series[starts], np.repeat(np.arange(len(starts)), counts)
    # Days are counted from the series' own first day before they become floats: no digits are lost.
    week = (day - day[starts][group]) / 7.0
    out = pd.DataFrame(index=pd.Index(keys, name="series"))
    last = starts + counts - 1
    out["n"] = counts
    out["first_day"], out["last_day"], out["last_value"] = day[starts], day[last], value[last]
    out["weeks"] = week[last]
    _least_squares(out, week, value, group, starts, counts, level)
    _theil_sen(out, week, value, starts, counts, level)
    out["has_outlier"] = _has_outlier(out)
    out["mean_week"] = day[starts] / 7.0 + np.add.reduceat(week, starts) / counts
    return out[_COLUMNS]


_COLUMNS = [
    "status",
    "n",
    "first_day",
    "last_day",
    "last_value",
    "weeks",
    "mean_week",
    "sxx",
    "mean",
    "slope",
    "slope_se",
    "slope_low",
    "slope_high",
    "see",
    "level",
    "robust_slope",
    "robust_low",
    "robust_high",
    "kendall_p",
    "has_outlier",
]


def daily_points(scores: pd.DataFrame) -> pd.DataFrame:
    """Usable points, one a day and series, in order of both: ``series``, ``day`` (ordinal), ``value``.

    Missing and infinite values are left out; several of one day become their median.
    """
    value = pd.to_numeric(scores["value"]).to_numpy(np.float64)
    usable = np.isfinite(value)
    series, day = scores["series"].to_numpy(), days_of(scores["day"])
    if not usable.all():
        series, day, value = series[usable], day[usable], value[usable]
    code = _codes(series, day)
    if len(code) > 1 and not (code[1:] > code[:-1]).all():
        order = np.argsort(code)
        code, series, day, value = code[order], series[order], day[order], value[order]
        if (code[1:] == code[:-1]).any():
            value = pd.Series(value).groupby(code, sort=True).median().to_numpy()
            first = np.append(True, code[1:] != code[:-1])
            series, day = series[first], day[first]
    return pd.DataFrame({"series": series, "day": day, "value": value})


def _codes(series: np.ndarray, day: np.ndarray) -> np.ndarray:
    """One whole number a point that sorts by series and then by day."""
    if not len(series):
        return np.empty(0, np.int64)
    width = int(day.max() - day.min()) + 1
    if np.issubdtype(series.dtype, np.integer) and int(series.max() - series.min()) < 2**62 // width:
        place = series.astype(np.int64) - int(series.min())
    else:
        place = pd.factorize(series, sort=True)[0].astype(np.int64)
    return place * width + (day - day.min())


def _centred(week: np.ndarray, group: np.ndarray, starts: np.ndarray, counts: np.ndarray) -> np.ndarray:
    return week - (np.add.reduceat(week, starts) / counts)[group]


def _least_squares(
    out: pd.DataFrame,
    week: np.ndarray,
    value: np.ndarray,
    group: np.ndarray,
    starts: np.ndarray,
    counts: np.ndarray,
    level: float,
) -> None:
    mean = np.add.reduceat(value, starts) / counts
    t, y = _centred(week, group, starts, counts), value - mean[group]
    sxx = np.add.reduceat(t * t, starts)
    fits = (counts >= MIN_SLOPE) & (sxx > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = np.where(fits, np.add.reduceat(t * y, starts) / sxx, np.nan)
        rest = y - slope[group] * t
        see = np.sqrt(np.add.reduceat(rest * rest, starts) / (counts - 2))
        se = see / np.sqrt(sxx)
        quantiles = stats.t.ppf(0.5 + level / 2, np.arange(1, max(int(counts.max()) - 1, 2)))
        half = quantiles[np.maximum(counts - 2, 1) - 1] * se
    see, se, half = (np.where(fits, part, np.nan) for part in (see, se, half))
    last = starts + counts - 1
    flat = fits & (np.maximum.reduceat(value, starts) == np.minimum.reduceat(value, starts))
    out["status"] = np.where(flat, ZERO_VARIANCE, np.where(fits, OK, INSUFFICIENT))
    slope, see, se, half = (np.where(flat, np.nan, part) for part in (slope, see, se, half))
    out["sxx"], out["mean"], out["see"] = sxx, mean, see
    out["slope"], out["slope_se"] = slope, se
    out["slope_low"], out["slope_high"] = slope - half, slope + half
    out["level"] = np.where(np.isfinite(slope), mean + np.nan_to_num(slope) * t[last], np.nan)


def _theil_sen(
    out: pd.DataFrame,
    week: np.ndarray,
    value: np.ndarray,
    starts: np.ndarray,
    counts: np.ndarray,
    level: float,
) -> None:
    """Median of the slopes of all pairs, with Sen's interval, for all series of one length at once."""
    size = len(counts)
    robust, low, high, score = (np.full(size, np.nan) for _ in range(4))
    ok = (out["status"] == OK).to_numpy()
    z = stats.norm.ppf(0.5 + level / 2)
    for n in np.unique(counts[ok]).tolist():
        first, second = np.triu_indices(n, 1)
        of_length = np.flatnonzero(ok & (counts == n))
        size = max(1, BLOCK_PAIRS // len(first))
        for begin in range(0, len(of_length), size):
            block = of_length[begin : begin + size]
            rows = starts[block][:, None] + np.arange(n)
            t, y = week[rows], value[rows]
            rise = y[:, second] - y[:, first]
            slopes = np.sort(rise / (t[:, second] - t[:, first]), axis=1)
            pairs = len(first)
            robust[block] = (slopes[:, (pairs - 1) // 2] + slopes[:, pairs // 2]) / 2
            sigma = np.sqrt(_kendall_variance(y))
            # The order statistics M1 and M2 + 1, counted from 1: as many slopes lie under one as over the other.
            lower = np.clip(np.round((pairs - z * sigma) / 2).astype(int) - 1, 0, pairs - 1)
            upper = np.clip(np.round((pairs + z * sigma) / 2).astype(int), 0, pairs - 1)
            at = np.arange(len(block))
            low[block], high[block] = slopes[at, lower], slopes[at, upper]
            if n >= MIN_KENDALL:
                s = (rise > 0).sum(axis=1) - (rise < 0).sum(axis=1)
                score[block] = np.abs((s - np.sign(s)) / np.where(sigma > 0, sigma, np.inf))
    out["robust_slope"], out["robust_low"], out["robust_high"] = robust, low, high
    out["kendall_p"] = 2 * stats.norm.sf(score)


def _kendall_variance(values: np.ndarray) -> np.ndarray:
    """Variance of Kendall's S for each row, with its ties (Kendall 1970; Sen 1968, eq. 2.6)."""
    n = values.shape[1]
    ordered = np.sort(values, axis=1)
    ties = np.zeros(len(values))
    tied = np.flatnonzero((ordered[:, 1:] == ordered[:, :-1]).any(axis=1))
    # g(g-1)(2g+5) summed over ties of size g, by counting each value's ties: (g-1)(2g+5) a member.
    same = (ordered[tied, :, None] == ordered[tied, None, :]).sum(axis=2)
    ties[tied] = ((same - 1) * (2 * same + 5)).sum(axis=1)
    return (n * (n - 1) * (2 * n + 5) - ties) / 18.0


def _has_outlier(out: pd.DataFrame) -> np.ndarray:
    """Whether least squares and Theil–Sen disagree so much that single scores must be behind it."""
    slope, robust, se = (out[name].to_numpy() for name in ("slope", "robust_slope", "slope_se"))
    with np.errstate(invalid="ignore"):
        apart = (np.sign(slope) != np.sign(robust)) & (np.abs(slope - robust) > 1e-9)
        return np.isfinite(slope) & (apart | (np.abs(slope - robust) > se))


def baseline(days: np.ndarray, values: np.ndarray) -> tuple[float, int] | None:
    """Median of the first three probes within 14 days, and how many it came from; None without any.

    Several probes of one day count as their median (methods: three probes, same week or at most 14 days).
    """
    value = np.asarray(values, float)
    daily = pd.Series(np.where(np.isfinite(value), value, np.nan)).groupby(np.asarray(days)).median().dropna()
    if daily.empty:
        return None
    first = daily.iloc[:3]
    first = first[first.index <= first.index[0] + 14]
    return float(first.median()), len(first)
