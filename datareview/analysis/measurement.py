"""What one score can bear: its error, a real change between two, the true score behind it, nearness to a cut."""

from __future__ import annotations

import numpy as np
from scipy import stats


def sem_of(sd: float, reliability: float) -> float:
    """Standard error of measurement, SD sqrt(1 - r), in the measure's unit; NaN where the inputs cannot be.

    Parameters
    ----------
    sd : float
        Standard deviation of scores in the group the reliability was found in, above 0.
    reliability : float
        0 to 1, of the same scores.

    Notes
    -----
    Assumes the same error at every score; not for the ends of a scale.

    References
    ----------
    Lord & Novick (1968), Statistical Theories of Mental Test Scores, ch. 3.
    """
    if not (sd > 0 and 0 <= reliability <= 1):
        return float("nan")
    return float(sd * np.sqrt(1.0 - reliability))


def reliable_change(before: np.ndarray, after: np.ndarray, sem: float, *, level: float = 0.95) -> np.ndarray:
    """Say of each pair of scores whether it differs beyond error: 1 rose, -1 fell, 0 cannot say, NaN missing.

    The index is d / (SEM sqrt 2), held against the normal quantile (1.96 at ``level`` 0.95). Two scores
    only; with a series use `trends.fit_trends`.

    References
    ----------
    Jacobson & Truax (1991), J. Consult. Clin. Psychol. 59, 12.
    """
    change = np.asarray(after, np.float64) - np.asarray(before, np.float64)
    known = np.isfinite(change) & bool(np.isfinite(sem) and sem > 0)
    beyond = np.abs(change) > stats.norm.ppf(0.5 + level / 2) * sem * np.sqrt(2.0)
    return np.where(known, np.where(beyond, np.sign(change), 0.0), np.nan)


def true_score(score: np.ndarray, mean: float, sd: float, reliability: float) -> tuple[np.ndarray, float]:
    """Kelley's estimate of the true scores, M + r (X - M), and its standard error SD sqrt(r (1 - r)).

    ``mean`` and ``sd`` are those of the student's own group; the estimate leans to it, so it must be the
    right one. All in the measure's unit; NaN where a score is missing.

    References
    ----------
    Kelley (1947), Fundamentals of Statistics, p. 409.
    """
    if not (sd > 0 and 0 <= reliability <= 1):
        return np.full(np.shape(score), np.nan), float("nan")
    estimate = mean + reliability * (np.asarray(score, np.float64) - mean)
    return np.where(np.isfinite(estimate), estimate, np.nan), float(
        sd * np.sqrt(reliability * (1 - reliability))
    )


def expected_retest(score: np.ndarray, mean: float, correlation: float) -> np.ndarray:
    """What a second score would be with no change at all, M + r (X - M): regression to the mean.

    Show it beside the gain of students who were chosen for a low score: M 100, r .8, X 70 gives 76, six
    points that no intervention made. ``correlation`` is of the two scores, -1 to 1.

    References
    ----------
    Galton (1886); Campbell & Kenny (1999), A Primer on Regression Artifacts, ch. 2.
    """
    return mean + correlation * (np.asarray(score, np.float64) - mean)


def is_near_cut(score: np.ndarray, cut: np.ndarray | float, sem: float | None) -> np.ndarray:
    """Whether each score lies within one standard error of the cut, both ends included.

    Such a score is labelled "near the cut" and never changes its colour hard. Where the error is not
    known, nothing is near.
    """
    if sem is None or not np.isfinite(sem):
        return np.zeros(np.shape(score), bool)
    return np.asarray(np.abs(np.asarray(score, np.float64) - cut) <= sem)
