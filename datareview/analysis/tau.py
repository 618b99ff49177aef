"""The Tau family for two phases: nonoverlap, with and without a correction for trend within the phases."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from datareview.analysis.door import Paired, door
from datareview.analysis.inputs import AS_IS, Level, Number, Ordinal, Truth
from datareview.analysis.kendall import kendall_p, kendall_s, normal_p, theil_sen, ties_of
from datareview.analysis.phases import MIN_BASELINE, Effect, Phases, Scores, phases_of
from datareview.analysis.schema import INSUFFICIENT, OK, ZERO_VARIANCE
from datareview.analysis.singlecase import nap_interval, nap_of

SIGNIFICANT = 0.05  # Tarlow's significance level for the baseline's trend
MARKED_TAU = 0.4  # a baseline trend of this size is corrected for even if it is not significant
SAME = 1e-9  # share of the scale; corrected scores closer than this are tied
Days = tuple[Scores, Scores]


@dataclass(frozen=True, slots=True)
class BaselineTrend:
    """Kendall's tau-b of the baseline with time, its p-value and Theil–Sen slope (improvement per day or session)."""

    status: str
    tau: float | None = None
    p: float | None = None
    slope: float | None = None
    is_marked: bool = False


@dataclass(frozen=True, slots=True)
class CorrectedTau:
    """Baseline-corrected Tau in both conventions, with the baseline trend and whether it was removed."""

    tau_bc: Effect
    tau_bc_nonoverlap: Effect
    trend: BaselineTrend
    is_corrected: bool = False


@door(baseline=Number(), intervention=Number(), days=Ordinal(), higher_is_better=Truth(), level=Level())
def tau_family(
    baseline: Scores,
    intervention: Scores,
    *,
    days: Days | None = None,
    higher_is_better: bool = True,
    level: float = 0.95,
) -> dict[str, Effect]:
    """Tau and two conventions of Tau-U, keyed by the names under which results are stored.

    Parameters
    ----------
    baseline, intervention : array
        Scores of the two phases in order of time, at least 3 and 5; missing ones are left out.
    days : two arrays, optional
        Days of the scores, as ordinals; scores of one day become their median. By default the scores are taken in
        the order given.
    higher_is_better : bool
        If False, both phases are mirrored.
    level : float
        Confidence level of the interval of ``tau``, 0 to 1.

    Returns
    -------
    dict of Effect
        ``tau`` (-1 to 1, with standard error and interval), and without intervals, since their sampling
        distributions are not known, ``tau_u_parker`` (can leave -1 to 1) and ``tau_ab_plus_b_minus_a`` (-1 to 1).

    Notes
    -----
    S = the number of pairs that rise in order of time minus those that fall. ``tau`` = S_AB / (mn) = 2 NAP - 1.
    ``tau_u_parker`` = (S_AB - S_A) / (mn). ``tau_ab_plus_b_minus_a`` =
    (S_AB + S_B - S_A) / (mn + n(n-1)/2 + m(m-1)/2). Papers use the name Tau-U for different formulas: never compare
    values under two names. With a short baseline Tau-U corrects little of a trend; prefer
    `baseline_corrected_tau` there.

    References
    ----------
    Parker, Vannest, Davis & Sauber (2011), Behavior Therapy 42, 284; Tarlow (2017), Behavior Modification 41, 427.
    """
    phases = phases_of(baseline, intervention, days=days, higher_is_better=higher_is_better)
    if not phases.are_enough:
        return {name: phases.effect(name) for name in ("tau", "tau_u_parker", "tau_ab_plus_b_minus_a")}
    family = {name: phases.number(name, value[0]) for name, value in taus_of(phases).items()}
    return family | {"tau": _nonoverlap(phases, "tau", level)}


def taus_of(phases: Phases) -> dict[str, np.ndarray]:
    """All three conventions for every case."""
    m, n = phases.sizes
    between = np.sign(phases.b[:, None, :] - phases.a[:, :, None]).sum(axis=(1, 2))
    in_a, in_b = kendall_s(phases.a_time, phases.a), kendall_s(phases.b_time, phases.b)
    everything = m * n + n * (n - 1) / 2 + m * (m - 1) / 2
    return {
        "tau": between / (m * n),
        "tau_u_parker": (between - in_a) / (m * n),
        "tau_ab_plus_b_minus_a": (between + in_b - in_a) / everything,
    }


def _nonoverlap(phases: Phases, name: str, level: float) -> Effect:
    """Tau with the standard error and interval of NAP, rescaled."""
    nap, se = nap_of(phases)
    low, high = nap_interval(nap, *phases.sizes, level)
    return phases.number(name, 2 * nap[0] - 1, 2 * se[0], (2 * low[0] - 1, 2 * high[0] - 1))


@door(
    baseline=Number(),
    intervention=Number(),
    days=Ordinal(),
    higher_is_better=Truth(),
    correct=AS_IS,
    level=Level(),
)
def baseline_corrected_tau(
    baseline: Scores,
    intervention: Scores,
    *,
    days: Days | None = None,
    higher_is_better: bool = True,
    correct: str = "when_marked",
    level: float = 0.95,
) -> CorrectedTau:
    """Tau after removing the baseline's own trend from both phases.

    Parameters
    ----------
    baseline, intervention : array
        Scores of the two phases, at least 3 and 5; missing ones are left out.
    days : two arrays, optional
        Days of the scores, as ordinals; scores of one day become their median. By default the sessions are evenly
        spaced.
    higher_is_better : bool
        If False, both phases are mirrored.
    correct : str
        When to correct. "when_marked": the baseline's trend has p <= .05 or |tau| >= .4; "when_significant":
        p <= .05 (Tarlow); "always".
    level : float
        Confidence level of the intervals, 0 to 1.

    Returns
    -------
    CorrectedTau
        ``tau_bc``: Kendall's tau-b of the corrected scores with the phase (Tarlow; cannot reach 1: about .71 is the
        limit for phases of equal length), with its p-value. ``tau_bc_nonoverlap``: the same scores as a share of
        pairs, -1 to 1. Both use the uncorrected scores if ``is_corrected`` is False.

    Notes
    -----
    Steps: Kendall's test of the baseline against time; Theil–Sen slope of the baseline (the median slope of all
    its pairs); scores minus slope times time; tau. tau_b = S / sqrt(mn (N(N-1)/2 - ties)).
    SE of ``tau_bc`` = sqrt(2 (1 - tau²) / (m+n)) (Tarlow), of the other 2 SE(NAP). p: normal with corrections for
    continuity and ties. None of these errors allows for the slope being an estimate: with fewer than about seven
    baseline scores take the figures as descriptive. A baseline trend extended far into the intervention can leave
    the scale.

    References
    ----------
    Tarlow (2017), Behavior Modification 41, 427; Kendall (1970), Rank Correlation Methods, p. 35; Parker and
    others (2011), Behavior Therapy 42, 284 (.40).
    """
    phases = phases_of(baseline, intervention, days=days, higher_is_better=higher_is_better)
    names = "tau_bc", "tau_bc_nonoverlap"
    if not phases.are_enough:
        return CorrectedTau(phases.effect(names[0]), phases.effect(names[1]), BaselineTrend(INSUFFICIENT))
    trend = _trend(phases)
    p = 1.0 if trend.p is None else trend.p
    corrects = {"when_marked": trend.is_marked, "when_significant": p <= SIGNIFICANT, "always": True}[correct]
    if corrects:
        phases = without_trend(phases, theil_sen(phases.a_time, phases.a))
    tau, p_phase = (part[0] for part in phase_correlation(phases))
    se = np.sqrt(2 * (1 - tau * tau) / sum(phases.sizes))
    half = stats.norm.ppf(0.5 + level / 2) * se
    whole = phases.number(names[0], tau, se, (max(tau - half, -1.0), min(tau + half, 1.0)), p_phase)
    return CorrectedTau(whole, _nonoverlap(phases, names[1], level), trend, corrects)


@door(Paired("baseline", "days"), baseline=Number(), days=Ordinal(), higher_is_better=Truth())
def baseline_trend(
    baseline: Scores, *, days: Scores | None = None, higher_is_better: bool = True
) -> BaselineTrend:
    """Test whether the baseline had a trend before the intervention: Kendall's tau-b with time, p-value and slope.

    Parameters
    ----------
    baseline : array
        At least 3 scores, on different days; missing ones are left out.
    days : array, optional
        Days of the scores, as ordinals; by default the sessions are evenly spaced.
    higher_is_better : bool
        If False, the scores are mirrored, so that a trend above 0 is always an improvement.

    Returns
    -------
    BaselineTrend
        ``is_marked``: p <= .05 or |tau| >= .4. "undefined_zero_variance", and not marked, if all scores are equal.

    Notes
    -----
    tau_b = S / sqrt((pairs - pairs of one day) (pairs - tied pairs)). p is exact without ties and up to 50 scores,
    else normal with corrections for ties and continuity. It cannot be under .33 with 3 scores or under .08 with 4,
    which is why the size of tau counts too. Three scores in random order are marked one time in three.

    References
    ----------
    Kendall (1970), Rank Correlation Methods; Parker and others (2011), Behavior Therapy 42, 284 (.40).
    """
    phases = phases_of(
        baseline, [], days=None if days is None else (days, []), higher_is_better=higher_is_better
    )
    if phases.sizes[0] < MIN_BASELINE:
        return BaselineTrend(INSUFFICIENT)
    return _trend(phases)


def _trend(phases: Phases) -> BaselineTrend:
    if np.ptp(phases.a) == 0:
        return BaselineTrend(ZERO_VARIANCE)
    tau, p, marked = (part[0] for part in trend_of(phases))
    return BaselineTrend(OK, float(tau), float(p), float(theil_sen(phases.a_time, phases.a)[0]), bool(marked))


def trend_of(phases: Phases) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """tau-b of the baseline with time, its two-sided p-value, and whether it is marked, for every case."""
    s = kendall_s(phases.a_time, phases.a)
    pairs = phases.a.shape[1] * (phases.a.shape[1] - 1) / 2
    (tied_t, *_), (tied_y, *_) = ties_of(phases.a_time), ties_of(phases.a)
    scale = np.sqrt((pairs - tied_t) * (pairs - tied_y))
    tau = np.where(scale > 0, s / np.where(scale > 0, scale, 1.0), 0.0)
    p = kendall_p(s, phases.a_time, phases.a)
    return tau, p, (p <= SIGNIFICANT) | (np.abs(tau) >= MARKED_TAU - 1e-12)


def without_trend(phases: Phases, slope: np.ndarray) -> Phases:
    """Subtract the baseline's line from both phases; results that differ only by rounding are made equal.

    If the scores stay on that line through the intervention, all corrected scores are tied and must stay tied.
    """
    start = phases.a_time[:, :1]
    a = phases.a - slope[:, None] * (phases.a_time - start)
    b = phases.b - slope[:, None] * (phases.b_time - start)
    reach = np.maximum(np.abs(phases.a).max(axis=1), np.abs(phases.b).max(axis=1))
    reach = np.maximum(reach, np.abs(slope) * (phases.b_time.max(axis=1) - start[:, 0]))
    grid = np.where(reach > 0, reach, 1.0)[:, None] * SAME
    return Phases(np.round(a / grid), np.round(b / grid), phases.a_time, phases.b_time)


def phase_correlation(phases: Phases) -> tuple[np.ndarray, np.ndarray]:
    """Kendall's tau-b of scores with phase and its two-sided p-value, for every case; 0 and 1 if all scores tie."""
    (m, n), a, b = phases.sizes, phases.a, phases.b
    everything = np.concatenate([a, b], axis=1)
    phase = np.repeat([[0.0] * m + [1.0] * n], len(a), axis=0)
    s = np.sign(b[:, None, :] - a[:, :, None]).sum(axis=(1, 2))
    scale = np.sqrt(m * n * ((m + n) * (m + n - 1) / 2 - ties_of(everything)[0]))
    tau = np.where(scale > 0, s / np.where(scale > 0, scale, 1.0), 0.0)
    return tau, normal_p(s, phase, everything)
