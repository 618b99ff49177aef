"""The scorecard: points, rates, explanations, and the cold start."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from datareview.analysis.flagquality import rank_quality
from datareview.analysis.probability import calibration
from datareview.analysis.scorecard import fit_scorecard, logistic_weights, scorecard_from_json

pytestmark = pytest.mark.kernel


def history(n=4000, seed=1, weights=(0.69, 1.39, -0.7, 0.0), intercept=-2.0):
    """Four indicators whose true coefficients are about 2, 4, negative and no points."""
    rng = np.random.default_rng(seed)
    x = (rng.random((n, len(weights))) < 0.3).astype(float)
    y = (rng.random(n) < 1 / (1 + np.exp(-(intercept + x @ np.array(weights))))).astype(float)
    return pd.DataFrame(x, columns=["absent", "failing", "joined", "noise"][: len(weights)]), pd.Series(y)


def test_without_a_penalty_the_weights_are_those_of_statsmodels():
    x, y = history()
    expected = sm.Logit(y, sm.add_constant(x)).fit(disp=0).params
    assert logistic_weights(x.to_numpy(), y.to_numpy(), ridge=0.0) == pytest.approx(
        expected.to_numpy(), abs=1e-6
    )


def test_separated_outcomes_keep_finite_weights():
    x = np.repeat([[0.0], [1.0]], 60, axis=0)
    assert np.isfinite(logistic_weights(x, x[:, 0])).all()


def test_two_points_double_the_odds_and_nothing_subtracts():
    x, y = history(20_000)
    assert fit_scorecard(x, y).points == {"absent": 2, "failing": 4, "joined": 0, "noise": 0}


def test_totals_rates_and_explanation_of_a_student():
    card = fit_scorecard(*history(20_000))
    student = pd.DataFrame([{"absent": 1, "failing": 1, "joined": 1, "noise": np.nan}])
    assert card.total(student).tolist() == [6]
    assert card.explain(student.iloc[0]) == [("failing", 4), ("absent", 2)]
    assert card.rate(student).iloc[0] == card.bands[-1].rate


def test_rates_rest_on_fifty_students_never_fall_and_are_shrunk_to_the_base():
    x, y = history(900, seed=3)
    card = fit_scorecard(x, y)
    assert min(band.n for band in card.bands) >= 50
    rates = [band.rate for band in card.bands]
    assert rates == sorted(rates)
    assert sum(band.n for band in card.bands) == 900
    for band in card.bands:
        assert band.rate == pytest.approx((band.events + 20 * card.base_rate) / (band.n + 20))
    lows = [band.low for band in card.bands]
    assert lows[0] == 0
    assert [band.high + 1 for band in card.bands[:-1]] == lows[1:]


@pytest.mark.parametrize(
    ("events", "n", "status"),
    [(0, 0, "insufficient_data"), (49, 400, "insufficient_data"), (0, 400, "undefined_one_class")],
)
def test_without_enough_history_flags_are_counted_and_no_rate_is_shown(events, n, status):
    x = pd.DataFrame({"a": np.arange(n) % 2, "b": np.arange(n) % 3 == 0})
    card = fit_scorecard(x, pd.Series((np.arange(n) < events).astype(float)))
    assert (card.status, card.points, card.bands) == (status, {"a": 1, "b": 1}, ())
    now = pd.DataFrame({"a": [1, 0], "b": [1, 0]})
    assert card.total(now).tolist() == [2, 0]
    assert card.rate(now).isna().all()


def test_more_than_fifteen_indicators_are_refused():
    x = pd.DataFrame(np.zeros((10, 16)), columns=[f"i{n}" for n in range(16)])
    with pytest.raises(ValueError, match="1 to 15"):
        fit_scorecard(x, pd.Series(np.zeros(10)))


def test_a_stored_scorecard_is_restored_and_order_does_not_matter():
    x, y = history()
    card = fit_scorecard(x, y, version="1", cohort="2025")
    assert scorecard_from_json(card.to_json()) == card
    order = np.random.default_rng(2).permutation(len(x))
    assert fit_scorecard(x.iloc[order], y.iloc[order], version="1", cohort="2025") == card


def test_a_missing_outcome_is_left_out():
    x, y = history()
    y.iloc[:500] = np.nan
    assert fit_scorecard(x, y).n == len(x) - 500


def test_outcomes_are_matched_by_their_index():
    x, y = history()
    assert fit_scorecard(x, y.sample(frac=1, random_state=1)) == fit_scorecard(x, y)


def test_an_indicator_that_never_or_always_holds_has_no_points():
    x, y = history()
    card = fit_scorecard(x.assign(never=0.0, always=1.0), y)
    assert (card.points["never"], card.points["always"]) == (0, 0)


def test_it_ranks_nearly_as_well_as_the_logistic_regression_it_rounds():
    """On held-out students the AUC of the points is at most .01 below that of the weights. Seeds 1 and 2."""
    weights = (0.69, 1.39, 0.5, 1.0)
    x, y = history(6000, weights=weights)
    later, became = history(6000, seed=2, weights=weights)
    card = fit_scorecard(x, y)
    weights = sm.Logit(y, sm.add_constant(x)).fit(disp=0).params.to_numpy()[1:]
    ours = rank_quality(card.total(later).to_numpy(), became.to_numpy()).auc
    exact = rank_quality(later.to_numpy() @ weights, became.to_numpy()).auc
    assert ours > exact - 0.01
    assert calibration(card.rate(later).to_numpy(), became.to_numpy()).ece < 0.02


@pytest.mark.sweep
def test_it_is_quick_for_a_state():
    x, y = history(300_000)
    assert fit_scorecard(x, y).points == {"absent": 2, "failing": 4, "joined": 0, "noise": 0}
