"""Did one student's scores differ between baseline and intervention? Says nothing about the cause.

Overlap of the two phases and difference of their means; for trends within a phase see `tau`.
"""

from __future__ import annotations

import numpy as np
from scipy import stats

from datareview.analysis.door import door
from datareview.analysis.inputs import AS_IS, Level, Number, Truth
from datareview.analysis.phases import Effect, Phases, Scores, phases_of
from datareview.analysis.schema import ZERO_VARIANCE

MEDIUM, STRONG = 0.66, 0.93  # lowest NAP of a medium and a strong effect: Parker & Vannest (2009), p. 364
BISECTIONS = 60  # of an interval of at most 1: more than the precision of a float


@door(baseline=Number(), intervention=Number(), higher_is_better=Truth(), level=Level())
def nonoverlap_of_all_pairs(
    baseline: Scores, intervention: Scores, *, higher_is_better: bool = True, level: float = 0.95
) -> Effect:
    """NAP: the chance that an intervention score is better than a baseline score, ties counting half; 0 to 1.

    Parameters
    ----------
    baseline, intervention : array
        Scores of the two phases, at least 3 and 5; missing ones are left out.
    higher_is_better : bool
        If False, both phases are mirrored.
    level : float
        Confidence level of the interval, 0 to 1.

    Returns
    -------
    Effect
        With its standard error and score interval.

    Notes
    -----
    NAP = [#(B > A) + 0.5 #(B = A)] / (mn). Standard error: the unbiased one,
    V = [NAP - (m+n-1) NAP² + n Q1 + m Q2 - 2 Q3] / [(m-1)(n-1)], where Q1 and Q2 are the mean squares of the row
    and column means of the pairs and Q3 is the mean square of the pairs. V is 0 at complete separation; there
    V = x(1-x) / [(m-1)(n-1)] with x = 1 - 1/(2mn), so as not to claim certainty. Interval: the roots p of
    (NAP - p)² = z² p(1-p) [1 + h(1-p)/(2-p) + hp/(1+p)] / (mn), h = (m+n)/2 - 1.
    NAP ignores trend: a baseline that was already rising gives a high value. Weak under .66, medium under .93,
    strong from .93. Assumes independent scores; autocorrelation makes the interval too narrow.

    References
    ----------
    Parker & Vannest (2009), Behavior Therapy 40, 357; Sen (1967) and Mee (1990), JASA 85, 793 (standard
    error); Newcombe (2006), Stat. Med. 25, 559 (interval, method 5); Pustejovsky, Chen & Swan, R package
    SingleCaseES 0.7 (complete separation).
    """
    phases = phases_of(baseline, intervention, higher_is_better=higher_is_better)
    if not phases.are_enough:
        return phases.effect("nap")
    nap, se = nap_of(phases)
    low, high = nap_interval(nap, *phases.sizes, level)
    return phases.number("nap", nap[0], se[0], (low[0], high[0]))


def pairs_of(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """1 where a score of ``b`` beats one of ``a``, 0.5 where they tie; shape (cases, baseline, intervention)."""
    first, second = a[:, :, None], b[:, None, :]
    return np.asarray((second > first) + 0.5 * (second == first))


def nap_of(phases: Phases) -> tuple[np.ndarray, np.ndarray]:
    """NAP and its standard error for every case; NaN where the variance estimate is not above 0."""
    m, n = phases.sizes
    q = pairs_of(phases.a, phases.b)
    nap = q.mean(axis=(1, 2))
    q1, q2 = (q.mean(axis=2) ** 2).mean(axis=1), (q.mean(axis=1) ** 2).mean(axis=1)
    variance = nap - (m + n - 1) * nap**2 + n * q1 + m * q2 - 2 * (q * q).mean(axis=(1, 2))
    held = 0.5 / (m * n)
    variance = np.where((nap == 0) | (nap == 1), held * (1 - held), variance) / ((m - 1) * (n - 1))
    return nap, np.sqrt(np.where(variance > 0, variance, np.nan))


def nap_interval(nap: np.ndarray, m: int, n: int, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Newcombe's score interval of every NAP (method 5: both sample sizes replaced by their mean)."""
    h, z = (m + n) / 2 - 1, stats.norm.ppf(0.5 + level / 2)

    def is_outside(p: np.ndarray) -> np.ndarray:
        spread = p * (1 - p) * (2 + h + (1 + 2 * h) * p * (1 - p))
        return np.asarray(m * n * (nap - p) ** 2 * (2 - p) * (1 + p) > z * z * spread)

    ends = []
    for end in (0.0, 1.0):
        inner, outer = nap.copy(), np.full_like(nap, end)
        for _halving in range(BISECTIONS):
            middle = (inner + outer) / 2
            outside = is_outside(middle)
            inner, outer = np.where(outside, inner, middle), np.where(outside, middle, outer)
        ends.append((inner + outer) / 2)
    return ends[0], ends[1]


@door(nap=Number(0, 1))
def strength_of(nap: float | None) -> str | None:
    """Label a NAP "weak", "medium" or "strong", as Parker and Vannest do.

    Parameters
    ----------
    nap : float or None
        0 to 1.

    Returns
    -------
    str or None
        None if there is no NAP.

    Notes
    -----
    Weak under .66, medium under .93, strong from .93. The labels come from a review of published studies, not
    from what matters for a student; under .50 the scores were worse during the intervention.

    References
    ----------
    Parker & Vannest (2009), Behavior Therapy 40, 357.
    """
    if nap is None or np.isnan(nap):
        return None
    return "strong" if nap >= STRONG else "medium" if nap >= MEDIUM else "weak"


@door(baseline=Number(), intervention=Number(), higher_is_better=Truth())
def percent_nonoverlap(
    baseline: Scores, intervention: Scores, *, higher_is_better: bool = True
) -> dict[str, Effect]:
    """PND, PEM, PAND and IRD by name, each a share of scores: descriptive, not verdicts.

    Parameters
    ----------
    baseline, intervention : array
        Scores of the two phases, at least 3 and 5; missing ones are left out.
    higher_is_better : bool
        If False, both phases are mirrored.

    Returns
    -------
    dict of Effect
        ``pnd``, ``pem``, ``pand`` (0 to 1) and ``ird`` (at most 1), without intervals: their sampling
        distributions are not known.

    Notes
    -----
    ``pnd`` = #(B > max A) / n: one baseline outlier breaks it, and longer baselines lower it.
    ``pem`` = [#(B > median A) + 0.5 #(B = median A)] / n. ``pand`` = the largest number of scores that can be kept
    so that every baseline score is below every intervention score / (m + n). ``ird`` (robust) =
    1 - (m+n)² (1 - PAND) / (2mn): the removed scores are split evenly between the phases.

    References
    ----------
    Scruggs & Mastropieri (1987); Ma (2006); Parker, Hagan-Burke & Vannest (2007); Parker, Vannest & Brown
    (2009); all as compared in Parker, Vannest & Davis (2011), Behavior Modification 35, 303.
    """
    phases = phases_of(baseline, intervention, higher_is_better=higher_is_better)
    if not phases.are_enough:
        return {name: phases.effect(name) for name in ("pnd", "pem", "pand", "ird")}
    return {name: phases.number(name, value[0]) for name, value in overlap_of(phases).items()}


def overlap_of(phases: Phases) -> dict[str, np.ndarray]:
    """PND, PEM, PAND and robust IRD for every case."""
    (m, n), a, b = phases.sizes, phases.a, phases.b
    middle = np.median(a, axis=1)[:, None]
    # The best cut is below all scores or at a baseline score: keep the baseline up to it, and the rest above it.
    cuts = np.concatenate([np.full((len(a), 1), -np.inf), a], axis=1)[:, :, None]
    kept = ((a[:, None, :] <= cuts).sum(axis=2) + (b[:, None, :] > cuts).sum(axis=2)).max(axis=1)
    return {
        "pnd": (b > a.max(axis=1, keepdims=True)).mean(axis=1),
        "pem": ((b > middle) + 0.5 * (b == middle)).mean(axis=1),
        "pand": kept / (m + n),
        "ird": 1 - (m + n - kept) / 2 * (1 / m + 1 / n),
    }


@door(baseline=Number(), intervention=Number(), higher_is_better=Truth(), spread=AS_IS, level=Level())
def standardized_difference(
    baseline: Scores,
    intervention: Scores,
    *,
    higher_is_better: bool = True,
    spread: str = "baseline",
    level: float = 0.95,
) -> Effect:
    """Within-case difference of means in standard deviations, with the small-sample correction.

    Parameters
    ----------
    baseline, intervention : array
        Scores of the two phases, at least 3 and 5; missing ones are left out.
    higher_is_better : bool
        If False, both phases are mirrored, so that a positive value is an improvement.
    spread : str
        "baseline": standard deviation of the baseline; "pooled": of both phases about their own means.
    level : float
        Confidence level of the interval, 0 to 1.

    Returns
    -------
    Effect
        ``smd_within`` or ``smd_within_pooled``; "undefined_zero_variance" where the spread is 0.

    Notes
    -----
    d = J (mB - mA) / s, J = 1 - 3 / (4 df - 1). Baseline: df = m - 1,
    SE = J sqrt(1/m + sB² / (n sA²) + d² / (2 df)). Pooled: df = m + n - 2, SE = J sqrt(1/m + 1/n + d² / (2 df)).
    Interval d -/+ z SE, large-sample. Not comparable with effect sizes of group studies: the spread is within one
    student. Not for scores with a trend.

    References
    ----------
    Gingerich (1984); Busk & Serlin (1992); Hedges (1981), J. Educ. Stat. 6, 107; Pustejovsky (2019),
    Psych. Methods 24, 217.
    """
    name = {"baseline": "smd_within", "pooled": "smd_within_pooled"}[spread]
    phases = phases_of(baseline, intervention, higher_is_better=higher_is_better)
    if not phases.are_enough:
        return phases.effect(name)
    (m, n), a, b = phases.sizes, phases.a[0], phases.b[0]
    va, vb = (0.0 if np.ptp(part) == 0 else part.var(ddof=1) for part in (a, b))
    df = m - 1 if spread == "baseline" else m + n - 2
    variance = va if spread == "baseline" else ((m - 1) * va + (n - 1) * vb) / df
    if variance == 0:
        return phases.effect(name, ZERO_VARIANCE)
    j = 1 - 3 / (4 * df - 1)
    d = j * (b.mean() - a.mean()) / np.sqrt(variance)
    of_means = 1 / m + (vb / (n * va) if spread == "baseline" else 1 / n)
    se = j * np.sqrt(of_means + d * d / (2 * df))
    half = stats.norm.ppf(0.5 + level / 2) * se
    return phases.number(name, d, se, (d - half, d + half))
