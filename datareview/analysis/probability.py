"""Calibration of probabilities: how often what was called likely came true."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from datareview.analysis.door import Paired, door
from datareview.analysis.flagquality import known_outcomes
from datareview.analysis.inputs import Number
from datareview.analysis.schema import INSUFFICIENT, OK
from datareview.analysis.scorecard import logistic_weights

BINS = 10


@dataclass(frozen=True, slots=True)
class Calibration:
    """How well predicted probabilities match what happened.

    Brier score, expected calibration error, and the means predicted (``said``) and observed (``seen``). ``slope`` 1
    and ``intercept`` 0 are perfect; a slope under 1 means the probabilities are too extreme. Both are None if they
    are not defined.
    """

    status: str
    n: int
    positives: int
    brier: float | None = None
    ece: float | None = None
    said: float | None = None
    seen: float | None = None
    slope: float | None = None
    intercept: float | None = None


@door(Paired("probability", "outcome"), probability=Number(), outcome=Number(0, 1))
def calibration(probability: np.ndarray, outcome: np.ndarray) -> Calibration:
    """Brier score and ten-bin expected calibration error of probabilities from 0 to 1.

    Parameters
    ----------
    probability : array
        Predicted probabilities, 0 to 1; others are left out.
    outcome : array
        As for `rank_quality`.

    Returns
    -------
    Calibration
        ``slope`` and ``intercept`` are None if they are not defined: probabilities or outcomes are all equal, or the
        outcomes are perfectly separated.

    Notes
    -----
    Brier = mean (p - y)²; ECE = sum over ten bins of equal width (1.0 belongs to the last) of |sum p - sum y| / n;
    slope and intercept: logit P(y) = a + b logit p by maximum likelihood. Calibration in the large is ``said``
    minus ``seen``. With fewer than 50 positives the error is mostly noise: show counts instead.

    References
    ----------
    Brier (1950), Mon. Weather Rev. 78, 1; Naeini and others (2015), AAAI 29; Cox (1958), Biometrika 45, 562
    (slope and intercept: logit of the outcome on the logit of what was said).
    """
    p, y = known_outcomes(probability, outcome)
    inside = (p >= 0) & (p <= 1)
    p, y = p[inside], y[inside]
    n = len(p)
    if not n:
        return Calibration(INSUFFICIENT, 0, 0)
    bins = np.minimum((p * BINS).astype(np.int64), BINS - 1)
    apart = np.abs(np.bincount(bins, p - y, minlength=BINS)).sum() / n
    return Calibration(
        OK,
        n,
        int(y.sum()),
        float(((p - y) ** 2).mean()),
        float(apart),
        float(p.mean()),
        float(y.mean()),
        *_slope(p, y),
    )


def _slope(p: np.ndarray, y: np.ndarray) -> tuple[float | None, float | None]:
    """Slope and intercept of the logistic recalibration."""
    if np.ptp(p) == 0 or y.min() == y.max():
        return None, None
    with_outcome, without = p[y > 0], p[y == 0]
    if without.max() <= with_outcome.min() or with_outcome.max() <= without.min():
        return None, None  # perfectly separated: the likelihood has no maximum
    inside = np.clip(p, 1e-6, 1 - 1e-6)
    intercept, slope = logistic_weights(np.log(inside / (1 - inside))[:, None], y.astype(float), ridge=0.0)
    return float(slope), float(intercept)
