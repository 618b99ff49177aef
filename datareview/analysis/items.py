"""Item analysis of a common assessment: difficulty, discrimination, reliability. Never a verdict on a child."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from datareview.analysis.schema import INSUFFICIENT, OK, ZERO_VARIANCE

MIN_DIFFICULTY = 10  # students, to show how hard an item is
MIN_STABLE = 30  # students, from which discrimination is not marked unstable
MIN_ITEMS_OF_STANDARD = 3


def item_statistics(points: pd.DataFrame, possible: pd.Series) -> pd.DataFrame:
    """Difficulty and discrimination of every item.

    Parameters
    ----------
    points : DataFrame
        A row a student who sat the test, a column an item: points got. A blank is wrong and 0 here, but is
        counted. Leave absent students out.
    possible : Series
        Points possible by item, above 0; indexed like the columns.

    Returns
    -------
    DataFrame
        A row an item: ``status``, ``n``, ``blank`` (count), ``p`` (mean share of the points, 0 to 1),
        ``rest_r`` (correlation with the total of the other items), ``discrimination`` (p of the upper 27 %
        less the lower 27 %, ties at the edge by their share), ``is_stable`` (30 students or more).
        Under 10 students nothing but counts; ``rest_r`` is missing where it is not defined.

    Notes
    -----
    The uncorrected correlation is not offered: with five items the item itself makes most of it.

    References
    ----------
    Henrysson (1963), Psychometrika 28, 211 (rest score); Kelley (1939), J. Educ. Psych. 30, 17 (27 %).
    """
    raw = points.to_numpy(np.float64)
    known = np.isfinite(raw)
    x = np.where(known, raw, 0.0)
    n, k = x.shape
    total = x.sum(axis=1)
    full = possible.reindex(points.columns).to_numpy(np.float64)
    out = pd.DataFrame(index=pd.Index(points.columns, name="item"))
    enough = n >= MIN_DIFFICULTY
    out["status"] = OK if enough else INSUFFICIENT
    out["n"], out["blank"] = n, (~known).sum(axis=0)
    nothing = np.full(k, np.nan)
    out["p"] = x.mean(axis=0) / full if enough else nothing
    out["rest_r"] = _correlations(x, total[:, None] - x) if enough else nothing
    out["discrimination"] = _upper_less_lower(x, total) / full if enough else nothing
    out["is_stable"] = n >= MIN_STABLE
    out.loc[enough & (np.ptp(x, axis=0) == 0 if n else np.zeros(k, bool)), "status"] = ZERO_VARIANCE
    return out


def _correlations(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Pearson's r column by column; missing where either column does not vary."""
    varies = (np.ptp(x, axis=0) > 0) & (np.ptp(y, axis=0) > 0)
    a, b = x - x.mean(axis=0), y - y.mean(axis=0)
    scale = np.sqrt((a * a).sum(axis=0) * (b * b).sum(axis=0))
    r = (a * b).sum(axis=0) / np.where(varies, scale, 1.0)
    return np.where(varies, np.clip(r, -1.0, 1.0), np.nan)


def _upper_less_lower(x: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Mean of the upper 27 % less that of the lower; students tied at an edge count by their share."""
    size = max(round(0.27 * len(total)), 1)
    return _mean_of_top(x, total, size) - _mean_of_top(x, -total, size)


def _mean_of_top(x: np.ndarray, by: np.ndarray, size: int) -> np.ndarray:
    edge = np.sort(by)[-size]
    weight = (by > edge) + (by == edge) * (size - (by > edge).sum()) / (by == edge).sum()
    return np.asarray(weight @ x / size)


@dataclass(frozen=True, slots=True)
class Reliability:
    """Cronbach's alpha with Feldt's interval and the error of a total, in points; None where not "ok"."""

    status: str
    n: int
    items: int
    alpha: float | None = None
    low: float | None = None
    high: float | None = None
    sem: float | None = None
    is_stable: bool = False


def reliability(points: pd.DataFrame, *, level: float = 0.95) -> Reliability:
    """Cronbach's alpha (KR-20 for items of 0 and 1) of a test; blanks count as 0.

    Needs 10 students and 2 items; under 30 students it is not stable. A short test (5 to 10 items) rarely
    passes .70: show the standard error of a total, not "bad test". Alpha can be negative.

    References
    ----------
    Cronbach (1951), Psychometrika 16, 297; Feldt (1965), Psychometrika 30, 357.
    """
    x = np.nan_to_num(points.to_numpy(np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    n, k = x.shape
    if n < MIN_DIFFICULTY or k < 2:
        return Reliability(INSUFFICIENT, n, k)
    total = x.sum(axis=1)
    if np.ptp(total) == 0:
        return Reliability(ZERO_VARIANCE, n, k)
    variance = total.var(ddof=1)
    alpha = float(k / (k - 1) * (1 - x.var(axis=0, ddof=1).sum() / variance))
    tail, df = (1 - level) / 2, (n - 1, (n - 1) * (k - 1))
    low = 1 - (1 - alpha) * float(stats.f.ppf(1 - tail, *df))
    high = 1 - (1 - alpha) * float(stats.f.ppf(tail, *df))
    sem = float(np.sqrt(variance * (1 - alpha)))
    return Reliability(OK, n, k, alpha, low, high, sem, n >= MIN_STABLE)


def standard_shares(points: pd.DataFrame, possible: pd.Series, standard: pd.Series) -> pd.DataFrame:
    """Points got and points possible of each student on each standard, as "x of m" and not as a percent.

    ``standard`` names each item's standard, indexed like the columns of ``points``. Returns a row a student
    and standard: ``status`` ("insufficient_data" under three items), ``items``, ``got``, ``possible``.
    """
    names = standard.reindex(points.columns)
    got = points.fillna(0.0).T.groupby(names.to_numpy()).sum().T
    sums = possible.reindex(points.columns).groupby(names.to_numpy()).sum()
    items = names.groupby(names.to_numpy()).size()
    rows = got.reset_index(names="student").melt("student", var_name="standard", value_name="got")
    rows["possible"], rows["items"] = rows["standard"].map(sums), rows["standard"].map(items)
    rows["status"] = np.where(rows["items"] >= MIN_ITEMS_OF_STANDARD, OK, INSUFFICIENT)
    return rows[["student", "standard", "status", "items", "got", "possible"]]
