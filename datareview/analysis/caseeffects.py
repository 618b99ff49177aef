"""All effect indices of one student's two phases, which of them to show, and the same for many students."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from datareview.analysis.door import Columns, door
from datareview.analysis.inputs import AS_IS, Key, Level, Number, Ordinal, Truth
from datareview.analysis.kendall import theil_sen
from datareview.analysis.phases import MIN_BASELINE, MIN_INTERVENTION, Effect, Phases, Scores
from datareview.analysis.responses import ResponseRatio, log_response_ratio
from datareview.analysis.schema import INSUFFICIENT, OK, days_of
from datareview.analysis.singlecase import (
    MEDIUM,
    STRONG,
    nap_interval,
    nap_of,
    nonoverlap_of_all_pairs,
    overlap_of,
    percent_nonoverlap,
    standardized_difference,
    strength_of,
)
from datareview.analysis.tau import (
    BaselineTrend,
    Days,
    baseline_corrected_tau,
    phase_correlation,
    tau_family,
    taus_of,
    trend_of,
    without_trend,
)

BLOCK_PAIRS = 2_000_000  # pairs of scores compared at once: about 50 MB


@dataclass(frozen=True, slots=True)
class CaseEffects:
    """Every index by name, the name of the one to show, and the reason for that choice."""

    status: str
    preferred: str
    trend: BaselineTrend
    strength: str | None = None
    effects: dict[str, Effect] = field(default_factory=dict)
    responses: dict[str, ResponseRatio] = field(default_factory=dict)


@door(
    baseline=Number(),
    intervention=Number(),
    days=Ordinal(),
    higher_is_better=Truth(),
    scale=AS_IS,
    floor=Number(low=0),
    level=Level(),
)
def effects(
    baseline: Scores,
    intervention: Scores,
    *,
    days: Days | None = None,
    higher_is_better: bool = True,
    scale: str | None = None,
    floor: float | None = None,
    level: float = 0.95,
) -> CaseEffects:
    """Return all indices of one student's baseline and intervention, and which of them to show.

    Parameters
    ----------
    baseline, intervention : array
        Scores of the two phases, at least 3 and 5 (with fewer show only a graph); missing ones are left out.
    days : two arrays, optional
        Days of the scores, as ordinals; by default the sessions are evenly spaced.
    higher_is_better : bool
        Whether an increase is an improvement.
    scale, floor : str, float, optional
        See `responses.log_response_ratio`; without a ratio scale there are no response ratios.
    level : float
        Confidence level of the intervals, 0 to 1.

    Returns
    -------
    CaseEffects
        ``effects`` holds ``nap``, ``pnd``, ``pem``, ``pand``, ``ird``, ``tau``, ``tau_u_parker``,
        ``tau_ab_plus_b_minus_a``, ``tau_bc``, ``tau_bc_nonoverlap``, ``smd_within`` and
        ``smd_within_pooled``; ``responses`` holds ``lrr_i`` and ``lrr_d``. ``strength`` is that of NAP.

    Notes
    -----
    Say "scores were higher during ...", never what caused it. The scores of a student chosen for a low score rise
    without any help: show `measurement.expected_retest` beside them.

    References
    ----------
    Parker, Vannest & Davis (2011), Behavior Modification 35, 303; What Works Clearinghouse (2022), Standards
    Handbook 5.0, ch. VI.
    """
    better = higher_is_better
    corrected = baseline_corrected_tau(
        baseline, intervention, days=days, higher_is_better=better, level=level
    )
    nap = nonoverlap_of_all_pairs(baseline, intervention, higher_is_better=better, level=level)
    smd = [
        standardized_difference(baseline, intervention, higher_is_better=better, spread=by, level=level)
        for by in ("baseline", "pooled")
    ]
    found = {
        "nap": nap,
        **percent_nonoverlap(baseline, intervention, higher_is_better=better),
        **tau_family(baseline, intervention, days=days, higher_is_better=better, level=level),
        "tau_bc": corrected.tau_bc,
        "tau_bc_nonoverlap": corrected.tau_bc_nonoverlap,
        **{one.name: one for one in smd},
    }
    responses = log_response_ratio(
        baseline, intervention, scale=scale, higher_is_better=better, floor=floor, level=level
    )
    preferred = preferred_index(corrected.trend)
    return CaseEffects(nap.status, preferred, corrected.trend, strength_of(nap.value), found, responses)


@door(trend=AS_IS)
def preferred_index(trend: BaselineTrend) -> str:
    """Choose the index to show: "tau_bc" if the baseline had a trend (p <= .05 or |tau| >= .4), else "nap".

    Parameters
    ----------
    trend : BaselineTrend
        From `tau.baseline_trend`.

    Returns
    -------
    str
        A key of `CaseEffects.effects`.

    Notes
    -----
    A baseline that was already rising makes every overlap index high without any intervention.

    References
    ----------
    Parker and others (2011), Behavior Therapy 42, 284; Tarlow (2017), Behavior Modification 41, 427.
    """
    return "tau_bc" if trend.is_marked else "nap"


_COLUMNS = [
    "nap", "nap_se", "nap_low", "nap_high", "pnd", "pem", "pand", "ird", "tau", "tau_u_parker",
    "tau_ab_plus_b_minus_a", "baseline_tau", "baseline_p", "tau_bc", "tau_bc_p", "tau_bc_nonoverlap",
]  # fmt: skip


@door(
    scores=Columns(
        series=Key(),
        is_intervention=Truth(),
        day=Ordinal(),
        value=Number(),
        maybe={"higher_is_better": Truth()},
    ),
    level=Level(),
)
def effects_by_series(scores: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    """Return the overlap indices of many students' two phases at once.

    Parameters
    ----------
    scores : DataFrame
        Columns ``series`` (any sortable key), ``is_intervention`` (bool: the phase), ``day`` (dates or
        ordinals), ``value``, and optionally ``higher_is_better`` (bool, one per series; default True).
        Missing and infinite values are left out; several values of one day and phase become their median.
    level : float
        Confidence level of the interval of NAP, 0 to 1.

    Returns
    -------
    DataFrame
        One row per series, indexed by ``series`` in sorted order: ``status``, ``n_baseline``,
        ``n_intervention``, ``preferred``, ``strength``, and the indices by the names of `effects`, with
        ``nap_se``, ``nap_low``, ``nap_high``, ``baseline_tau``, ``baseline_p`` and ``tau_bc_p``. Numbers are
        missing with fewer than 3 baseline or 5 intervention days.

    Notes
    -----
    Uses the formulas of `effects`; cases with the same two phase lengths are calculated together. ``tau_bc`` is
    corrected only where the baseline's trend is marked.
    """
    points, mirrored = _points(scores)
    keys = np.unique(scores["series"].to_numpy())
    out = pd.DataFrame(index=pd.Index(keys, name="series"))
    code = np.searchsorted(keys, points["series"].to_numpy())
    is_b = points["is_intervention"].to_numpy(bool)
    m, n = (np.bincount(code[which], minlength=len(keys)) for which in (~is_b, is_b))
    enough = (m >= MIN_BASELINE) & (n >= MIN_INTERVENTION)
    out["status"] = np.where(enough, OK, INSUFFICIENT)
    out["n_baseline"], out["n_intervention"] = m, n
    numbers = {name: np.full(len(keys), np.nan) for name in _COLUMNS}
    marked = np.zeros(len(keys), bool)
    start = np.concatenate([[0], np.cumsum(m + n)[:-1]]).astype(np.int64)
    day, value = points["day"].to_numpy(np.float64), mirrored
    for size_a, size_b in np.unique(np.stack([m[enough], n[enough]], axis=1), axis=0):
        which = np.flatnonzero(enough & (m == size_a) & (n == size_b))
        pairs = (size_a + size_b) ** 2
        for block in np.array_split(which, max(1, len(which) * pairs // BLOCK_PAIRS)):
            at = start[block][:, None] + np.arange(size_a + size_b)
            a, b = at[:, :size_a], at[:, size_a:]
            phases = Phases(value[a], value[b], day[a], day[b])
            marked[block] = _fill(numbers, block, phases, level)
    for name, column in numbers.items():
        out[name] = column
    out["preferred"] = pd.Series(np.where(marked, "tau_bc", "nap"), out.index).where(enough)
    nap = out["nap"].to_numpy()
    words = np.where(nap >= STRONG, "strong", np.where(nap >= MEDIUM, "medium", "weak"))
    out["strength"] = pd.Series(words, out.index).where(enough)
    return out


def _points(scores: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray]:
    """Usable points, one per day and phase, the baseline of each series first; and their mirrored values."""
    better = scores["higher_is_better"] if "higher_is_better" in scores else np.ones(len(scores), bool)
    points = pd.DataFrame(
        {
            "series": scores["series"].to_numpy(),
            "is_intervention": scores["is_intervention"].to_numpy(bool),
            "day": days_of(scores["day"]),
            "value": pd.to_numeric(scores["value"]).to_numpy(np.float64),
            "better": np.asarray(better, bool),
        }
    )
    order = ["series", "is_intervention", "day"]
    points = points[np.isfinite(points["value"].to_numpy())].sort_values(order, kind="stable")
    if points.duplicated(order).any():
        points = points.groupby(order, as_index=False, sort=True).agg({"value": "median", "better": "first"})
    return points, np.where(points["better"], 1.0, -1.0) * points["value"].to_numpy()


def _fill(numbers: dict[str, np.ndarray], at: np.ndarray, phases: Phases, level: float) -> np.ndarray:
    """Write the indices of all cases of one size to their rows; return which have a marked baseline trend."""
    nap, se = nap_of(phases)
    low, high = nap_interval(nap, *phases.sizes, level)
    tau, p, marked = trend_of(phases)
    slope = np.where(marked, theil_sen(phases.a_time, phases.a), 0.0)
    corrected = without_trend(phases, slope)
    tau_bc, tau_bc_p = phase_correlation(corrected)
    found = {"nap": nap, "nap_se": se, "nap_low": low, "nap_high": high, "baseline_tau": tau, "baseline_p": p}
    found |= {"tau_bc": tau_bc, "tau_bc_p": tau_bc_p, "tau_bc_nonoverlap": taus_of(corrected)["tau"]}
    for name, column in (found | overlap_of(phases) | taus_of(phases)).items():
        numbers[name][at] = column
    return marked
