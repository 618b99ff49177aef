"""Growth compared with others who started alike: conditional growth and growth percentiles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from datareview.analysis.door import Paired, door
from datareview.analysis.inputs import AS_IS, Count, Level, Number
from datareview.analysis.schema import INSUFFICIENT, OK, SUPPRESSED, ZERO_VARIANCE

MIN_REGRESSION = 100  # students with both scores needed for a local regression
MIN_PERCENTILE = 500  # students of a grade and subject needed for growth percentiles
NEIGHBORS = 200
WIDE = 1000  # students in a window from which it is sorted once for everyone who shares it
MIN_SUMMARY = 20  # students of a class needed for a median
RESAMPLES = 2000


@door(Paired("growth", "projected", "sd"), growth=Number(), projected=Number(), sd=Number())
def growth_index(growth: np.ndarray, projected: np.ndarray, sd: np.ndarray) -> pd.DataFrame:
    """Conditional growth index and percentile from a norm: how unusual a gain is for its starting score.

    Parameters
    ----------
    growth : array
        Observed gain, in the measure's unit.
    projected, sd : array
        Mean and standard deviation of the gain in the norm, for the same grade, subject, starting score and weeks
        of instruction; ``sd`` above 0.

    Returns
    -------
    DataFrame
        ``status``, ``index`` (standard deviations), ``percentile`` (0 to 100).

    Notes
    -----
    CGI = (growth - projected) / sd; CGP = 100 Phi(CGI). Relative to others: 50 is typical, not adequate.
    Assumes normally distributed gains in the norm.

    References
    ----------
    Thum & Kuhfeld (2020), NWEA MAP Growth achievement status and growth norms, ch. 2.
    """
    gain, mean, spread = (np.asarray(part, np.float64) for part in (growth, projected, sd))
    known = np.isfinite(gain) & np.isfinite(mean) & np.isfinite(spread) & (spread > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        index = np.where(known, (gain - mean) / spread, np.nan)
    return _frame(index, known)


@door(Paired("prior", "current", "weeks"), prior=Number(), current=Number(), weeks=Number())
def local_growth(prior: np.ndarray, current: np.ndarray, weeks: np.ndarray | None = None) -> pd.DataFrame:
    """Conditional growth compared with our own students: the residual of current on prior score.

    Parameters
    ----------
    prior, current : array
        Scores of one grade and subject on the same scales, both in the same order of students; missing ones are
        left out.
    weeks : array, optional
        Weeks between the two, if they differ among students.

    Returns
    -------
    DataFrame
        ``status``, ``index``, ``percentile``, ``expected`` (score). "insufficient_data" with fewer than 100
        students with both scores, "undefined_zero_variance" if prior scores or residuals do not vary.

    Notes
    -----
    CGI = residual / SD of the residuals, n - p degrees of freedom; CGP = 100 Phi(CGI). Label it "compared with our
    students". The expectation already includes regression to the mean. Assumes a straight line with residuals of
    equal spread; check the ends of the scale before trusting it there.

    References
    ----------
    Castellano & Ho (2013), A Practitioner's Guide to Growth Models, ch. 5 (residual gain).
    """
    x, y = (np.asarray(part, np.float64) for part in (prior, current))
    columns = [np.ones_like(x), x] if weeks is None else [np.ones_like(x), x, np.asarray(weeks, np.float64)]
    design = np.column_stack(columns)
    known = np.isfinite(design).all(axis=1) & np.isfinite(y)
    nothing = np.full(len(x), np.nan)
    if known.sum() < MIN_REGRESSION:
        return _frame(nothing, known & False).assign(expected=nothing)
    if np.ptp(x[known]) == 0:
        return _frame(nothing, known & False, ZERO_VARIANCE).assign(expected=nothing)
    weights, _rest, rank, _singular = np.linalg.lstsq(design[known], y[known], rcond=None)
    expected = np.where(known, design @ np.nan_to_num(weights), np.nan)
    residual = y - expected
    sd = np.sqrt((residual[known] ** 2).sum() / (known.sum() - rank))
    if sd <= 1e-9 * max(np.ptp(y[known]), 1e-300):
        return _frame(nothing, known & False, ZERO_VARIANCE).assign(expected=expected)
    return _frame(np.where(known, residual / sd, np.nan), known).assign(expected=expected)


def _frame(index: np.ndarray, known: np.ndarray, otherwise: str = INSUFFICIENT) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "status": np.where(known, OK, otherwise),
            "index": index,
            "percentile": 100.0 * stats.norm.cdf(index),
        }
    )


@door(Paired("prior", "current"), prior=Number(), current=Number(), neighbors=Count(1))
def growth_percentiles(prior: np.ndarray, current: np.ndarray, *, neighbors: int = NEIGHBORS) -> pd.DataFrame:
    """Simple growth percentile: rank of the current score among students with similar prior scores.

    Parameters
    ----------
    prior, current : array
        Scores of one grade and subject; missing ones are left out.
    neighbors : int
        Size of each student's comparison group: those nearest in prior score, the student included.

    Returns
    -------
    DataFrame
        ``status``, ``percentile`` (1 to 99), ``peers`` (size of the comparison group). "insufficient_data" with
        fewer than 500 students with both scores: use `local_growth` there.

    Notes
    -----
    100 (rank - 0.5) / m with mid-ranks, rounded into 1 to 99. The window is the ``neighbors`` ranks around the
    student's place in order of prior score; all students tied with its ends are included, so that equal prior
    scores have the same peers. On 6,659 students of a state it agrees with quantile regression on B-splines to
    r .99. A growth percentile is relative: 50 does not mean adequate growth.

    References
    ----------
    Betebenner (2009), Educ. Meas. Issues Pract. 28(4), 42 (growth percentiles by quantile regression).
    """
    x, y = (np.asarray(part, np.float64) for part in (prior, current))
    known = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    out = pd.DataFrame({"status": INSUFFICIENT, "percentile": np.nan, "peers": 0}, index=range(len(x)))
    n = len(known)
    if n < MIN_PERCENTILE:
        return out
    order = known[np.argsort(x[known], kind="stable")]
    xs, ys = x[order], y[order]
    place = np.arange(n)
    start = np.clip(place - neighbors // 2, 0, max(n - neighbors, 0))
    end = np.minimum(start + neighbors, n)
    # All students with one prior score share their peers: the widest window of the tie, including tied ends.
    first = np.searchsorted(xs, xs[start[np.searchsorted(xs, xs)]], side="left")
    last = np.searchsorted(xs, xs[end[np.searchsorted(xs, xs, side="right") - 1] - 1], side="right")
    below, equal = _ranks(ys, first, last)
    peers = last - first
    percentile = 100.0 * (below + 0.5 * equal) / peers
    out.loc[order, "status"] = OK
    out.loc[order, "percentile"] = np.clip(np.round(percentile), 1, 99)
    out.loc[order, "peers"] = peers
    return out


def _ranks(values: np.ndarray, first: np.ndarray, last: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Number of ``values[first:last]`` below each value, and number equal to it (itself included)."""
    below, equal = np.empty(len(values)), np.empty(len(values))
    # If many share a prior score the windows are wide but few: each is sorted once.
    wide = np.flatnonzero(last - first > WIDE)
    for begin in np.unique(first[wide]):
        for end in np.unique(last[wide][first[wide] == begin]):
            rows = wide[(first[wide] == begin) & (last[wide] == end)]
            window = np.sort(values[begin:end])
            below[rows] = np.searchsorted(window, values[rows], side="left")
            equal[rows] = np.searchsorted(window, values[rows], side="right") - below[rows]
    narrow = np.flatnonzero(last - first <= WIDE)
    for part in np.array_split(narrow, max(1, len(narrow) * WIDE // 4_000_000)):
        at = first[part, None] + np.arange(int((last - first)[part].max(initial=1)))
        inside = at < last[part, None]
        window, mine = values[np.minimum(at, len(values) - 1)], values[part, None]
        below[part] = (inside & (window < mine)).sum(axis=1)
        equal[part] = (inside & (window == mine)).sum(axis=1)
    return below, equal


@dataclass(frozen=True, slots=True)
class MedianGrowth:
    """Median growth percentile of a class with its bootstrap interval; None if suppressed."""

    status: str
    n: int
    median: float | None = None
    low: float | None = None
    high: float | None = None


@door(percentiles=Number(0, 100), level=Level(), seed=AS_IS)
def median_growth(percentiles: np.ndarray, *, level: float = 0.95, seed: int = 0) -> MedianGrowth:
    """Median growth percentile of a class or school, with a bootstrap interval.

    Parameters
    ----------
    percentiles : array
        From `growth_percentiles`; missing ones are left out.
    level : float
        Level of the percentile interval from 2,000 resamples, 0 to 1.
    seed : int
        Seed of the resampling: the same seed gives the same interval.

    Returns
    -------
    MedianGrowth
        "suppressed" with fewer than 20 students.

    Notes
    -----
    The median of a resample of n values is the value at floor(n U), where U is the median of n uniform numbers, a
    beta variable. Drawing U directly gives the ordinary bootstrap without its n draws. Not a measure of a teacher:
    a class is not a random sample, and its interval is wide.

    References
    ----------
    Efron & Tibshirani (1993), An Introduction to the Bootstrap, ch. 13.
    """
    values = np.asarray(percentiles, np.float64)
    values = values[np.isfinite(values)]
    if len(values) < MIN_SUMMARY:
        return MedianGrowth(SUPPRESSED, len(values))
    medians = _resampled_medians(np.sort(values), np.random.default_rng(seed))
    low, high = np.quantile(medians, [0.5 - level / 2, 0.5 + level / 2])
    return MedianGrowth(OK, len(values), float(np.median(values)), float(low), float(high))


def _resampled_medians(values: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Medians of resamples of sorted ``values``, drawn as order statistics."""
    n = len(values)
    middle = (n + 1) // 2
    lower = rng.beta(middle, n - middle + 1, RESAMPLES)
    if n % 2:
        return values[(n * lower).astype(int)]
    # The lowest of the n - middle uniform numbers above it.
    upper = lower + (1 - lower) * (1 - rng.random(RESAMPLES) ** (1.0 / (n - middle)))
    return (values[(n * lower).astype(int)] + values[np.minimum(n * upper, n - 1).astype(int)]) / 2
