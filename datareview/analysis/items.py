"""Item analysis of a common assessment: difficulty and discrimination of each item. Never a verdict on a child.

For reliability of the whole test see `reliability`, for wrong options `distractors`, for standards `mastery`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from datareview.analysis.door import Columns, Possible, door
from datareview.analysis.inputs import Level, Number, Truth
from datareview.analysis.schema import INSUFFICIENT, OK, ZERO_VARIANCE

MIN_DIFFICULTY = 10  # students needed to show the difficulty of an item
MIN_STABLE = 30  # students from which discrimination is no longer marked unstable
HARD, EASY = 0.30, 0.90  # share of the points; a school can set its own
UPPER_LOWER = 0.27  # share of the students in each group, which Kelley (1939) found best
# Ebel's bands of discrimination, by lower limit; under 0 the key itself is in doubt.
LABELS = ((0.30, "good"), (0.20, "ok"), (0.10, "weak"), (0.0, "poor"), (-np.inf, "check the key"))


@door(
    Possible(),
    points=Columns(rest=Number()),
    possible=Number(),
    uncorrected=Truth(),
    hard=Number(0, 1),
    easy=Number(0, 1),
    level=Level(),
)
def item_statistics(
    points: pd.DataFrame,
    possible: pd.Series,
    *,
    uncorrected: bool = False,
    hard: float = HARD,
    easy: float = EASY,
    level: float = 0.95,
) -> pd.DataFrame:
    """Difficulty and discrimination of every item.

    Parameters
    ----------
    points : DataFrame
        One row per student who took the test, one column per item in the order of the test: points earned. Blanks
        score 0 and are also counted. Leave out absent students.
    possible : Series
        Points possible by item, above 0; indexed like the columns.
    uncorrected : bool
        Whether to add ``total_r``, the correlation with the total including the item itself.
    hard, easy : float
        Shares of the points below and above which an item is called hard or easy, 0 to 1.
    level : float
        Confidence level of the interval of ``rest_r``, 0 to 1.

    Returns
    -------
    DataFrame
        One row per item: ``status``, ``n``, ``blank`` (count), ``not_reached`` (blanks after which the student
        answered nothing more), ``p`` (mean share of the points, 0 to 1), ``difficulty`` ("hard", "medium", "easy"),
        ``rest_r`` (correlation with the total of the other items) with ``rest_r_low`` and ``rest_r_high``,
        ``discrimination`` (p of the upper 27 % minus the lower 27 %; students tied at the edge count
        fractionally), ``label`` (Ebel's word for ``rest_r``), ``is_stable`` (30 students or more).
        Only counts with fewer than 10 students; ``rest_r`` is missing where it is not defined.

    Notes
    -----
    rest_r = Pearson's r of the item with (total - item); interval tanh(atanh r -/+ z / sqrt(n - 3)).
    Labels, of r rounded to two places: r < 0 "check the key", < .10 "poor", < .20 "weak", < .30 "ok", else "good". With 10
    to 29 students show r, D and label grayed out with their interval: one class says little about an item.
    The uncorrected r flatters short tests: with five items most of it comes from the item itself.

    References
    ----------
    Henrysson (1963), Psychometrika 28, 211 (rest score); Kelley (1939), J. Educ. Psych. 30, 17 (27 %);
    Fisher (1921), Metron 1, 3 (interval); Ebel & Frisbie (1991), Essentials of Educational Measurement.
    """
    x, known = answered(points)
    n, k = x.shape
    total = x.sum(axis=1)
    full = possible.reindex(points.columns).to_numpy(np.float64)
    enough = n >= MIN_DIFFICULTY
    nothing = np.full(k, np.nan)
    out = pd.DataFrame(index=pd.Index(points.columns, name="item"))
    varies = np.ptp(x, axis=0) > 0 if n else np.zeros(k, bool)
    out["status"] = np.where(varies, OK, ZERO_VARIANCE) if enough else INSUFFICIENT
    out["n"], out["blank"], out["not_reached"] = n, (~known).sum(axis=0), not_reached(known).sum(axis=0)
    p = x.mean(axis=0) / full if enough else nothing
    out["p"] = p
    words = np.where(p < hard, "hard", np.where(p > easy, "easy", "medium"))
    out["difficulty"] = pd.Series(words, out.index).where(np.isfinite(p))
    r = correlations(x, total[:, None] - x) if enough else nothing
    out["rest_r"] = r
    out["rest_r_low"], out["rest_r_high"] = correlation_interval(r, n, level)
    if uncorrected:
        out["total_r"] = correlations(x, np.repeat(total[:, None], k, axis=1)) if enough else nothing
    out["discrimination"] = _upper_less_lower(x, total) / full if enough else nothing
    shown = np.round(r, 2)  # as pages show it: two items of 0.20 have one word
    labels = np.select([shown >= least for least, _label in LABELS], [label for _least, label in LABELS], "")
    out["label"] = pd.Series(labels, out.index).where(np.isfinite(r))
    out["is_stable"] = n >= MIN_STABLE
    return out


def answered(points: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Points with blanks as 0, and a mask of the items that were answered."""
    raw = points.to_numpy(np.float64)
    known = np.isfinite(raw)
    return np.where(known, raw, 0.0), known


def not_reached(known: np.ndarray) -> np.ndarray:
    """Mask of blanks after which the student (row) answered nothing more, in the order of the test."""
    later = np.logical_or.accumulate(known[:, ::-1], axis=1)[:, ::-1]
    return np.asarray(~later)


def correlations(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Pearson's r column by column; missing where either column does not vary."""
    varies = (np.ptp(x, axis=0) > 0) & (np.ptp(y, axis=0) > 0)
    a, b = x - x.mean(axis=0), y - y.mean(axis=0)
    scale = np.sqrt((a * a).sum(axis=0) * (b * b).sum(axis=0))
    r = (a * b).sum(axis=0) / np.where(varies, scale, 1.0)
    return np.where(varies, np.clip(r, -1.0, 1.0), np.nan)


def correlation_interval(r: np.ndarray, n: int, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Fisher's interval of correlations of ``n`` students; missing under four students, and a point at -1 and 1."""
    r = np.asarray(r, np.float64)
    if n <= 3:  # the standard error of Fisher's z is 1 / sqrt(n - 3)
        return np.full_like(r, np.nan), np.full_like(r, np.nan)
    half = stats.norm.ppf(0.5 + level / 2) / np.sqrt(n - 3)
    with np.errstate(divide="ignore"):
        z = np.arctanh(r)
    return np.tanh(z - half), np.tanh(z + half)


def _upper_less_lower(x: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Mean of the upper 27 % minus that of the lower; students tied at an edge count fractionally."""
    size = max(round(UPPER_LOWER * len(total)), 1)
    return _mean_of_top(x, total, size) - _mean_of_top(x, -total, size)


def _mean_of_top(x: np.ndarray, by: np.ndarray, size: int) -> np.ndarray:
    return np.asarray(top_weights(by[:, None], size)[:, 0] @ x / size)


def top_weights(by: np.ndarray, size: int) -> np.ndarray:
    """Weight of every student among the ``size`` highest of each column; those tied at the edge share the rest."""
    edge = np.sort(by, axis=0)[-size]
    tied = by == edge
    share = (size - (by > edge).sum(axis=0)) / tied.sum(axis=0)
    return np.asarray((by > edge) + tied * share)
