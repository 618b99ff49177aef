"""Items of a test, against published data, numpy's correlation, and by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from datareview.analysis.items import correlation_interval, item_statistics
from tests.datareview.analysis.samples import ONE, answers, lsat

pytestmark = pytest.mark.kernel


def test_published_test_has_its_difficulties_and_correlations():
    points = lsat()
    found = item_statistics(points, pd.Series(1.0, index=points.columns), uncorrected=True)
    assert found["n"].tolist() == [1000] * 5
    assert found["p"].tolist() == pytest.approx([0.924, 0.709, 0.553, 0.763, 0.870])
    total = points.sum(axis=1)
    for item in points:
        assert found.loc[item, "rest_r"] == pytest.approx(
            stats.pointbiserialr(points[item], total - points[item]).statistic
        )
        assert found.loc[item, "total_r"] == pytest.approx(stats.pearsonr(points[item], total).statistic)
    assert found["label"].tolist() == ["weak"] * 5
    assert found["difficulty"].tolist() == ["easy", "medium", "medium", "medium", "medium"]


def test_difficulty_and_the_correlation_with_the_rest():
    points = answers()
    found = item_statistics(points, ONE)
    assert found["p"].to_numpy() == pytest.approx(points.mean().to_numpy())
    for item in points:
        rest = points.drop(columns=item).sum(axis=1)
        r = stats.pearsonr(points[item], rest)
        assert found.loc[item, "rest_r"] == pytest.approx(r.statistic)
        interval = r.confidence_interval(0.95)
        assert found.loc[item, ["rest_r_low", "rest_r_high"]].tolist() == pytest.approx(list(interval))
    assert found["is_stable"].all()
    assert "total_r" not in found


def test_the_interval_of_a_correlation_is_fishers():
    low, high = correlation_interval(np.array([0.5, 1.0, np.nan]), 28, 0.95)
    assert low[0] == pytest.approx(np.tanh(np.arctanh(0.5) - 1.959963985 / 5))
    assert (low[1], high[1]) == (1.0, 1.0)
    assert np.isnan(low[2])
    assert np.isnan(correlation_interval(np.array([0.5]), 3, 0.95)[0]).all()


def test_discrimination_does_not_depend_on_the_order_of_tied_students():
    points = answers()
    found = item_statistics(points, ONE)
    shuffled = item_statistics(points.sample(frac=1, random_state=1), ONE)
    pd.testing.assert_frame_equal(found, shuffled)
    perfect = pd.DataFrame({"a": np.repeat([1.0, 0.0], 20), "b": np.repeat([1.0, 0.0], 20)})
    found = item_statistics(perfect, pd.Series({"a": 1.0, "b": 1.0}))
    assert found["discrimination"].to_numpy() == pytest.approx(1.0)


def test_discrimination_by_hand():
    # 11 students, totals 0 to 10 on two items of 5 and 5; 27 % of 11 are 3: p of 8, 9, 10 less p of 0, 1, 2.
    first = np.array([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5.0])
    second = np.array([0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5.0])
    points = pd.DataFrame({"a": first, "b": second})
    found = item_statistics(points, pd.Series({"a": 5.0, "b": 5.0}))
    assert found.loc["a", "discrimination"] == pytest.approx((4 + 4 + 5 - 0 - 0 - 1) / 3 / 5)
    assert found.loc["b", "discrimination"] == pytest.approx((4 + 5 + 5 - 0 - 1 - 1) / 3 / 5)


def test_points_are_shares_of_what_is_possible_and_blanks_are_wrong_and_counted():
    points = answers() * 2
    points.iloc[0, 0] = np.nan
    points.iloc[1, 5:] = np.nan
    points.iloc[2, :] = np.nan
    found = item_statistics(points, ONE * 2)
    assert found["blank"].tolist() == [2, 1, 1, 1, 1, 2, 2, 2]
    assert found["not_reached"].tolist() == [1, 1, 1, 1, 1, 2, 2, 2]
    assert found.loc["q0", "p"] == pytest.approx(points["q0"].fillna(0).mean() / 2)


def test_labels_begin_at_their_limits():
    rng = np.random.default_rng(4)
    base = rng.normal(0, 1, 4000)
    items = {
        "key": -0.6 * base,
        "nothing": 0.0 * base,
        "some": 0.12 * base,
        "more": 0.25 * base,
        "much": 0.9 * base,
    }
    points = pd.DataFrame({name: value + rng.normal(0, 0.9, 4000) for name, value in items.items()})
    for at in range(3):
        points[f"x{at}"] = base + rng.normal(0, 0.1, 4000)
    found = item_statistics(points, points.max())["label"]
    assert found["key"] == "check the key"
    assert found["some"] == "weak"
    assert found["more"] == "ok"
    assert found["much"] == "good"


def test_a_school_sets_its_own_limits_of_difficulty():
    found = item_statistics(lsat(), pd.Series(1.0, index=lsat().columns), hard=0.6, easy=0.95)
    assert found["difficulty"].tolist() == ["medium", "medium", "hard", "medium", "medium"]


def test_scale_and_items_of_others_change_nothing():
    points = answers()
    pd.testing.assert_frame_equal(item_statistics(points * 4, ONE * 4), item_statistics(points, ONE))


def test_ten_to_twenty_nine_students_are_unstable_and_fewer_say_nothing():
    some = item_statistics(answers().head(29), ONE)
    assert not some["is_stable"].any()
    assert (some["rest_r_high"] - some["rest_r_low"]).min() > 0.3
    few = item_statistics(answers().head(9), ONE)
    assert set(few["status"]) == {"insufficient_data"}
    assert few[["p", "rest_r", "rest_r_low", "discrimination"]].isna().all(axis=None)
    assert few[["difficulty", "label"]].isna().all(axis=None)
    assert item_statistics(answers().head(0), ONE)["n"].tolist() == [0] * 8


def test_an_item_without_spread_is_a_status():
    same = answers().assign(q0=1.0)
    found = item_statistics(same, ONE)
    assert found.loc["q0", "status"] == "undefined_zero_variance"
    assert (found.loc["q0", "p"], np.isnan(found.loc["q0", "rest_r"])) == (1.0, True)
    assert pd.isna(found.loc["q0", "label"])
    assert (found["status"].drop("q0") == "ok").all()
    infinite = answers()
    infinite.iloc[0, 0] = np.inf
    assert item_statistics(infinite, ONE).loc["q0", "blank"] == 1
