"""Gain of students chosen for low scores: the part predicted by regression to the mean, and the rest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from datareview.analysis.door import Paired, door
from datareview.analysis.inputs import Level, Number
from datareview.analysis.measurement import Numbers, expected_retest
from datareview.analysis.schema import INSUFFICIENT, OK

MIN_SELECTED = 3  # students of a selected group needed for a mean


@dataclass(frozen=True, slots=True)
class SelectedGain:
    """Mean gain of a selected group, the part predicted by regression to the mean, and the rest with its interval."""

    status: str
    n: int
    observed: float | None = None
    expected: float | None = None
    beyond: float | None = None
    low: float | None = None
    high: float | None = None


@door(
    Paired("before", "after"),
    before=Number(),
    after=Number(),
    mean=Number(),
    correlation=Number(),
    mean_after=Number(),
    level=Level(),
)
def selected_gain(
    before: Numbers,
    after: Numbers,
    mean: float,
    correlation: float,
    *,
    mean_after: float | None = None,
    level: float = 0.95,
) -> SelectedGain:
    """Observed and expected gain of students who were chosen because of their first score.

    Parameters
    ----------
    before, after : array
        Scores of the selected students, at least 3 pairs; pairs with a missing score are left out.
    mean, correlation, mean_after : float
        Figures of all students, as in `measurement.expected_retest`.
    level : float
        Confidence level of the interval, 0 to 1.

    Returns
    -------
    SelectedGain
        ``observed`` = mean(after - before); ``expected`` = mean(expected retest - before); ``beyond`` =
        observed - expected, with Student's interval over the students.

    Notes
    -----
    Only ``beyond`` may be reported as a gain, and only if its interval is above 0; even then it does not show the
    cause. The interval treats the mean and the correlation as known. Without the tests of all students, report no
    gain of a selected group.

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
