"""Scores of the same students before and after: mean change, its interval, and who reached the target."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from datareview.analysis.door import Paired, door
from datareview.analysis.inputs import Level, Number, Truth
from datareview.analysis.schema import INSUFFICIENT, OK

SMALLEST = 5  # pairs needed to state a mean change


@dataclass(frozen=True, slots=True)
class PairedChange:
    """Mean change of ``n`` pairs with its interval, the median, and the number who reached the target.

    ``mean_before`` and ``mean_after`` are over the same ``n``. ``gone`` counts students with a score before and
    none after.
    """

    status: str
    n: int
    gone: int
    mean_before: float | None = None
    mean_after: float | None = None
    change: float | None = None
    low: float | None = None
    high: float | None = None
    median: float | None = None
    reached: int | None = None


@door(
    Paired("before", "after"),
    before=Number(),
    after=Number(),
    target=Number(),
    higher_is_better=Truth(),
    level=Level(),
)
def paired_change(
    before: np.ndarray,
    after: np.ndarray,
    *,
    target: float | None = None,
    higher_is_better: bool = True,
    level: float = 0.95,
) -> PairedChange:
    """Change of the same students between two days, with Student's t interval of the mean change.

    Parameters
    ----------
    before, after : array of float, shape (students,)
        Scores of each student on the two days; NaN if missing. Only complete pairs count.
    target : float, optional
        Score to reach; ``reached`` counts the students at or beyond it (at or under it where lower is better).
    higher_is_better : bool
        Direction of the measure.
    level : float
        Confidence level of the interval of the mean change.

    Returns
    -------
    PairedChange
        ``status`` is "insufficient_data" with fewer than 5 pairs: means are then missing, ``reached`` is not.

    Notes
    -----
    d = after - before; mean(d) ± t(n - 1) sd(d) / sqrt(n). Assumes independent pairs. It is not a test of cause:
    students chosen for low scores rise without any help (regression to the mean), and most students grow in a
    term. Where all changes are equal the interval is a point.

    References
    ----------
    Student (1908), "The probable error of a mean", Biometrika 6(1), 1-25.
    """
    before, after = np.asarray(before, float), np.asarray(after, float)
    known = np.isfinite(before) & np.isfinite(after)
    gone = int((np.isfinite(before) & ~np.isfinite(after)).sum())
    n, change = int(known.sum()), (after - before)[known]
    reached = None
    if target is not None:
        there = after[known] >= target if higher_is_better else after[known] <= target
        reached = int(there.sum())
    if n < SMALLEST:
        return PairedChange(INSUFFICIENT, n, gone, reached=reached)
    mean = float(change.mean())
    half = float(stats.t.ppf((1 + level) / 2, n - 1) * change.std(ddof=1) / np.sqrt(n))
    return PairedChange(
        status=OK,
        n=n,
        gone=gone,
        mean_before=float(before[known].mean()),
        mean_after=float(after[known].mean()),
        change=mean,
        low=mean - half,
        high=mean + half,
        median=float(np.median(change)),
        reached=reached,
    )


@door(Paired("before", "after"), before=Number(0, 1), after=Number(0, 1), level=Level())
def paired_share_change(before: np.ndarray, after: np.ndarray, *, level: float = 0.95) -> PairedChange:
    """Change of the share of the same students who are something, such as at the benchmark, between two days.

    Parameters
    ----------
    before, after : array of float, shape (students,)
        1 if a student is it, 0 if not, NaN if unknown. Only complete pairs count.
    level : float
        Confidence level of the interval.

    Returns
    -------
    PairedChange
        Shares from 0 to 1; "insufficient_data" with fewer than 5 pairs. ``low`` and ``high`` are never equal: of few
        students of whom none changed, some others would.

    Notes
    -----
    change = (gained - lost) / n; interval (p1 - p2) ± z sqrt((p1 + p2 - (p1 - p2)²) / (n + 2)) with p1 = (gained + 1) /
    (n + 2), p2 = (lost + 1) / (n + 2), within -1 and 1.

    References
    ----------
    Bonett & Price (2012), J. Educ. Behav. Stat. 37, 479 (adjusted Wald interval of paired proportions).
    """
    before, after = np.asarray(before, float), np.asarray(after, float)
    plain = paired_change(before, after, level=level)
    if plain.status != OK:
        return plain
    known = np.isfinite(before) & np.isfinite(after)
    change = (after - before)[known]
    gained, lost = (float(((change * way) > 0).sum() + 1) / (plain.n + 2) for way in (1, -1))
    z = float(stats.norm.ppf(0.5 + level / 2))
    half = z * np.sqrt((gained + lost - (gained - lost) ** 2) / (plain.n + 2))
    low, high = np.clip([gained - lost - half, gained - lost + half], -1.0, 1.0).tolist()
    return replace(plain, low=low, high=high)
