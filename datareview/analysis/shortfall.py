"""Growth below a line: the chance for each student, and whom to flag so that few flags are wrong.

Neither a student nor a week is judged alone: the chance knows how much students of the group differ, and the set of
flags is as large as its expected share of wrong ones allows.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import special, stats

from datareview.analysis.door import Columns, Paired, door
from datareview.analysis.inputs import AS_IS, Key, Level, Number, Ordinal
from datareview.analysis.schema import INSUFFICIENT, OK, statuses

if TYPE_CHECKING:
    from collections.abc import Callable

LEAST_SERIES = 15  # of a group, to learn from them how much students differ
LEAST_SCORES = 4  # of a series whose errors are compared with their neighbors
MOST_CORRELATED = 0.8
CORRELATIONS = np.linspace(0.0, MOST_CORRELATED, 17)
GRID = 60  # values of tau over which the chance is averaged
WIDEST = 3.0  # the largest tau considered, in standard deviations of the slopes


@door(scores=Columns(series=Key(), day=Ordinal(), value=Number(needed=True)))
def error_correlation(scores: pd.DataFrame) -> float:
    """Correlation of the errors of scores next to each other, pooled over the series of a group; 0 to 0.8.

    Parameters
    ----------
    scores : DataFrame
        ``series``, ``day`` (ordinals), ``value``: one group (same measure, grade and season), one score a day.

    Returns
    -------
    float
        0 if no series has four scores, or neighbors are not alike.

    Notes
    -----
    The r at which sum e_t e_t+1 / sum e_t² of the residuals of a line is what first-order autoregressive errors of as many
    equally spaced scores give: tr(L M R M) / tr(M R M), with R = r^|i - j| and M = 1 - H. Residuals of a line are
    negatively correlated even where errors are independent.

    References
    ----------
    Cochrane & Orcutt (1949), J. Am. Stat. Assoc. 44, 32; Ives & Zhu (2006), Ecol. Appl. 16, 20 (pooled series).
    """
    rows = scores.sort_values(["series", "day"])
    codes, names = pd.factorize(rows["series"].to_numpy())
    n = np.bincount(codes, minlength=len(names))
    rows, codes = rows[n[codes] >= LEAST_SCORES], codes[n[codes] >= LEAST_SCORES]
    if rows.empty:
        return 0.0
    x, y = rows["day"].to_numpy(float), rows["value"].to_numpy(float)

    def total(values: np.ndarray) -> np.ndarray:
        return np.bincount(codes, values, minlength=len(names))[codes]

    many = total(np.ones(len(x)))
    x, y = x - total(x) / many, y - total(y) / many
    sxx = total(x * x)
    left = y - total(x * y) / sxx * x
    beside = codes[1:] == codes[:-1]
    squares = float((left**2).sum())
    if not squares:
        return 0.0
    seen = float((left[1:] * left[:-1])[beside].sum()) / squares
    lengths, times = np.unique(n[n >= LEAST_SCORES], return_counts=True)
    products, all_squares, _widening = (
        np.array([_expected(int(length))[part] for length in lengths]).T @ times for part in range(3)
    )
    return float(np.interp(seen, products / all_squares, CORRELATIONS))


@cache
def _expected(n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What ``n`` equally spaced scores give at each of `CORRELATIONS`, for errors of variance 1.

    The expected sums of products of neighboring residuals and of their squares, and by how much the usual variance of a
    slope is too small.
    """
    x = np.arange(n) - (n - 1) / 2
    sxx = float(x @ x)
    rest = np.eye(n) - 1 / n - np.outer(x, x) / sxx
    apart = np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
    found = []
    for r in CORRELATIONS:
        errors = r**apart
        left = rest @ errors @ rest
        squares = float(np.trace(left))
        found.append((float(np.trace(left, 1)), squares, x @ errors @ x / sxx / (squares / (n - 2))))
    products, all_squares, widening = np.array(found).T
    return products, all_squares, widening


@door(
    Paired("fits", "lines"),
    fits=Columns(status=AS_IS, n=Number(), slope=Number(), sxx=Number(), see=Number()),
    lines=Columns(rest=Number()),
    correlation=Number(0, MOST_CORRELATED, needed=True),
    level=Level(),
)
def growth_chances(
    fits: pd.DataFrame, lines: pd.DataFrame, *, correlation: float = 0.0, level: float = 0.90
) -> pd.DataFrame:
    """Chance that each student grows less than each line, from the student's own scores and the group's.

    Parameters
    ----------
    fits : DataFrame
        From `trends.fit_trends`, of one group (same measure, grade and season): ``status``, ``n``, ``slope``, ``sxx``,
        ``see``.
    lines : DataFrame
        Same index; each column is a growth per week to compare with, missing if unknown.
    correlation : float
        Of neighboring errors, from `error_correlation`.
    level : float
        Level of the interval, 0 to 1.

    Returns
    -------
    DataFrame
        Same index: ``status``, ``slope``, ``low``, ``high`` (units per week), and per column of ``lines`` the chance,
        0 to 1, that the growth is below it. "insufficient_data" with fewer than 15 usable series.

    Notes
    -----
    b ~ N(theta, V), V = w sigma² / Sxx with sigma² pooled over the group's residuals and w what correlated errors add
    (`error_correlation`); theta ~ N(mu, tau²), mu flat, v / (v + tau²) uniform on 0 to 1 with v the harmonic mean of V.
    chance = sum p(tau | b) Phi((line - m) / s) over 60 values of tau, where m and s² are mean and variance of theta given
    tau, mu averaged over. Averaged over tau, because with few or short series the best tau is often 0, and then nobody
    is told apart. The interval is that of a normal distribution with the mixture's mean and variance. Assumes roughly
    normal slopes within the group.

    References
    ----------
    Gelman and others (2013), Bayesian Data Analysis, 3rd ed., 5.4 (p(tau | y), 5.21); Daniels (1999), Can. J. Stat. 27,
    567 (uniform shrinkage prior).
    """
    usable = (fits["status"] == OK).to_numpy() & (fits["n"].to_numpy() >= 3) & (fits["see"].to_numpy() > 0)
    empty = dict.fromkeys(["slope", "low", "high", *lines.columns], np.nan)
    out = pd.DataFrame(empty, index=fits.index, dtype=float)
    at = np.flatnonzero(usable)
    if len(at) >= LEAST_SERIES:
        n, b, sxx, see = (fits[name].to_numpy(float)[at] for name in ("n", "slope", "sxx", "see"))
        sigma2 = (see**2 * (n - 2)).sum() / (n - 2).sum()
        wider = [np.interp(correlation, CORRELATIONS, _expected(int(many))[2]) for many in n]
        mean, sd, below = _posterior(b, sigma2 / sxx * np.array(wider))
        half = float(stats.norm.ppf(0.5 + level / 2)) * sd
        found = {"slope": mean, "low": mean - half, "high": mean + half}
        found |= {name: below(lines[name].to_numpy(float)[at]) for name in lines.columns}
        out.iloc[at] = np.column_stack(list(found.values()))
    out.insert(0, "status", statuses(out["slope"].notna().to_numpy(), INSUFFICIENT, OK))
    return out


def _posterior(
    b: np.ndarray, v: np.ndarray
) -> tuple[np.ndarray, np.ndarray, Callable[[np.ndarray], np.ndarray]]:
    """Mean and standard deviation of each slope, and the function of its chances to be below given lines."""
    tau2 = np.linspace(0.0, WIDEST * max(b.std(ddof=1), float(np.sqrt(v.min())) / 10), GRID)[:, None] ** 2
    precision = 1.0 / (tau2 + v)
    total = precision.sum(axis=1, keepdims=True)
    mu = (precision * b).sum(axis=1, keepdims=True) / total
    log = 0.5 * (np.log(precision) - precision * (b - mu) ** 2).sum(axis=1) - 0.5 * np.log(total[:, 0])
    usual = len(v) / (1 / v).sum()
    with np.errstate(divide="ignore"):
        log += 0.5 * np.log(tau2[:, 0]) - 2 * np.log(usual + tau2[:, 0])  # uniform shrinkage
    weight = special.softmax(log)[:, None]
    own = tau2 * precision
    means = mu + own * (b - mu)
    variances = own * v + (1 - own) ** 2 / total
    mean = (weight * means).sum(axis=0)
    sd = np.sqrt((weight * (variances + (means - mean) ** 2)).sum(axis=0))

    def below(line: np.ndarray) -> np.ndarray:
        return np.clip((weight * special.ndtr((line - means) / np.sqrt(variances))).sum(axis=0), 0.0, 1.0)

    return mean, sd, below


@door(chance=Number(0, 1), least=Number(0, 1, needed=True), wrong=Number(0, 1, needed=True))
def flag_by_chance(chance: np.ndarray, *, least: float, wrong: float) -> np.ndarray:
    """Flag as many students as possible while the expected share of wrong flags stays at most ``wrong``.

    Parameters
    ----------
    chance : array
        Chance of each student to be a case, 0 to 1; a missing one is never flagged.
    least : float
        No student with a lower chance is flagged.
    wrong : float
        The false discovery rate allowed, 0 to 1.

    Returns
    -------
    array of bool
        Students with equal chances are flagged together or not at all.

    Notes
    -----
    The largest set {chance >= c}, c >= ``least``, with a mean of 1 - chance (the local false discovery rate) of at
    most ``wrong``. A union of such sets, such as those of all grades of a school, keeps the rate. At any time a
    student's expected share of being wrong is 1 - chance, however often it was looked at before: that of all flags
    ever opened is at most 1 - ``least``, and `docs/methods.md` has what simulations of weekly looks found.

    References
    ----------
    Newton and others (2004), Biostatistics 5, 155 (direct posterior probability); Müller, Parmigiani & Rice (2006),
    FDR and Bayesian multiple comparisons rules; Efron (2008), Ann. Appl. Stat. 2, 197 (separate classes); Deng, Lu &
    Chen (2016), IEEE DSAA, 243 (optional stopping).
    """
    found = np.asarray(chance, float)
    order = np.sort(found[found >= least])[::-1]
    if not len(order):
        return np.zeros(len(found), bool)
    rate = np.cumsum(1.0 - order) / np.arange(1, len(order) + 1)
    is_last = np.append(order[1:] < order[:-1], True)  # of equal chances, only the last one is an end
    ends = np.flatnonzero(is_last & (rate <= wrong + 1e-12))
    return np.asarray(found >= order[ends[-1]]) if len(ends) else np.zeros(len(found), bool)
