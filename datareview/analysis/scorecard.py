"""A transparent risk scorecard: integer points that people can add up, and the rate behind each total.

No demographics: callers pass indicators of what a student did, never of who a student is. A score prompts a
conversation; it never places a student.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
from scipy import optimize

from datareview.analysis.door import Columns, Paired, door
from datareview.analysis.equity import wilson_interval
from datareview.analysis.inputs import AS_IS, Number
from datareview.analysis.schema import INSUFFICIENT, OK, ONE_CLASS

MOST_INDICATORS = 15
MIN_EVENTS = 50  # students with, and without, the outcome needed to learn points
MIN_TOTAL = 50  # students needed behind a rate
PRIOR = 20  # number of students the base rate is worth in every rate
DOUBLE = 2.0 / np.log(2.0)  # points that double the odds: two, so one multiplies them by 1.41
RIDGE = 1.0  # penalty on the logistic coefficients: keeps them finite for indicators that separate outcomes


@dataclass(frozen=True, slots=True)
class RateBand:
    """Totals from ``low`` to ``high`` with their observed rate, shrunk toward the base rate."""

    low: int
    high: int
    n: int
    events: int
    rate: float
    rate_low: float
    rate_high: float


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Points by indicator and rates by total; ``version`` and ``cohort`` say what it was fitted on.

    ``status`` is "insufficient_data" or "undefined_one_class" if nothing could be learned from the history: then
    each indicator counts one point (cold start) and no probability is shown.
    """

    status: str
    version: str
    cohort: str
    n: int
    base_rate: float | None
    points: dict[str, int]
    bands: tuple[RateBand, ...]

    def total(self, indicators: pd.DataFrame) -> pd.Series:
        """Total points of each student; a missing indicator gives none."""
        weights = pd.Series(self.points, dtype=float)
        held = indicators.reindex(columns=weights.index).fillna(0).astype(float) > 0
        return (held * weights).sum(axis=1).astype(int)

    def rate(self, indicators: pd.DataFrame) -> pd.Series:
        """Rate of the band that contains each student's total; missing at a cold start."""
        total = self.total(indicators).to_numpy()
        if not self.bands:
            return pd.Series(np.nan, index=indicators.index)
        at = np.searchsorted([band.low for band in self.bands], total, side="right") - 1
        rates = np.array([band.rate for band in self.bands])
        return pd.Series(rates[np.clip(at, 0, len(rates) - 1)], index=indicators.index)

    def explain(self, student: pd.Series) -> list[tuple[str, int]]:
        """Indicators that gave a student points, most points first: the complete explanation of a total."""
        given = [
            (name, points)
            for name, points in self.points.items()
            if points and name in student.index and student[name] > 0
        ]
        return sorted(given, key=lambda pair: (-pair[1], pair[0]))

    def to_json(self) -> dict[str, object]:
        """Plain data for storage."""
        return asdict(self)


@door(data=AS_IS)
def scorecard_from_json(data: dict) -> Scorecard:
    """Restore a scorecard stored with `Scorecard.to_json`.

    Parameters
    ----------
    data : dict
        Plain data.

    Returns
    -------
    Scorecard
        Equal to the one that was stored.
    """
    bands = tuple(RateBand(**band) for band in data["bands"])
    return Scorecard(**{**data, "bands": bands})


@door(indicators=Columns(rest=Number()), outcome=Number(0, 1), version=AS_IS, cohort=AS_IS)
def fit_scorecard(
    indicators: pd.DataFrame, outcome: pd.Series, *, version: str = "", cohort: str = ""
) -> Scorecard:
    """Learn points and rates from students of earlier years.

    Parameters
    ----------
    indicators : DataFrame
        One row per student, one column per indicator: 1 if it applies, 0 if not, missing if unknown (counted as
        0). At most 15; each band of a quantity is a column of its own (under 25, 25 to 50).
    outcome : Series
        1 if the student later had the outcome, missing if unknown; same index, in any order. It must have become
        known after the indicators.
    version, cohort : str
        Stored with the result.

    Returns
    -------
    Scorecard
        "insufficient_data" with fewer than 50 students with or without the outcome, "undefined_one_class" if all
        outcomes are equal: a cold start, with one point for each indicator and no rates.

    Raises
    ------
    ValueError
        More than 15 indicators, or none.

    Notes
    -----
    points = round(2 b / ln 2) of a ridge-penalized logistic fit, negative ones 0: one point multiplies the odds
    by 1.41. Rate of a band = (events + 20 base) / (n + 20) with Wilson's interval of the events; totals are
    merged upward from 0 until each rate has 50 students behind it, and while a higher total has a lower rate.
    Word each indicator so that 1 is the worse case: a protective one gets no points, and its information is lost.
    Refit yearly, validate on a later year, and have people review it before use.

    References
    ----------
    Zeng, Ustun & Rudin (2017), J. R. Stat. Soc. A 180, 689 (integer scores); Sullivan, Massaro & D'Agostino
    (2004), Stat. Med. 23, 1631 (points from a regression).
    """
    if not 1 <= indicators.shape[1] <= MOST_INDICATORS:
        raise ValueError(f"A scorecard takes 1 to {MOST_INDICATORS} indicators.")
    outcome = outcome if outcome.index.equals(indicators.index) else outcome.reindex(indicators.index)
    known = outcome.notna().to_numpy()
    x = (indicators.fillna(0).to_numpy(np.float64) > 0)[known].astype(float)
    y = (outcome.to_numpy(np.float64)[known] > 0).astype(float)
    names = [str(name) for name in indicators.columns]
    events = int(y.sum())
    if min(events, len(y) - events) < MIN_EVENTS:
        status = ONE_CLASS if len(y) >= MIN_EVENTS and events in {0, len(y)} else INSUFFICIENT
        base = float(y.mean()) if len(y) else None
        return Scorecard(status, version, cohort, len(y), base, dict.fromkeys(names, 1), ())
    weights = logistic_weights(x, y)[1:]
    points = np.maximum(np.rint(DOUBLE * weights), 0).astype(int)
    card = dict(zip(names, points.tolist(), strict=True))
    totals = (x @ points).astype(int)
    return Scorecard(OK, version, cohort, len(y), float(y.mean()), card, _bands(totals, y))


@door(Paired("x", "y"), x=Number(needed=True), y=Number(0, 1, needed=True), ridge=Number(low=0, needed=True))
def logistic_weights(x: np.ndarray, y: np.ndarray, *, ridge: float = RIDGE) -> np.ndarray:
    """Intercept and coefficients of a logistic regression with a ridge penalty on the coefficients.

    Parameters
    ----------
    x : array, n × k
        Indicators.
    y : array, n
        0 or 1.
    ridge : float
        Strength of the penalty, 0 or more; 0 gives maximum likelihood.

    Returns
    -------
    array, k + 1
        Intercept first, on the scale of log odds.

    Notes
    -----
    Minimizes sum log(1 + exp(eta)) - y eta + ridge / 2 |b|², eta = a + x b, with the intercept a not penalized, by
    Newton's method within a trust region. Without a penalty the likelihood has no maximum if an indicator separates
    the outcomes.

    References
    ----------
    le Cessie & van Houwelingen (1992), Appl. Stat. 41, 191; Conn, Gould & Toint (2000), Trust-Region Methods.
    """
    design = np.column_stack([np.ones(len(x)), x])
    penalty = np.append(0.0, np.full(x.shape[1], ridge))

    def loss(b: np.ndarray) -> tuple[float, np.ndarray]:
        eta = design @ b
        value = np.logaddexp(0.0, eta).sum() - y @ eta + 0.5 * (penalty * b * b).sum()
        return float(value), design.T @ (_expit(eta) - y) + penalty * b

    def curvature(b: np.ndarray) -> np.ndarray:
        p = _expit(design @ b)
        return (design * (p * (1 - p))[:, None]).T @ design + np.diag(penalty + 1e-10)

    start = np.zeros(design.shape[1])
    found = optimize.minimize(
        loss, start, jac=True, hess=curvature, method="trust-exact", options={"gtol": 1e-8}
    )
    return np.asarray(found.x)


def _expit(eta: np.ndarray) -> np.ndarray:
    return 1.0 / (1.0 + np.exp(-np.clip(eta, -700, 700)))


def _bands(totals: np.ndarray, y: np.ndarray) -> tuple[RateBand, ...]:
    """Merge totals until each rate has enough students behind it and no higher total has a lower rate."""
    base = float(y.mean())
    n = np.bincount(totals)
    events = np.bincount(totals, y, minlength=len(n))
    groups: list[list[int]] = []  # [low, high, n, events]
    for total, (many, had) in enumerate(zip(n, events, strict=True)):
        groups.append([total, total, int(many), int(had)])
        while len(groups) > 1 and (
            groups[-2][2] < MIN_TOTAL or _shrunk(groups[-1], base) < _shrunk(groups[-2], base)
        ):
            if groups[-1][2] == 0 and groups[-2][2] >= MIN_TOTAL:
                break
            _merge(groups)
    while len(groups) > 1 and (
        groups[-1][2] < MIN_TOTAL or _shrunk(groups[-1], base) < _shrunk(groups[-2], base)
    ):
        _merge(groups)
    bands = []
    for low, high, many, had in groups:
        rate_low, rate_high = wilson_interval(had, many)
        bands.append(
            RateBand(low, high, many, had, _shrunk([low, high, many, had], base), rate_low, rate_high)
        )
    return tuple(bands)


def _merge(groups: list[list[int]]) -> None:
    last = groups.pop()
    groups[-1] = [groups[-1][0], last[1], groups[-1][2] + last[2], groups[-1][3] + last[3]]


def _shrunk(group: list[int], base: float) -> float:
    return (group[3] + PRIOR * base) / (group[2] + PRIOR)
