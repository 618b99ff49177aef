"""Growth of many series at once: least squares, Theil–Sen, Mann–Kendall, and detection of outliers.

A series is one student's scores on one measure. Time is calendar days / 7, never the position in a list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import special

from datareview.analysis.door import Columns, Paired, door
from datareview.analysis.inputs import Key, Level, Number, Ordinal
from datareview.analysis.schema import INSUFFICIENT, OK, ZERO_VARIANCE, days_of, statuses

if TYPE_CHECKING:
    from collections.abc import Iterator

MIN_SLOPE = 3  # scores on different days; fewer have no slope
MIN_KENDALL = 8  # below this, Mann–Kendall's normal approximation is unreliable
ROUNDING = 1e-9  # slopes that differ by less are equal
BLOCK_PAIRS = 90_000  # pairs of scores processed at once, so that they fit into a processor's cache


@door(scores=Columns(series=Key(), day=Ordinal(), value=Number()), level=Level())
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
        One row per series, indexed by ``series`` in sorted order: ``status``, ``n`` (days with a value),
        ``first_day``, ``last_day`` (ordinals), ``last_value``, ``weeks`` (span), ``mean_week`` (mean of the days,
        in weeks since ordinal 0), ``sxx`` (weeks²), ``mean``, ``slope`` (units per week), ``slope_se``,
        ``slope_low``, ``slope_high``, ``see`` (residual standard deviation, n - 2), ``level`` (the line on
        the last day), ``robust_slope``, ``robust_low``, ``robust_high``, ``kendall_p`` (n >= 8),
        ``has_outlier``. Unless ``status`` is "ok" the slopes are missing, never 0. A series without values has
        ``n`` 0, and no days.

    Notes
    -----
    Assumes scores of one scale and form, and independent errors of equal spread. Do not project from n < 6.
    The interval needs n >= 3; with exactly collinear scores its width is 0, like the standard error.

    References
    ----------
    NIST StRD (linear least squares); Sen, P. K. (1968), JASA 63, 1379; Kendall, M. G. (1970), Rank
    Correlation Methods.
    """
    series, day, value = _points(scores)
    if not len(series):
        return _with_empty(pd.DataFrame(columns=_COLUMNS, index=pd.Index([], name="series")), scores)
    starts = np.flatnonzero(np.append(True, series[1:] != series[:-1]))
    counts = np.diff(np.append(starts, len(series)))
    last = starts + counts - 1
    out: dict[str, np.ndarray] = {name: np.full(len(starts), np.nan) for name in _COLUMNS}
    out |= {"n": counts, "first_day": day[starts], "last_day": day[last], "last_value": value[last]}
    out["weeks"] = (day[last] - day[starts]) / 7.0
    for n, block in _blocks(counts):
        rows = starts[block]
        days = _windows(day, rows, n)
        # Days are counted from the series' own first day before they become floats, so no digits are lost.
        for name, part in _fit_block((days - days[0]) / 7.0, _windows(value, rows, n), level).items():
            out[name][block] = part
    out["mean_week"] += day[starts] / 7.0
    out["has_outlier"] = _has_outlier(out)
    flat = (counts >= MIN_SLOPE) & np.isnan(out["slope"])
    out["status"] = statuses(np.where(flat, 2, counts < MIN_SLOPE), OK, INSUFFICIENT, ZERO_VARIANCE)
    fits = pd.DataFrame(out, index=pd.Index(series[starts], name="series"), columns=_COLUMNS)
    return _with_empty(fits, scores)


def _with_empty(fits: pd.DataFrame, scores: pd.DataFrame) -> pd.DataFrame:
    """The fits with a row for each series without a usable value."""
    keys = pd.Index(scores["series"].to_numpy()[~np.isfinite(scores["value"].to_numpy(np.float64))]).unique()
    empty = keys.difference(fits.index)
    if empty.empty:
        return fits
    fits = fits.reindex(fits.index.append(empty).sort_values().rename("series"))
    lost = fits.index.isin(empty)
    fits.loc[lost, "status"], fits.loc[lost, "n"], fits.loc[lost, "has_outlier"] = INSUFFICIENT, 0, False
    return fits.astype({"n": np.int64, "has_outlier": bool})


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
    """Usable points, one per series and day, sorted by both: ``series``, ``day`` (ordinal), ``value``.

    Missing and infinite values are left out; several of one day become their median.
    """
    return pd.DataFrame(dict(zip(("series", "day", "value"), _points(scores), strict=True)))


def _points(scores: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    value = pd.to_numeric(scores["value"]).to_numpy(np.float64)
    usable = np.isfinite(value)
    series, day = scores["series"].to_numpy(), days_of(scores["day"])
    if not usable.all():
        series, day, value = series[usable], day[usable], value[usable]
    code = _codes(series, day)
    if len(code) > 1 and not (code[1:] > code[:-1]).all():
        order = _order(code)
        code, series, day, value = code[order], series[order], day[order], value[order]
        if (code[1:] == code[:-1]).any():
            value = pd.Series(value).groupby(code, sort=True).median().to_numpy()
            first = np.append(True, code[1:] != code[:-1])
            series, day = series[first], day[first]
    return series, day, value


def _codes(series: np.ndarray, day: np.ndarray) -> np.ndarray:
    """One integer per point that sorts by series and then by day."""
    if not len(series):
        return np.empty(0, np.int64)
    width = int(day.max() - day.min()) + 1
    if np.issubdtype(series.dtype, np.integer) and int(series.max() - series.min()) < 2**62 // width:
        place = series.astype(np.int64) - int(series.min())
    else:
        place = pd.factorize(series, sort=True)[0].astype(np.int64)
    return place * width + (day - day.min())


def _order(code: np.ndarray) -> np.ndarray:
    """Positions in ascending order of ``code``; sorts code and position packed into one integer if they fit."""
    bits = len(code).bit_length()
    if int(code.max()).bit_length() + bits > 62:
        return np.argsort(code, kind="stable")
    return np.sort(code << bits | np.arange(len(code))) & ((1 << bits) - 1)


def _blocks(counts: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """Positions of series of equal length, as many at once as fit into a processor's cache."""
    order = np.argsort(counts.astype(np.min_scalar_type(counts.max())), kind="stable")
    lengths, begins = np.unique(counts[order], return_index=True)
    for n, of_length in zip(lengths.tolist(), np.split(order, begins[1:]), strict=True):
        size = max(1, BLOCK_PAIRS // max(n * (n - 1) // 2, 1))
        for begin in range(0, len(of_length), size):
            yield n, of_length[begin : begin + size]


def _windows(values: np.ndarray, starts: np.ndarray, n: int) -> np.ndarray:
    """Each series of ``n`` as a column, so that the first scores of all series lie together in a row."""
    return np.ascontiguousarray(np.lib.stride_tricks.sliding_window_view(values, n)[starts].T)


def _sums(parts: np.ndarray) -> np.ndarray:
    """Sum of each column, always added in the same order, so that no figure depends on the other series."""
    return parts.sum(axis=0) if parts.shape[1] > 1 else np.cumsum(parts, axis=0)[-1]


def _fit_block(t: np.ndarray, y: np.ndarray, level: float) -> dict[str, np.ndarray]:
    """All figures of series of equal length; ``t`` (weeks) and ``y`` have one column per series."""
    n = len(t)
    middle = _sums(t) / n
    shifted = y - y[0]
    mean = _sums(shifted) / n
    t_rest, y_rest = t - middle, shifted - mean
    sxx = _sums(t_rest * t_rest)
    out = {"mean_week": middle, "mean": y[0] + mean, "sxx": sxx}
    if n < MIN_SLOPE:
        return out
    slope = _sums(t_rest * y_rest) / sxx
    rest = y_rest - slope * t_rest
    see = np.sqrt(_sums(rest * rest) / (n - 2))
    se = see / np.sqrt(sxx)
    half = special.stdtrit(n - 2, 0.5 + level / 2) * se
    lines = {
        "slope": slope,
        "slope_se": se,
        "slope_low": slope - half,
        "slope_high": slope + half,
        "see": see,
    }
    lines["level"] = out["mean"] + slope * t_rest[-1]
    lines |= _theil_sen(t, y, level)
    is_flat = (shifted == 0).all(axis=0)
    return out | {name: np.where(is_flat, np.nan, part) for name, part in lines.items()}


def _theil_sen(t: np.ndarray, y: np.ndarray, level: float) -> dict[str, np.ndarray]:
    """Median slope over all pairs of scores, with Sen's interval, and Mann–Kendall's test."""
    n, size = t.shape
    rise, slopes = _of_pairs(y), _of_pairs(t)
    np.divide(rise, slopes, out=slopes)
    slopes = np.sort(slopes.T, axis=1)
    pairs = len(rise)
    balance, variance = _kendall(rise, n)
    sigma = np.sqrt(variance)
    reach = special.ndtri(0.5 + level / 2) * sigma
    # The order statistics M1 and M2 + 1, counted from 1: as many slopes are below the one as above the other.
    lower = np.clip(np.round((pairs - reach) / 2).astype(int) - 1, 0, pairs - 1)
    upper = np.clip(np.round((pairs + reach) / 2).astype(int), 0, pairs - 1)
    at = np.arange(size)
    out = {"robust_slope": (slopes[:, (pairs - 1) // 2] + slopes[:, pairs // 2]) / 2}
    out |= {"robust_low": slopes[at, lower], "robust_high": slopes[at, upper]}
    if n >= MIN_KENDALL:
        score = (balance - np.sign(balance)) / np.where(sigma > 0, sigma, np.inf)
        out["kendall_p"] = 2 * special.ndtr(-np.abs(score))
    return out


def _of_pairs(values: np.ndarray) -> np.ndarray:
    """Later minus earlier for all pairs of rows: adjacent ones first, then those two apart, and so on."""
    n, size = values.shape
    out, begin = np.empty((n * (n - 1) // 2, size)), 0
    for apart in range(1, n):
        end = begin + n - apart
        np.subtract(values[apart:], values[:-apart], out=out[begin:end])
        begin = end
    return out


def _kendall(rise: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Kendall's S of each column of pairs, and its variance with ties (Kendall 1970; Sen 1968, eq. 2.6)."""
    counter = np.uint8 if n < 2**8 else np.uint32
    equal, above = np.zeros((2, n, rise.shape[1]), counter)
    is_equal, is_above, begin = (rise == 0).view(np.uint8), (rise > 0).view(np.uint8), 0
    for apart in range(1, n):
        end = begin + n - apart
        equal[apart:] += is_equal[begin:end]
        above[apart:] += is_above[begin:end]
        begin = end
    # Of g equal scores each has 0, 1, … g - 1 equal ones before it: these sum to g(g-1)/2, and e(e-1) to
    # g(g-1)(g-2)/3. Kendall's g(g-1)(2g+5) is 18 times the one and 6 times the other.
    before = equal.astype(np.int64)
    tied, tripled = before.sum(axis=0), (before * (before - 1)).sum(axis=0)
    balance = 2 * above.sum(axis=0, dtype=np.int64) + tied - len(rise)
    return balance, (n * (n - 1) * (2 * n + 5) - 18 * tied - 6 * tripled) / 18.0


def _has_outlier(out: dict[str, np.ndarray]) -> np.ndarray:
    """Whether least squares and Theil–Sen disagree so much that outliers must be the cause."""
    slope, robust, se = (out[name] for name in ("slope", "robust_slope", "slope_se"))
    with np.errstate(invalid="ignore"):
        gap = np.abs(slope - robust)
        signs = [np.sign(np.where(np.abs(each) < ROUNDING, 0.0, each)) for each in (slope, robust)]
        return (gap > ROUNDING) & ((signs[0] != signs[1]) | (gap > se * (1 + ROUNDING)))


@door(Paired("days", "values"), days=Ordinal(), values=Number())
def baseline(days: np.ndarray, values: np.ndarray) -> tuple[float, int] | None:
    """Median of the first three probes within 14 days, and the number of probes used; None without any.

    Several probes of one day count as their median (methods: three probes, same week or at most 14 days).
    """
    value = np.asarray(values, float)
    daily = pd.Series(np.where(np.isfinite(value), value, np.nan)).groupby(np.asarray(days)).median().dropna()
    if daily.empty:
        return None
    first = daily.iloc[:3]
    first = first[first.index <= first.index[0] + 14]
    return float(first.median()), len(first)
