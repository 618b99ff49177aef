"""Items of a test, against numpy's correlation, alpha by another road, and by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from datareview.analysis.items import item_statistics, reliability, standard_shares

pytestmark = pytest.mark.kernel


def answers(n=60, k=8, seed=3):
    rng = np.random.default_rng(seed)
    ability = rng.normal(0, 1.2, (n, 1))
    chance = 1 / (1 + np.exp(-(ability - np.linspace(-1.5, 1.5, k))))
    return pd.DataFrame((rng.random((n, k)) < chance).astype(float), columns=[f"q{i}" for i in range(k)])


ONE = pd.Series(1.0, index=answers().columns)


def test_difficulty_and_the_correlation_with_the_rest():
    points = answers()
    found = item_statistics(points, ONE)
    assert found["p"].to_numpy() == pytest.approx(points.mean().to_numpy())
    for item in points:
        rest = points.drop(columns=item).sum(axis=1)
        assert found.loc[item, "rest_r"] == pytest.approx(np.corrcoef(points[item], rest)[0, 1])
    assert found["is_stable"].all()


def test_discrimination_does_not_hang_on_the_order_of_tied_students():
    points = answers()
    found = item_statistics(points, ONE)
    shuffled = item_statistics(points.sample(frac=1, random_state=1), ONE)
    pd.testing.assert_frame_equal(found, shuffled)
    perfect = pd.DataFrame({"a": np.repeat([1.0, 0.0], 20), "b": np.repeat([1.0, 0.0], 20)})
    found = item_statistics(perfect, pd.Series({"a": 1.0, "b": 1.0}))
    assert found["discrimination"].to_numpy() == pytest.approx(1.0)


def test_points_are_shares_of_what_is_possible_and_blanks_are_wrong_and_counted():
    points = answers() * 2
    points.iloc[0, 0] = np.nan
    found = item_statistics(points, ONE * 2)
    assert found.loc["q0", "blank"] == 1
    assert found.loc["q0", "p"] == pytest.approx(points["q0"].fillna(0).mean() / 2)


def test_alpha_is_kr20_and_the_mean_covariance_over_the_mean_variance():
    points = answers()
    found = reliability(points)
    k, covariance = points.shape[1], np.cov(points.T)
    off = covariance[~np.eye(k, dtype=bool)].mean()
    assert found.alpha == pytest.approx(k * off / (np.diag(covariance).mean() + (k - 1) * off))
    p, total = points.mean(), points.sum(axis=1)
    assert found.alpha == pytest.approx(k / (k - 1) * (1 - (p * (1 - p)).sum() / total.var(ddof=0)))
    assert found.low < found.alpha < found.high
    assert found.sem == pytest.approx(total.std() * np.sqrt(1 - found.alpha))


def test_feldts_interval_covers_what_it_claims():
    rng = np.random.default_rng(9)
    k, n, true = 6, 40, 6 * 0.25 / (1 + 5 * 0.25)  # parallel items that correlate .25
    inside = 0
    for _run in range(600):
        common = rng.normal(0, 0.5, (n, 1))
        found = reliability(pd.DataFrame(common + rng.normal(0, np.sqrt(0.75), (n, k))))
        inside += found.low <= true <= found.high
    assert 0.925 <= inside / 600 <= 0.975


def test_too_few_students_or_no_spread_are_statuses():
    assert set(item_statistics(answers().head(9), ONE)["status"]) == {"insufficient_data"}
    assert item_statistics(answers().head(9), ONE)["p"].isna().all()
    assert item_statistics(answers().head(0), ONE)["n"].tolist() == [0] * 8
    same = answers().assign(q0=1.0)
    found = item_statistics(same, ONE)
    assert found.loc["q0", "status"] == "undefined_zero_variance"
    assert (found.loc["q0", "p"], np.isnan(found.loc["q0", "rest_r"])) == (1.0, True)
    assert reliability(answers().head(9)).status == "insufficient_data"
    assert reliability(answers()[["q0"]]).status == "insufficient_data"
    assert reliability(answers() * 0).status == "undefined_zero_variance"


def test_a_standard_needs_three_items():
    points = answers(n=2, k=8)
    standard = pd.Series(["A"] * 5 + ["B"] * 3, index=points.columns).where(lambda s: s.index != "q7", "A")
    found = standard_shares(points, ONE, standard)
    assert found[["standard", "status", "items"]].drop_duplicates().values.tolist() == [
        ["A", "ok", 6],
        ["B", "insufficient_data", 2],
    ]
    assert found["got"].sum() == points.to_numpy().sum()
    assert points.equals(answers(n=2, k=8))
