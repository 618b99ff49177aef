"""Regression to the mean: how far a low score rises by itself, and what of a selected group's gain is beyond that."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from datareview.analysis.measurement import Numbers
from datareview.analysis.schema import INSUFFICIENT, OK

MIN_SELECTED = 3  # students of a selected group, to say anything of their mean


def expected_retest(
    score: Numbers, mean: Numbers, correlation: Numbers, *, mean_after: Numbers | None = None
) -> np.ndarray:
    """What a second score would be with no change of its own: regression to the mean.

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
        NaN where a score is missing or the correlation cannot be.

    Notes
    -----
    M2 + r (X - M1), for two tests of the same spread. M 100, r .8, X 70 gives 76: six points that no
    intervention made.

    References
    ----------
    Galton (1886); Campbell & Kenny (1999), A Primer on Regression Artifacts, ch. 2.
    """
    r = np.asarray(correlation, np.float64)
    r = np.where(np.abs(r) <= 1, r, np.nan)
    centre = np.asarray(mean, np.float64)
    after = centre if mean_after is None else np.asarray(mean_after, np.float64)
    expected = after + r * (np.asarray(score, np.float64) - centre)
    return np.where(np.isfinite(expected), expected, np.nan)


@dataclass(frozen=True, slots=True)
class SelectedGain:
    """Mean gain of a selected group, what of it regression to the mean predicts, and the rest with its interval."""

    status: str
    n: int
    observed: float | None = None
    expected: float | None = None
    beyond: float | None = None
    low: float | None = None
    high: float | None = None


def selected_gain(
    before: Numbers,
    after: Numbers,
    mean: float,
    correlation: float,
    *,
    mean_after: float | None = None,
    level: float = 0.95,
) -> SelectedGain:
    """Observed and expected gain of students who were chosen for their first score.

    Parameters
    ----------
    before, after : array
        Scores of the selected students; pairs with a missing score are left out. At least 3.
    mean, correlation, mean_after : float
        Of all students, as in `expected_retest`.
    level : float
        Of the interval, 0 to 1.

    Returns
    -------
    SelectedGain
        ``observed`` = mean(after - before); ``expected`` = mean(expected retest - before); ``beyond`` =
        observed - expected, with Student's interval over the students.

    Notes
    -----
    Only what is beyond may be praised, and only where its interval is above 0; even then it does not say what
    made it. The interval takes the mean and the correlation as known. Where the tests of all students are not
    at hand, print no gain of a selected group.

    References
    ----------
    Campbell & Kenny (1999), A Primer on Regression Artifacts, ch. 2 and 5.
    """
    first, second = (
        np.atleast_1d(np.asarray(before, np.float64)),
        np.atleast_1d(np.asarray(after, np.float64)),
    )
    both = np.isfinite(first) & np.isfinite(second)
    first, second = first[both], second[both]
    n = len(first)
    expected = expected_retest(first, mean, correlation, mean_after=mean_after)
    if n < MIN_SELECTED or np.isnan(expected).any():
        return SelectedGain(INSUFFICIENT, n)
    rest = second - expected
    half = stats.t.ppf(0.5 + level / 2, n - 1) * rest.std(ddof=1) / np.sqrt(n)
    beyond = float(rest.mean())
    observed, predicted = float((second - first).mean()), float((expected - first).mean())
    return SelectedGain(OK, n, observed, predicted, beyond, float(beyond - half), float(beyond + half))
