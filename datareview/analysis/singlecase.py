"""Did scores differ between a baseline and an intervention, for one student? Never what caused it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize, stats

from datareview.analysis.schema import INSUFFICIENT, OK, ZERO_VARIANCE

MIN_BASELINE, MIN_INTERVENTION = 3, 5


@dataclass(frozen=True, slots=True)
class Effect:
    """One index: ``value`` with its interval where it has one; all None where ``status`` is not "ok"."""

    name: str
    status: str
    value: float | None = None
    se: float | None = None
    low: float | None = None
    high: float | None = None
    n_baseline: int = 0
    n_intervention: int = 0


def _phases(
    baseline: np.ndarray, intervention: np.ndarray, higher_is_better: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Finite scores in order, mirrored so that more is better."""
    sign = 1.0 if higher_is_better else -1.0
    a, b = (np.asarray(part, np.float64) for part in (baseline, intervention))
    return sign * a[np.isfinite(a)], sign * b[np.isfinite(b)]


def _is_enough(a: np.ndarray, b: np.ndarray) -> bool:
    return len(a) >= MIN_BASELINE and len(b) >= MIN_INTERVENTION


def nonoverlap_of_all_pairs(
    baseline: np.ndarray, intervention: np.ndarray, *, higher_is_better: bool = True, level: float = 0.95
) -> Effect:
    """NAP: the chance that an intervention score is better than a baseline score, ties half; 0 to 1.

    Parameters
    ----------
    baseline, intervention : array
        Scores of the two phases; missing ones are left out. At least 3 and 5.
    higher_is_better : bool
        Where False both are mirrored.
    level : float
        Of the interval.

    Returns
    -------
    Effect
        With the standard error (None at 0 and 1) and the score interval.

    Notes
    -----
    NAP has no eye for trend: a baseline that was rising already gives a high value. Weak under .66,
    medium to .92, strong from .93. Assumes independent scores.

    References
    ----------
    Parker & Vannest (2009), Behavior Therapy 40, 357; Mee (1990), JASA 85, 793 (standard error);
    Newcombe (2006), Stat. Med. 25, 559 (interval, method 5).
    """
    a, b = _phases(baseline, intervention, higher_is_better)
    m, n = len(a), len(b)
    if not _is_enough(a, b):
        return Effect("nap", INSUFFICIENT, n_baseline=m, n_intervention=n)
    q = (b > a[:, None]) + 0.5 * (b == a[:, None])
    nap = float(q.mean())
    low, high = _score_interval(nap, m, n, stats.norm.ppf(0.5 + level / 2))
    return Effect("nap", OK, nap, _standard_error(q), low, high, m, n)


def _standard_error(q: np.ndarray) -> float | None:
    """Standard error from the spread of pairs by row and column; None at 0 and 1, where it says nothing."""
    (m, n), p = q.shape, float(q.mean())
    if p in {0.0, 1.0}:
        return None
    rest = q - p
    rows, columns = (rest.sum(1) ** 2).sum() / (m * n), (rest.sum(0) ** 2).sum() / (m * n)
    variance = (p * (1 - p) + rows + columns - 2 * (rest * rest).mean()) / ((m - 1) * (n - 1))
    return float(np.sqrt(max(variance, 0.0)))


def _score_interval(nap: float, m: int, n: int, z: float) -> tuple[float, float]:
    """Roots of |nap - p| = z sqrt(V(p)), V with both sample sizes replaced by their mean (Newcombe's method 5)."""
    h = (m + n) / 2 - 1

    def gap(p: float) -> float:
        variance = p * (1 - p) * (1 + h * (1 - p) / (2 - p) + h * p / (1 + p)) / (m * n)
        return float((nap - p) ** 2 - z * z * variance)

    low = 0.0 if nap == 0 else float(optimize.brentq(gap, 0.0, min(nap, 1 - 1e-9)))
    high = 1.0 if nap == 1 else float(optimize.brentq(gap, max(nap, 1e-9), 1.0))
    return low, high


def percent_nonoverlap(
    baseline: np.ndarray, intervention: np.ndarray, *, higher_is_better: bool = True
) -> dict[str, Effect]:
    """PND, PEM, PAND and IRD by name, each 0 to 1: pictures, not verdicts.

    ``pnd``: share of intervention scores beyond the best of the baseline (one outlier breaks it);
    ``pem``: beyond the baseline's median, ties half; ``pand``: the largest share of all scores that can be
    kept so that no baseline score reaches an intervention score; ``ird``: improvement rate difference of
    that same cut. At least 3 and 5 scores.

    References
    ----------
    Scruggs & Mastropieri (1987); Ma (2006); Parker, Hagan-Burke & Vannest (2007); Parker, Vannest & Brown
    (2009); all as compared in Parker, Vannest & Davis (2011), Behavior Modification 35, 303.
    """
    a, b = _phases(baseline, intervention, higher_is_better)
    m, n = len(a), len(b)
    if not _is_enough(a, b):
        return {
            name: Effect(name, INSUFFICIENT, None, None, None, None, m, n)
            for name in ("pnd", "pem", "pand", "ird")
        }
    middle = np.median(a)
    kept = _kept(a, b)
    values = {
        "pnd": (b > a.max()).mean(),
        "pem": ((b > middle) + 0.5 * (b == middle)).mean(),
        "pand": kept / (m + n),
        # Overlapping scores are shared out so that both phases lose half of them (Parker and others 2009).
        "ird": 1 - (m + n - kept) / 2 * (1 / m + 1 / n),
    }
    return {name: Effect(name, OK, float(value), None, None, None, m, n) for name, value in values.items()}


def _kept(a: np.ndarray, b: np.ndarray) -> int:
    """Most scores that can stay with every baseline score under every intervention score."""
    a, b = np.sort(a), np.sort(b)
    cuts = np.concatenate([[-np.inf], a])
    return int(
        (np.searchsorted(a, cuts, side="right") + len(b) - np.searchsorted(b, cuts, side="right")).max()
    )


def tau_family(
    baseline: np.ndarray, intervention: np.ndarray, *, higher_is_better: bool = True
) -> dict[str, Effect]:
    """Tau and two conventions of Tau-U, by the names under which results are stored.

    ``tau`` = S_AB / mn = 2 NAP - 1, -1 to 1. ``tau_u_parker`` = (S_AB - S_A) / mn, which can leave -1 to 1.
    ``tau_ab_plus_b_minus_a`` = (S_AB + S_B - S_A) / (mn + n(n-1)/2 + m(m-1)/2). S counts pairs in order of
    time that rise, less those that fall. Both arrays must be in order of time; at least 3 and 5 scores.

    References
    ----------
    Parker, Vannest, Davis & Sauber (2011), Behavior Therapy 42, 284.
    """
    a, b = _phases(baseline, intervention, higher_is_better)
    m, n = len(a), len(b)
    names = ("tau", "tau_u_parker", "tau_ab_plus_b_minus_a")
    if not _is_enough(a, b):
        return {name: Effect(name, INSUFFICIENT, None, None, None, None, m, n) for name in names}
    between = float(np.sign(b - a[:, None]).sum())
    pairs = m * n
    everything = pairs + n * (n - 1) / 2 + m * (m - 1) / 2
    values = (
        between / pairs,
        (between - _rises(a)) / pairs,
        (between + _rises(b) - _rises(a)) / everything,
    )
    return {name: Effect(name, OK, v, None, None, None, m, n) for name, v in zip(names, values, strict=True)}


def _rises(values: np.ndarray) -> float:
    """Kendall's S of a series against its own order."""
    first, second = np.triu_indices(len(values), 1)
    return float(np.sign(values[second] - values[first]).sum())


def standardized_difference(
    baseline: np.ndarray, intervention: np.ndarray, *, higher_is_better: bool = True
) -> Effect:
    """Within-case difference of means in standard deviations of the baseline, with the small-sample factor.

    J (mB - mA) / sA, J = 1 - 3 / (4 (m - 1) - 1). Not comparable with effect sizes of group studies.
    Undefined where the baseline does not vary. At least 3 and 5 scores.

    References
    ----------
    Gingerich (1984); Busk & Serlin (1992); Hedges (1981), J. Educ. Stat. 6, 107.
    """
    a, b = _phases(baseline, intervention, higher_is_better)
    m, n = len(a), len(b)
    if not _is_enough(a, b):
        return Effect("smd_within", INSUFFICIENT, n_baseline=m, n_intervention=n)
    if np.ptp(a) == 0:
        return Effect("smd_within", ZERO_VARIANCE, n_baseline=m, n_intervention=n)
    j = 1 - 3 / (4 * (m - 1) - 1)
    d = j * (b.mean() - a.mean()) / a.std(ddof=1)
    se = j * np.sqrt(1 / m + b.var(ddof=1) / (n * a.var(ddof=1)) + d * d / (2 * (m - 1)))
    return Effect("smd_within", OK, float(d), float(se), None, None, m, n)
