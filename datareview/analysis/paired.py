"""Scores of the same students before and after: mean change, its interval, and who reached the target."""

from __future__ import annotations

from dataclasses import dataclass

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
