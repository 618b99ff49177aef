"""Quality of flags: ranking, precision at a team's capacity, calibration; always with n and the base rate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from datareview.analysis.door import Paired, door
from datareview.analysis.inputs import Count, Level, Number
from datareview.analysis.schema import INSUFFICIENT, OK, ONE_CLASS
from datareview.analysis.singlecase import nap_interval

MIN_POSITIVES = 50


@dataclass(frozen=True, slots=True)
class Ranking:
    """How well a score ranks students with the outcome first; figures are None unless ``status`` is "ok"."""

    status: str
    n: int
    positives: int
    is_validated: bool
    auc: float | None = None
    low: float | None = None
    high: float | None = None
    average_precision: float | None = None
    se: float | None = None


def known_outcomes(score: np.ndarray, outcome: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pairs in which both are known, with the outcome as 0 or 1."""
    s, y = np.asarray(score, np.float64), np.asarray(outcome, np.float64)
    known = np.isfinite(s) & np.isfinite(y)
    return s[known], (y[known] > 0).astype(np.int64)


@door(Paired("score", "outcome"), score=Number(), outcome=Number(0, 1), level=Level())
def rank_quality(score: np.ndarray, outcome: np.ndarray, *, level: float = 0.95) -> Ranking:
    """Area under the ROC curve with its interval, and average precision.

    Parameters
    ----------
    score : array
        Higher means more at risk, any scale; ties share their ranks.
    outcome : array
        0 or 1, known only after the score was made: split students by time, never at random.
    level : float
        Confidence level of the interval.

    Returns
    -------
    Ranking
        "undefined_one_class" if all outcomes are equal. ``is_validated`` from 50 positives and 50 negatives; with
        fewer say "not validated here". If the ranking is perfect or perfectly wrong, ``se`` is missing and the
        interval is Newcombe's, since the formula would claim certainty.

    Notes
    -----
    AUC = P(score of a positive > score of a negative) + P(equal) / 2, by mid-ranks. se² = [A(1-A) + (n1-1)(Q1-A²)
    + (n0-1)(Q2-A²)] / n1 n0, Q1 = A/(2-A), Q2 = 2A²/(1+A); interval A -/+ z se within 0 and 1. Average precision
    is the sum of precision times the recall gained, tied scores entering together; its floor is the base rate.
    The interval assumes exponential scores: with normal ones it covers 95 % if positives and negatives are equal in
    number and 97 to 98 % if a quarter or fewer are positive, but 91 % if three quarters are.

    References
    ----------
    Hanley & McNeil (1982), Radiology 143, 29; Newcombe (2006), Stat. Med. 25, 559 (method 5, at the ends).
    """
    s, y = known_outcomes(score, outcome)
    n, positives = len(y), int(y.sum())
    negatives = n - positives
    if not n or not positives or not negatives:
        return Ranking(ONE_CLASS if n else INSUFFICIENT, n, positives, is_validated=False)
    ranks = stats.rankdata(s)
    auc = float((ranks[y == 1].sum() - positives * (positives + 1) / 2) / (positives * negatives))
    q1, q2 = auc / (2 - auc), 2 * auc * auc / (1 + auc)
    variance = auc * (1 - auc) + (positives - 1) * (q1 - auc**2) + (negatives - 1) * (q2 - auc**2)
    enough, precision = min(positives, negatives) >= MIN_POSITIVES, _average_precision(s, y)
    if auc in {0.0, 1.0}:
        ends = nap_interval(np.array([auc]), negatives, positives, level)
        return Ranking(OK, n, positives, enough, auc, float(ends[0][0]), float(ends[1][0]), precision)
    se = float(np.sqrt(max(variance, 0.0) / (positives * negatives)))
    half = float(stats.norm.ppf(0.5 + level / 2)) * se
    return Ranking(OK, n, positives, enough, auc, max(auc - half, 0.0), min(auc + half, 1.0), precision, se)


def _average_precision(s: np.ndarray, y: np.ndarray) -> float:
    """Sum of precision times the recall gained at each distinct score; ties enter together."""
    order = np.argsort(-s, kind="stable")
    s, y = s[order], y[order]
    ends = np.append(np.flatnonzero(np.diff(s)), len(s) - 1)
    hits = np.cumsum(y)[ends]
    gained = np.diff(np.concatenate([[0], hits])) / y.sum()
    return float((gained * hits / (ends + 1)).sum())


@dataclass(frozen=True, slots=True)
class AtCapacity:
    """How many of the ``k`` students a team can serve have the outcome; with ties, expected counts."""

    status: str
    k: int
    n: int
    positives: int
    true_flags: float | None = None
    false_flags: float | None = None
    precision: float | None = None
    recall: float | None = None
    lift: float | None = None
    threshold: float | None = None


@door(Paired("score", "outcome"), score=Number(), outcome=Number(0, 1), k=Count())
def at_capacity(score: np.ndarray, outcome: np.ndarray, k: int) -> AtCapacity:
    """Precision, recall and lift of the ``k`` highest scores: "of 30 flagged, expect about 25".

    Parameters
    ----------
    score, outcome : array
        As for `rank_quality`.
    k : int
        Number of students a team can serve; capped at the number of students.

    Returns
    -------
    AtCapacity
        "insufficient_data" without students or capacity, "undefined_one_class" if all outcomes are equal.
        ``threshold`` is the lowest score served.

    Notes
    -----
    precision = true flags / k; recall = true flags / positives; lift = precision / base rate. Scores tied for the
    last place count fractionally, so the result does not depend on the order of rows.

    References
    ----------
    Precision at k: Manning, Raghavan & Schütze (2008), Introduction to Information Retrieval, ch. 8.4.
    """
    s, y = known_outcomes(score, outcome)
    n, positives = len(y), int(y.sum())
    k = min(k, n)
    if k < 1:
        return AtCapacity(INSUFFICIENT, max(k, 0), n, positives)
    if positives in {0, n}:
        return AtCapacity(ONE_CLASS, k, n, positives)
    cut = np.sort(s)[n - k]
    above, tied = s > cut, s == cut
    hits = float(y[above].sum() + y[tied].sum() * (k - above.sum()) / tied.sum())
    precision = hits / k
    lift = precision / (positives / n)
    return AtCapacity(OK, k, n, positives, hits, k - hits, precision, hits / positives, lift, float(cut))


@dataclass(frozen=True, slots=True)
class AtThreshold:
    """Effect of a threshold: counts and shares of the students at or above it and below it."""

    status: str
    n: int
    positives: int
    flagged: int
    true_flags: int
    sensitivity: float | None = None
    specificity: float | None = None
    precision: float | None = None


@door(Paired("score", "outcome"), score=Number(), outcome=Number(0, 1), threshold=Number(needed=True))
def at_threshold(score: np.ndarray, outcome: np.ndarray, threshold: float) -> AtThreshold:
    """Sensitivity, specificity and precision of flagging every student at or above ``threshold``.

    Parameters
    ----------
    score, outcome : array
        As for `rank_quality`.
    threshold : float
        On the scale of the score.

    Returns
    -------
    AtThreshold
        A share without a denominator is None.

    Notes
    -----
    sensitivity = true flags / positives, specificity = 1 - false flags / negatives, precision = true flags /
    flagged.

    References
    ----------
    Yerushalmy (1947), Public Health Rep. 62, 1432.
    """
    s, y = known_outcomes(score, outcome)
    n, positives = len(y), int(y.sum())
    flagged = s >= threshold
    hits, many = int(y[flagged].sum()), int(flagged.sum())
    if not n:
        return AtThreshold(INSUFFICIENT, 0, 0, 0, 0)
    return AtThreshold(
        OK if 0 < positives < n else ONE_CLASS,
        n,
        positives,
        many,
        hits,
        hits / positives if positives else None,
        1 - (many - hits) / (n - positives) if positives < n else None,
        hits / many if many else None,
    )
