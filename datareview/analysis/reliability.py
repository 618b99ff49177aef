"""Reliability of a test's total: alpha with its interval, the standard error, and whose level could flip."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from datareview.analysis.door import Columns, door
from datareview.analysis.inputs import Count, Level, Number
from datareview.analysis.items import MIN_DIFFICULTY, MIN_STABLE, answered
from datareview.analysis.measurement import is_near_cut
from datareview.analysis.schema import INSUFFICIENT, OK, ZERO_VARIANCE


@dataclass(frozen=True, slots=True)
class Reliability:
    """Cronbach's alpha with Feldt's interval, and the standard error of a total in points; None unless "ok"."""

    status: str
    n: int
    items: int
    alpha: float | None = None
    low: float | None = None
    high: float | None = None
    sem: float | None = None
    is_stable: bool = False


@door(points=Columns(rest=Number()), level=Level())
def reliability(points: pd.DataFrame, *, level: float = 0.95) -> Reliability:
    """Cronbach's alpha of a test (KR-20 for items scored 0 or 1).

    Parameters
    ----------
    points : DataFrame
        One row per student who took the test, one column per item: points earned; blanks count as 0.
    level : float
        Confidence level of the interval, 0 to 1.

    Returns
    -------
    Reliability
        "insufficient_data" with fewer than 10 students or 2 items, "undefined_zero_variance" if all totals are
        equal; not stable with fewer than 30 students. ``sem`` is in points of the total.

    Notes
    -----
    alpha = k/(k-1) (1 - sum of item variances / variance of the total), n - 1 in both; for items scored 0 or 1
    this is KR-20. Interval 1 - (1 - alpha) F, F the quantiles with n - 1 and (n - 1)(k - 1) degrees of
    freedom. SEM = SD sqrt(1 - alpha). Alpha can be negative. A short test (5 to 10 items) rarely exceeds .70:
    show the error of a total instead of calling the test bad. Assumes one trait and equal loadings; otherwise alpha
    is too low.

    References
    ----------
    Cronbach (1951), Psychometrika 16, 297; Kuder & Richardson (1937), Psychometrika 2, 151; Feldt (1965),
    Psychometrika 30, 357; Feldt, Woodruff & Salih (1987), Appl. Psych. Meas. 11, 93, eq. 6 and 7.
    """
    x, _known = answered(points)
    n, k = x.shape
    if n < MIN_DIFFICULTY or k < 2:
        return Reliability(INSUFFICIENT, n, k)
    total = x.sum(axis=1)
    if np.ptp(total) == 0:
        return Reliability(ZERO_VARIANCE, n, k)
    variance = total.var(ddof=1)
    alpha = float(k / (k - 1) * (1 - x.var(axis=0, ddof=1).sum() / variance))
    low, high = feldt_interval(alpha, n, k, level=level)
    sem = float(np.sqrt(variance * (1 - alpha)))
    return Reliability(OK, n, k, alpha, low, high, sem, n >= MIN_STABLE)


@door(alpha=Number(high=1, needed=True), n=Count(2), items=Count(2), level=Level())
def feldt_interval(alpha: float, n: int, items: int, *, level: float = 0.95) -> tuple[float, float]:
    """Feldt's confidence interval of alpha.

    Parameters
    ----------
    alpha : float
        At most 1.
    n, items : int
        Number of students and items, 2 or more of each.
    level : float
        Confidence level, 0 to 1.

    Returns
    -------
    tuple of float
        Lower and upper limit; the lower one can be under 0.

    Notes
    -----
    1 - (1 - alpha) F, F the upper and the lower quantile with n - 1 and (n - 1)(items - 1) degrees of freedom.
    Exact for parallel normal items; good for items scored 0 or 1.

    References
    ----------
    Feldt, Woodruff & Salih (1987), Appl. Psych. Meas. 11, 93, eq. 6 and 7.
    """
    tail, df = (1 - level) / 2, (n - 1, (n - 1) * (items - 1))
    low, high = 1 - (1 - alpha) * stats.f.ppf([1 - tail, tail], *df)
    return float(low), float(high)


@door(points=Columns(rest=Number()))
def alpha_if_deleted(points: pd.DataFrame) -> pd.Series:
    """Alpha of the test without each item in turn.

    Parameters
    ----------
    points : DataFrame
        One row per student who took the test, one column per item: points earned; blanks count as 0.

    Returns
    -------
    Series
        By item; missing with fewer than 10 students or 3 items, and where the total of the others does not vary.

    Notes
    -----
    The formula of `reliability` over the k - 1 other items. A value above the whole test's alpha marks an item
    that does not fit with the rest. Differences of a few hundredths are noise: compare them with the interval
    of `reliability`.

    References
    ----------
    Cronbach (1951), Psychometrika 16, 297.
    """
    x, _known = answered(points)
    n, k = x.shape
    index = pd.Index(points.columns, name="item")
    if n < MIN_DIFFICULTY or k < 3:
        return pd.Series(np.nan, index, name="alpha_if_deleted")
    rest = (x.sum(axis=1)[:, None] - x).var(axis=0, ddof=1)
    own = x.var(axis=0, ddof=1)
    share = (own.sum() - own) / np.where(rest > 0, rest, np.nan)
    return pd.Series((k - 1) / (k - 2) * (1 - share), index, name="alpha_if_deleted")


@dataclass(frozen=True, slots=True)
class Flips:
    """Number of students so near a cut that error could change their level; None unless "ok"."""

    status: str
    n: int
    near: int | None = None
    sem: float | None = None


@door(points=Columns(rest=Number()), cuts=Number())
def could_flip(points: pd.DataFrame, cuts: np.ndarray | list[float]) -> Flips:
    """Count the students whose total is within one standard error of a cut, both ends included.

    Parameters
    ----------
    points : DataFrame
        One row per student who took the test, one column per item: points earned; blanks count as 0.
    cuts : array
        Cut scores of the levels, in points of the total.

    Returns
    -------
    Flips
        With the status of `reliability`. If alpha is negative, the whole spread of the totals counts as error.

    References
    ----------
    Lord & Novick (1968), Statistical Theories of Mental Test Scores, ch. 3.
    """
    whole = reliability(points)
    if whole.sem is None:
        return Flips(whole.status, whole.n)
    total = answered(points)[0].sum(axis=1)
    sem = min(whole.sem, float(total.std(ddof=1)))
    near = is_near_cut(total[:, None], np.asarray(cuts, np.float64)[None, :], sem).any(axis=1)
    return Flips(OK, whole.n, int(near.sum()), sem)
