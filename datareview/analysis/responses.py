"""Log response ratios of two phases: how much more or less of a behavior, for scales with a true zero."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from datareview.analysis.door import door
from datareview.analysis.inputs import AS_IS, Level, Number, Truth
from datareview.analysis.phases import Effect, Scores, phases_of
from datareview.analysis.schema import NOT_CALCULATED

RATIO_SCALES = ("count", "rate", "percentage", "proportion", "other")
_WHOLE = {"percentage": 100.0, "proportion": 1.0}


@dataclass(frozen=True, slots=True)
class ResponseRatio:
    """A log response ratio, also as percent change, with intervals; None where ``status`` is not "ok"."""

    log: Effect
    percent: float | None = None
    percent_low: float | None = None
    percent_high: float | None = None


@door(
    baseline=Number(),
    intervention=Number(),
    scale=AS_IS,
    higher_is_better=Truth(),
    floor=Number(low=0),
    level=Level(),
)
def log_response_ratio(
    baseline: Scores,
    intervention: Scores,
    *,
    scale: str | None,
    higher_is_better: bool = True,
    floor: float | None = None,
    level: float = 0.95,
) -> dict[str, ResponseRatio]:
    """LRR-i and LRR-d: the logarithm of the ratio of the phases' means, and the percent change.

    Parameters
    ----------
    baseline, intervention : array
        Scores of the two phases, 0 or more, at least 3 and 5; missing ones are left out.
    scale : str or None
        "count", "rate", "percentage" (0 to 100), "proportion" (0 to 1) or "other" for another scale with a true
        zero. None or any other word is not a ratio scale, and nothing is calculated (a scaled score has no true
        zero).
    higher_is_better : bool
        Whether an increase is an improvement.
    floor : float, optional
        The constant D, which sets the smallest mean that could have been observed: 1 for counts (their default),
        minutes per session for rates, intervals or items per session for proportions, a hundredth of that for
        percentages. Without it a mean of 0 has no ratio.
    level : float
        Confidence level of the intervals, 0 to 1.

    Returns
    -------
    dict of ResponseRatio
        ``lrr_i``: positive is an improvement; ``lrr_d``: negative is an improvement. "not_calculated" if the
        scale is not a ratio scale, a score is outside it or a mean is 0.

    Notes
    -----
    R = ln mB + sB²/(2 nB mB²) - [the same of A]; SE = sqrt(sum s²/(n m²)); interval R -/+ z SE; percent change
    100 (e^R - 1). Means are at least 1/(2Dn) and variances at least 1/(D² n³). For percentages and proportions
    the version against the direction of improvement uses the complement (100 - mean). Assumes independent scores
    without trend.

    References
    ----------
    Pustejovsky (2015), Psych. Methods 20, 342; Pustejovsky (2018), J. School Psych. 68, 99; R package
    SingleCaseES, LRRi and LRRd.
    """
    phases = phases_of(baseline, intervention)
    if not phases.are_enough:
        return {name: ResponseRatio(phases.effect(name)) for name in ("lrr_i", "lrr_d")}
    out = {}
    z = stats.norm.ppf(0.5 + level / 2)
    held = 1.0 if floor is None and scale == "count" else floor
    for name, wants_more in (("lrr_i", True), ("lrr_d", False)):
        ratio = _log_ratio(phases.a[0], phases.b[0], scale, higher_is_better == wants_more, held)
        if ratio is None:
            out[name] = ResponseRatio(phases.effect(name, NOT_CALCULATED))
            continue
        value, se = ratio
        low, high = value - z * se, value + z * se
        percent = (float(100 * np.expm1(part)) for part in (value, low, high))
        out[name] = ResponseRatio(phases.number(name, value, se, (low, high)), *percent)
    return out


def _log_ratio(
    a: np.ndarray, b: np.ndarray, scale: str | None, is_in_direction: bool, floor: float | None
) -> tuple[float, float] | None:
    """Bias-corrected log ratio and its standard error; None if there is no ratio."""
    whole = _WHOLE.get(scale or "", np.inf)
    both = np.concatenate([a, b])
    if scale not in RATIO_SCALES or (both < 0).any() or (both > whole).any():
        return None
    turns = not is_in_direction and np.isfinite(whole)
    sign = 1.0 if is_in_direction or turns else -1.0
    logs, variances = [], []
    for part in (a, b):
        n = len(part)
        mean = whole - part.mean() if turns else part.mean()
        variance = 0.0 if np.ptp(part) == 0 else part.var(ddof=1)
        if floor:
            mean, variance = max(mean, 1 / (2 * floor * n)), max(variance, 1 / (floor**2 * n**3))
        if mean <= 0:
            return None
        variances.append(variance / (n * mean**2))
        logs.append(np.log(mean) + variances[-1] / 2)
    return sign * float(logs[1] - logs[0]), float(np.sqrt(sum(variances)))
