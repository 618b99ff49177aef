"""Measurement error of single scores: standard error, reliable change, true score, nearness to a cut.

Scores, means, spreads and errors may be arrays that broadcast; an impossible number becomes NaN, never 0.
"""

from __future__ import annotations

import numpy as np
from scipy import stats

from datareview.analysis.door import Paired, door
from datareview.analysis.inputs import Level, Number

Numbers = np.ndarray | float
TOO_NOISY = 15.0  # words per minute of scatter about a student's line, above which growth cannot be judged
ROUNDING = 1e-9  # 0.4 must be within 0.1 of 0.3 in spite of rounding errors


def _finite(value: Numbers) -> np.ndarray:
    """Convert to floats, NaN where missing or infinite."""
    numbers = np.asarray(value, np.float64)
    return np.where(np.isfinite(numbers), numbers, np.nan)


@door(sd=Number(), reliability=Number())
def sem_of(sd: Numbers, reliability: Numbers) -> np.ndarray:
    """Standard error of measurement, SD sqrt(1 - r), in the measure's unit; NaN for impossible inputs.

    Parameters
    ----------
    sd : float or array
        Standard deviation of scores in the group the reliability comes from, above 0.
    reliability : float or array
        Reliability of the same scores, 0 to 1.

    Returns
    -------
    array
        Of the broadcast shape.

    Notes
    -----
    Assumes the same error at every score; do not use it at the ends of a scale, where the error is larger.

    References
    ----------
    Lord & Novick (1968), Statistical Theories of Mental Test Scores, ch. 3.
    """
    spread, r = _spread_and_reliability(sd, reliability)
    return np.asarray(spread * np.sqrt(1.0 - r))


def _spread_and_reliability(sd: Numbers, reliability: Numbers) -> tuple[np.ndarray, np.ndarray]:
    """Both as arrays of one shape, NaN where either is impossible."""
    spread, r = np.broadcast_arrays(np.asarray(sd, np.float64), np.asarray(reliability, np.float64))
    can = np.isfinite(spread) & (spread > 0) & (r >= 0) & (r <= 1)
    return np.where(can, spread, np.nan), np.where(can, r, np.nan)


@door(Paired("before", "after"), before=Number(), after=Number(), sem=Number())
def change_index(before: Numbers, after: Numbers, sem: Numbers) -> np.ndarray:
    """Reliable change index, (after - before) / (SEM sqrt 2), of each pair of scores; NaN where one is missing.

    Parameters
    ----------
    before, after : array
        Scores of the same students on the same scale.
    sem : float or array
        Standard error of measurement, above 0, in the same unit.

    Returns
    -------
    array of float
        Of the broadcast shape.

    Notes
    -----
    Beyond 1.96 in either direction the two scores differ by more than error at the 95 % level. Does not allow for
    practice or regression to the mean: for students chosen for low scores see `retest.selected_gain`.

    References
    ----------
    Jacobson & Truax (1991), J. Consult. Clin. Psychol. 59, 12.
    """
    change = _finite(after) - _finite(before)
    error = np.asarray(sem, np.float64)
    known = np.isfinite(change) & np.isfinite(error) & (error > 0)
    return np.where(known, np.where(known, change, 0.0) / np.where(known, error * np.sqrt(2.0), 1.0), np.nan)


@door(Paired("before", "after"), before=Number(), after=Number(), sem=Number(), level=Level())
def reliable_change(before: Numbers, after: Numbers, sem: Numbers, *, level: float = 0.95) -> np.ndarray:
    """Whether each pair of scores differs by more than error: 1 rose, -1 fell, 0 cannot say, NaN missing.

    Parameters
    ----------
    before, after, sem : array
        As in `change_index`.
    level : float
        Confidence level, 0 to 1.

    Returns
    -------
    array of float
        1, -1, 0 or NaN.

    Notes
    -----
    Compares `change_index` with the normal quantile (1.96 at ``level`` 0.95). For two scores only; for a series use
    `trends.fit_trends`.

    References
    ----------
    Jacobson & Truax (1991), J. Consult. Clin. Psychol. 59, 12.
    """
    index = change_index(before, after, sem)
    beyond = np.abs(index) > stats.norm.ppf(0.5 + level / 2)
    return np.where(np.isnan(index), np.nan, np.where(beyond, np.sign(index), 0.0))


@door(score=Number(), mean=Number(), sd=Number(), reliability=Number())
def true_score(
    score: Numbers, mean: Numbers, sd: Numbers, reliability: Numbers
) -> tuple[np.ndarray, np.ndarray]:
    """Kelley's estimate of the true scores, M + r (X - M), and its standard error SD sqrt(r (1 - r)).

    Parameters
    ----------
    score : array
        Observed scores; NaN where missing.
    mean, sd, reliability : float or array
        Figures of the student's own group; the estimate is pulled toward its mean, so the group must be right.

    Returns
    -------
    tuple of array
        Estimates and their standard error, in the measure's unit.

    Notes
    -----
    On average closer to the truth than the score itself, but it lowers the estimate of students in a low group for
    being in that group: do not use it to place a child.

    References
    ----------
    Kelley (1947), Fundamentals of Statistics, p. 409.
    """
    spread, r = _spread_and_reliability(sd, reliability)
    centre = _finite(mean)
    return np.asarray(centre + r * (_finite(score) - centre)), np.asarray(spread * np.sqrt(r * (1 - r)))


@door(score=Number(), mean=Number(), correlation=Number(), mean_after=Number())
def expected_retest(
    score: Numbers, mean: Numbers, correlation: Numbers, *, mean_after: Numbers | None = None
) -> np.ndarray:
    """Expected second score if nothing changes: regression to the mean.

    Parameters
    ----------
    score : array
        First scores; NaN where missing.
    mean : float or array
        Mean of all students at the first test, not of those who were selected.
    correlation : float or array
        Of the two scores among all students, -1 to 1.
    mean_after : float or array, optional
        Mean of all students at the second test; by default that of the first.

    Returns
    -------
    array of float
        NaN where a score is missing or the correlation is impossible.

    Notes
    -----
    M2 + r (X - M1), for two tests of the same spread. M 100, r .8, X 70 gives 76: six points that no
    intervention made.

    References
    ----------
    Galton (1886); Campbell & Kenny (1999), A Primer on Regression Artifacts, ch. 2.
    """
    r = _finite(correlation)
    r = np.where(np.abs(r) <= 1, r, np.nan)
    centre = _finite(mean)
    after = centre if mean_after is None else _finite(mean_after)
    return np.asarray(after + r * (_finite(score) - centre))


@door(score=Number(), cut=Number(), sem=Number())
def is_near_cut(score: Numbers, cut: Numbers, sem: Numbers | None) -> np.ndarray:
    """Whether each score is within one standard error of the cut, both ends included.

    Parameters
    ----------
    score, cut : array
        In the same unit; they broadcast.
    sem : array or None
        Standard error of measurement.

    Returns
    -------
    array of bool
        False where the score or the error is unknown.

    Notes
    -----
    |X - cut| <= SEM. Such a score is labeled "near the cut" and is never shown with a sharp change of color.

    References
    ----------
    Lord & Novick (1968), Statistical Theories of Mental Test Scores, ch. 3.
    """
    distance = np.abs(_finite(score) - _finite(cut))
    error = np.asarray(np.nan if sem is None else sem, np.float64)
    return np.asarray(distance <= np.where(np.isfinite(error) & (error >= 0), error + ROUNDING, -1.0))


@door(cut=Number(), sem=Number())
def cut_band(cut: Numbers, sem: Numbers) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest score that count as near each cut, cut -/+ SEM.

    Parameters
    ----------
    cut, sem : array
        In the same unit; they broadcast.

    Returns
    -------
    tuple of array
        NaN where the error is unknown.

    References
    ----------
    Lord & Novick (1968), Statistical Theories of Mental Test Scores, ch. 3.
    """
    error = _finite(sem)
    error = np.where(error >= 0, error, np.nan)
    middle = _finite(cut)
    return middle - error, middle + error


@door(see=Number(), limit=Number())
def is_too_noisy(see: Numbers, *, limit: float = TOO_NOISY) -> np.ndarray:
    """Whether oral reading probes scatter too much about a student's line to judge growth.

    Parameters
    ----------
    see : array
        Residual standard deviation of a line (`trends.fit_trends`), in words correct per minute.
    limit : float
        In the same unit.

    Returns
    -------
    array of bool
        False where it is unknown.

    Notes
    -----
    Good sets of passages have about 5 to 10; above 15 say "these probes are too noisy to judge growth". For oral
    reading only: other measures have other units.

    References
    ----------
    Christ & Silberglitt (2007), School Psych. Review 36, 130.
    """
    return np.asarray(np.asarray(see, np.float64) > limit)
