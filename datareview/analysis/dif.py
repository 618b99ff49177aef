"""Differential item functioning (DIF): is an item fair to two groups with equal totals? Mantel–Haenszel.

For audits only, never an input to a score.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from datareview.analysis.door import Columns, Paired, door
from datareview.analysis.inputs import Level, Number, Truth
from datareview.analysis.items import answered
from datareview.analysis.schema import INSUFFICIENT, NOT_CALCULATED, OK

MIN_GROUP = 100  # students in each group needed to show an item's difference
ETS_DELTA = -2.35  # the scale of item difficulty at ETS: 4 / 1.7
NEGLIGIBLE, LARGE = 1.0, 1.5  # on that scale


@dataclass(frozen=True, slots=True)
class CommonOdds:
    """Common odds ratio of many 2 × 2 tables with its interval and test; each array has one value per set of tables."""

    ratio: np.ndarray
    low: np.ndarray
    high: np.ndarray
    log_se: np.ndarray
    chi_square: np.ndarray
    p: np.ndarray


@door(tables=Number(low=0, needed=True), level=Level(), is_continuous=Truth())
def mantel_haenszel(tables: np.ndarray, *, level: float = 0.95, is_continuous: bool = True) -> CommonOdds:
    """Mantel–Haenszel's common odds ratio and test over strata.

    Parameters
    ----------
    tables : array
        Counts [[a, b], [c, d]] of each stratum: shape (..., strata, 2, 2). Strata with a total under 2 are left out.
    level : float
        Confidence level of the interval, 0 to 1.
    is_continuous : bool
        Whether to apply the continuity correction of 1/2.

    Returns
    -------
    CommonOdds
        NaN where the ratio or the test is not defined: no stratum is informative, or one side has no cases.

    Notes
    -----
    ratio = sum(ad/N) / sum(bc/N); chi² = (|sum(a - E a)| - 1/2)² / sum(var a), 1 degree of freedom; log_se by
    Robins, Breslow and Greenland; interval ratio exp(-/+ z log_se). Gives one ratio for all strata: if the direction
    changes from stratum to stratum, the common ratio means nothing.

    References
    ----------
    Mantel & Haenszel (1959), JNCI 22, 719; Robins, Breslow & Greenland (1986), Biometrics 42, 311.
    """
    t = np.asarray(tables, np.float64)
    a, b, c, d = t[..., 0, 0], t[..., 0, 1], t[..., 1, 0], t[..., 1, 1]
    n = a + b + c + d
    use = n >= 2
    each = np.where(use, n, 1.0)
    r, s = np.where(use, a * d / each, 0.0), np.where(use, b * c / each, 0.0)
    p, q = (a + d) / each, (b + c) / each
    total_r, total_s = r.sum(axis=-1), s.sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        defined = (total_r > 0) & (total_s > 0)
        ratio = np.where(defined, total_r / total_s, np.nan)
        variance = (p * r).sum(axis=-1) / (2 * total_r**2) + (q * s).sum(axis=-1) / (2 * total_s**2)
        variance = variance + (p * s + q * r).sum(axis=-1) / (2 * total_r * total_s)
        log_se = np.where(defined, np.sqrt(variance), np.nan)
        expected = np.where(use, (a + b) * (a + c) / each, 0.0)
        spread = (a + b) * (c + d) * (a + c) * (b + d) / (each**2 * np.where(use, n - 1, 1.0))
        spread = np.where(use, spread, 0.0).sum(axis=-1)
        away = np.abs((np.where(use, a, 0.0) - expected).sum(axis=-1))
        # As in R: the correction never reverses the sign of a difference.
        away = away - (np.minimum(0.5, away) if is_continuous else 0.0)
        chi = np.where(spread > 0, away**2 / spread, np.nan)
    half = stats.norm.ppf(0.5 + level / 2) * log_se
    return CommonOdds(ratio, ratio * np.exp(-half), ratio * np.exp(half), log_se, chi, stats.chi2.sf(chi, 1))


@door(Paired("points", "is_focal"), points=Columns(rest=Number()), is_focal=Truth(), level=Level())
def item_dif(points: pd.DataFrame, is_focal: pd.Series | np.ndarray, *, level: float = 0.95) -> pd.DataFrame:
    """Differential item functioning of every item scored 0 or 1, between two groups matched on the total.

    Parameters
    ----------
    points : DataFrame
        One row per student who took the test, one column per item: 1 right, 0 wrong or blank.
    is_focal : array of bool
        Whether each student is in the focal group, the one being examined; the others are the reference group.
    level : float
        Confidence level of the interval of the odds ratio, 0 to 1.

    Returns
    -------
    DataFrame
        One row per item: ``status``, ``n_reference``, ``n_focal``, ``odds_ratio`` (reference over focal group: above
        1 the item is easier for the reference group), ``low``, ``high``, ``chi_square``, ``p``, ``delta`` (-2.35 ln
        odds_ratio: below 0 it is harder for the focal group), ``delta_se``, ``category``. "insufficient_data" with
        fewer than 100 students in a group; "not_calculated" for items not scored 0 or 1, and where no ratio is
        defined.

    Notes
    -----
    Students are matched on the total including the item itself, as Holland and Thayer recommend. Category A,
    negligible: p above .05 or |delta| < 1; C, large: |delta| >= 1.5 and beyond 1 by 1.645 standard errors; B
    otherwise. Category C is a reason to review an item's wording, not proof of bias.

    References
    ----------
    Holland & Thayer (1988), in Wainer & Braun, Test Validity, 129; Zwick (2012), ETS RR-12-08 (categories);
    Paek & Holland (2015), Psychometrika 80, 406.
    """
    x, _known = answered(points)
    focal = np.asarray(is_focal, bool)
    sizes = (int((~focal).sum()), int(focal.sum()))
    out = pd.DataFrame(index=pd.Index(points.columns, name="item"))
    binary = ((x == 0) | (x == 1)).all(axis=0)
    enough = min(sizes) >= MIN_GROUP
    found = mantel_haenszel(_tables(np.where(binary, x, 0.0), x.sum(axis=1), focal), level=level)
    ok = binary & enough & np.isfinite(found.ratio) & np.isfinite(found.chi_square)
    out["status"] = np.where(ok, OK, NOT_CALCULATED if enough else INSUFFICIENT)
    out["n_reference"], out["n_focal"] = sizes
    with np.errstate(invalid="ignore", divide="ignore"):
        delta = ETS_DELTA * np.log(found.ratio)
    columns = {
        "odds_ratio": found.ratio,
        "low": found.low,
        "high": found.high,
        "chi_square": found.chi_square,
        "p": found.p,
        "delta": delta,
        "delta_se": -ETS_DELTA * found.log_se,
    }
    for name, column in columns.items():
        out[name] = np.where(ok, column, np.nan)
    out["category"] = pd.Series(ets_category(delta, columns["delta_se"], found.p), out.index).where(ok)
    return out


@door(Paired("delta", "se", "p"), delta=Number(), se=Number(), p=Number(0, 1))
def ets_category(delta: np.ndarray, se: np.ndarray, p: np.ndarray) -> np.ndarray:
    """Classify items by ETS category of difference: A (negligible), B (moderate) or C (large).

    Parameters
    ----------
    delta, se : array
        Differences on the ETS delta scale and their standard errors.
    p : array
        p-values of the Mantel-Haenszel test.

    Returns
    -------
    array of str
        A: p above .05 or |delta| < 1; C: |delta| >= 1.5 and |delta| - 1.645 se > 1; B otherwise.

    References
    ----------
    Zwick (2012), ETS RR-12-08.
    """
    size = np.abs(delta)
    large = (size >= LARGE) & (size - stats.norm.ppf(0.95) * se > NEGLIGIBLE)
    return np.where((p > 0.05) | (size < NEGLIGIBLE), "A", np.where(large, "C", "B"))


def _tables(x: np.ndarray, total: np.ndarray, focal: np.ndarray) -> np.ndarray:
    """Counts of right and wrong in reference and focal group by total; shape (items, strata, 2, 2)."""
    values, stratum = np.unique(total, return_inverse=True)
    cell = 2 * stratum + focal
    count = np.bincount(cell, minlength=2 * len(values)).reshape(-1, 2)
    order = np.argsort(cell, kind="stable")
    cells, starts = np.unique(cell[order], return_index=True)
    right = np.zeros((2 * len(values), x.shape[1]))
    if len(cells):
        right[cells] = np.add.reduceat(x[order], starts, axis=0)
    by_item = right.reshape(len(values), 2, x.shape[1]).transpose(2, 0, 1)
    return np.stack([by_item, count - by_item], axis=-1)
