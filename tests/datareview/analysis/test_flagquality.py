"""Quality of flags, against published figures, scipy and brute force."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from datareview.analysis.flagquality import at_capacity, at_threshold, rank_quality
from datareview.analysis.probability import calibration
from tests.properties import given, settings, st

pytestmark = pytest.mark.kernel

# Hanley & McNeil (1982), table II: ratings 1 to 5 of 58 normal and 51 abnormal images; area .893, SE .032.
NORMAL, ABNORMAL = [33, 6, 6, 11, 2], [3, 2, 2, 11, 33]


def test_the_area_and_its_error_are_hanley_and_mcneils():
    score = np.concatenate([np.repeat(np.arange(1, 6), NORMAL), np.repeat(np.arange(1, 6), ABNORMAL)])
    outcome = np.repeat([0, 1], [58, 51])
    found = rank_quality(score, outcome)
    assert found.auc == pytest.approx(0.893, abs=5e-4)
    assert found.se == pytest.approx(0.032, abs=1e-3)
    assert (found.low, found.high) == pytest.approx(
        (found.auc - 1.959964 * found.se, found.auc + 1.959964 * found.se)
    )
    assert (found.n, found.positives, found.is_validated) == (109, 51, True)


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 4), st.booleans()), min_size=2, max_size=25))
def test_the_area_counts_pairs_and_order_does_not_matter(rows):
    score, outcome = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    found = rank_quality(score, outcome)
    if outcome.all() or not outcome.any():
        assert (found.status, found.auc) == ("undefined_one_class", None)
        return
    pairs = score[outcome][:, None] - score[~outcome][None, :]
    assert found.auc == pytest.approx(((pairs > 0) + 0.5 * (pairs == 0)).mean())
    assert rank_quality(score[::-1], outcome[::-1]) == found
    assert rank_quality(-score, outcome).auc == pytest.approx(1 - found.auc)
    half = at_capacity(score, outcome, len(rows) // 2)
    assert half.true_flags + half.false_flags == pytest.approx(len(rows) // 2)
    assert at_capacity(score[::-1], outcome[::-1], len(rows) // 2) == half


def test_average_precision_by_hand():
    found = rank_quality([4, 3, 2, 1], [1, 0, 1, 0])
    assert found.average_precision == pytest.approx(0.5 * 1 + 0.5 * 2 / 3)
    assert rank_quality([1, 1, 1, 1], [1, 0, 1, 0]).average_precision == pytest.approx(0.5)


def test_precision_at_a_teams_capacity():
    found = at_capacity(np.arange(100), np.arange(100) >= 90, 20)
    assert (found.true_flags, found.false_flags, found.precision, found.recall, found.lift) == (
        10,
        10,
        0.5,
        1,
        5,
    )
    tied = at_capacity([1, 1, 1, 1], [1, 0, 1, 0], 2)
    assert (tied.true_flags, tied.lift) == (1.0, 1.0)
    assert (found.threshold, tied.threshold) == (80, 1)
    assert at_capacity([1.0], [1], 0).status == "insufficient_data"


def test_calibration_by_hand():
    found = calibration([0.1, 0.1, 0.9, 1.0, 1.5, np.nan], [0, 1, 1, 1, 0, 1])
    assert (found.n, found.positives) == (4, 3)
    assert found.brier == pytest.approx((0.01 + 0.81 + 0.01 + 0) / 4)
    assert found.ece == pytest.approx((0.8 + 0.1) / 4)


@pytest.mark.parametrize(("score", "outcome"), [([], []), ([np.nan], [1]), ([np.inf], [0])])
def test_nothing_known_is_a_status(score, outcome):
    assert rank_quality(score, outcome).status == "insufficient_data"
    assert at_capacity(score, outcome, 5).status == "insufficient_data"
    assert calibration(score, outcome).status == "insufficient_data"


def test_calibration_slope_and_intercept_are_those_of_a_logistic_fit():
    rng = np.random.default_rng(6)
    truth = rng.normal(-1, 1, 3000)
    y = rng.random(3000) < 1 / (1 + np.exp(-truth))
    said = 1 / (1 + np.exp(-2 * truth))  # twice as extreme as it should be
    found = calibration(said, y)
    logit = np.log(said / (1 - said))
    expected = sm.Logit(y.astype(float), sm.add_constant(logit)).fit(disp=0).params
    assert (found.intercept, found.slope) == pytest.approx(tuple(expected), abs=1e-5)
    assert found.slope == pytest.approx(0.5, abs=0.07)
    assert calibration(np.full(10, 0.3), np.arange(10) % 2).slope is None
    assert calibration(said, np.ones(3000)).slope is None


def test_a_threshold_has_counts_and_shares():
    found = at_threshold([1, 2, 3, 4, 5, 6], [0, 0, 1, 0, 1, 1], 4)
    assert (found.flagged, found.true_flags) == (3, 2)
    assert (found.sensitivity, found.specificity, found.precision) == pytest.approx((2 / 3, 2 / 3, 2 / 3))
    nobody = at_threshold([1, 2], [0, 1], 9)
    assert (nobody.flagged, nobody.precision, nobody.sensitivity) == (0, None, 0.0)
    assert at_threshold([], [], 1).status == "insufficient_data"
    assert at_threshold([1, 2], [1, 1], 1).status == "undefined_one_class"


def test_a_perfect_ranking_of_a_few_is_not_certain():
    found = rank_quality([1, 2, 3, 4], [0, 0, 1, 1])
    assert (found.auc, found.high, found.se) == (1.0, 1.0, None)
    assert found.low == pytest.approx(0.386, abs=1e-3)
    wrong = rank_quality([4, 3, 2, 1], [0, 0, 1, 1])
    assert (wrong.auc, wrong.low) == (0.0, 0.0)
    assert wrong.high == pytest.approx(1 - found.low)


def test_separated_outcomes_have_no_calibration_slope():
    found = calibration([0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1])
    assert (found.slope, found.intercept) == (None, None)
    assert calibration([0.1, 0.2, 0.8, 0.9], [1, 1, 0, 0]).slope is None
    assert calibration([0.1, 0.8, 0.2, 0.9], [0, 0, 1, 1]).slope is not None


@settings(max_examples=30)
@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=2, max_size=40))
def test_figures_agree_with_scikit_learn(rows):
    from sklearn import metrics

    score, y = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    if y.all() or not y.any():
        return
    found = rank_quality(score, y)
    assert found.auc == pytest.approx(metrics.roc_auc_score(y, score))
    assert found.average_precision == pytest.approx(metrics.average_precision_score(y, score))
    assert calibration(score, y).brier == pytest.approx(metrics.brier_score_loss(y, score))


@pytest.mark.sweep
@pytest.mark.parametrize(("positives", "negatives", "share"), [(100, 100, 0.95), (50, 150, 0.975)])
def test_the_interval_of_the_area_covers_what_it_claims_and_more_where_positives_are_rare(
    positives, negatives, share
):
    """Of 800 draws with seed 21; scores one standard deviation apart."""
    rng = np.random.default_rng(21)
    y = np.repeat([1, 0], [positives, negatives])
    found = [rank_quality(rng.normal(y, 1.0), y) for _draw in range(800)]
    assert np.mean([one.low <= 0.7602 <= one.high for one in found]) == pytest.approx(share, abs=0.015)
    assert np.mean([one.se for one in found]) >= 0.97 * np.std([one.auc for one in found])
