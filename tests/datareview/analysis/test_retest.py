"""Regression to the mean, by hand and by simulation."""

from __future__ import annotations

import numpy as np
import pytest

from datareview.analysis.retest import selected_gain

pytestmark = pytest.mark.kernel


def test_a_gain_is_split_into_regression_to_the_mean_and_the_rest():
    # By hand: expected 76, 80, 84, so regression to the mean gives 6, 5, 4; observed 8, 9, 4.
    found = selected_gain([70.0, 75, 80, np.nan], [78.0, 84, 84, 90], 100, 0.8)
    assert (found.status, found.n) == ("ok", 3)
    assert (found.observed, found.expected, found.beyond) == pytest.approx((7.0, 5.0, 2.0))
    # The rests 2, 4, 0 have SD 2; t(.975, 2) = 4.3027.
    assert (found.low, found.high) == pytest.approx(
        (2 - 4.30265 * 2 / np.sqrt(3), 2 + 4.30265 * 2 / np.sqrt(3)), abs=1e-4
    )


def test_without_an_intervention_no_gain_is_left():
    rng = np.random.default_rng(22)
    covered, gains = 0, []
    for _run in range(400):
        truth = rng.normal(100, 15 * np.sqrt(0.8), 400)
        first, second = (truth + rng.normal(0, 15 * np.sqrt(0.2), 400) for _test in range(2))
        low = first < 85
        found = selected_gain(first[low], second[low], 100, 0.8)
        covered += found.low <= 0 <= found.high
        gains.append(found.observed)
    assert covered / 400 == pytest.approx(0.95, abs=0.03)
    assert np.mean(gains) > 3.5  # a gain without any intervention


@pytest.mark.parametrize(
    ("before", "after", "r"),
    [([], [], 0.8), ([70.0, 71], [75.0, 80], 0.8), ([70.0, 71, 72], [1.0, 2, 3], 1.5)],
)
def test_a_gain_of_too_few_or_without_a_correlation_is_a_status(before, after, r):
    found = selected_gain(before, after, 100, r)
    assert (found.status, found.observed, found.beyond) == ("insufficient_data", None, None)
