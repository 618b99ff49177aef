"""Conditional growth and growth percentiles."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from datareview.analysis.growth import (
    _resampled_medians,
    growth_index,
    growth_percentiles,
    local_growth,
    median_growth,
)
from tests.properties import given, st

pytestmark = pytest.mark.kernel


def cohort(n=800, seed=3):
    rng = np.random.default_rng(seed)
    prior = np.round(rng.normal(200, 15, n))
    return prior, np.round(60 + 0.75 * prior + rng.normal(0, 9, n))


def test_index_and_percentile_follow_the_norm():
    """By hand: (12 - 8) / 5 = 0.8, and 100 Phi(0.8) = 78.81 (normal table)."""
    out = growth_index([12, 8, 3], [8, 8, 8], [5, 5, 5])
    assert out["index"].tolist() == pytest.approx([0.8, 0.0, -1.0])
    assert out["percentile"].tolist() == pytest.approx([78.814, 50.0, 15.866], abs=1e-3)


@pytest.mark.parametrize(("gain", "mean", "sd"), [(np.nan, 8, 5), (12, np.inf, 5), (12, 8, 0), (12, 8, -1)])
def test_an_index_without_its_parts_is_a_status(gain, mean, sd):
    out = growth_index([gain], [mean], [sd])
    assert out["status"].tolist() == ["insufficient_data"]
    assert np.isnan(out.loc[0, "index"])


def test_local_growth_is_the_standardized_residual_of_statsmodels():
    prior, current = cohort()
    fit = sm.OLS(current, sm.add_constant(prior)).fit()
    out = local_growth(prior, current)
    assert out["index"].to_numpy() == pytest.approx(fit.resid / np.sqrt(fit.scale))
    assert out["expected"].to_numpy() == pytest.approx(fit.fittedvalues)
    assert out["percentile"].to_numpy() == pytest.approx(100 * stats.norm.cdf(out["index"]))


def test_local_growth_takes_weeks_into_the_expectation():
    prior, current = cohort()
    weeks = np.random.default_rng(1).integers(10, 30, len(prior))
    gained = current + 2.0 * weeks
    design = sm.add_constant(np.column_stack([prior, weeks]))
    assert local_growth(prior, gained, weeks)["expected"].to_numpy() == pytest.approx(
        sm.OLS(gained, design).fit().fittedvalues
    )


@pytest.mark.parametrize("n", [0, 1, 99])
def test_under_a_hundred_students_there_is_no_local_growth(n):
    prior, current = cohort()
    out = local_growth(prior[:n], current[:n])
    assert (len(out), set(out["status"])) == (n, {"insufficient_data"} if n else set())


def test_priors_all_alike_or_a_perfect_line_leave_growth_undefined():
    prior, current = cohort(200)
    assert set(local_growth(np.full(200, 5.0), current)["status"]) == {"undefined_zero_variance"}
    assert set(local_growth(prior, 2 * prior)["status"]) == {"undefined_zero_variance"}


def test_a_missing_score_is_left_out_and_changes_nobody_else():
    prior, current = cohort()
    wider = local_growth(np.append(prior, np.nan), np.append(current, 210.0))
    assert wider["status"].iloc[-1] == "insufficient_data"
    assert wider["index"].iloc[:-1].to_numpy() == pytest.approx(
        local_growth(prior, current)["index"].to_numpy()
    )


def by_definition(prior, current, neighbors=200):
    """The simple percentile, one student at a time: peers are the ranks around, with all ties at the ends."""
    order = np.argsort(prior, kind="stable")
    xs, n = prior[order], len(prior)
    found = []
    for x, y in zip(prior, current, strict=True):
        places = np.flatnonzero(xs == x)
        starts = np.clip(places - neighbors // 2, 0, n - neighbors)
        low, high = xs[starts[0]], xs[starts[-1] + neighbors - 1]
        peers = current[(prior >= low) & (prior <= high)]
        rank = (peers < y).sum() + 0.5 * (peers == y).sum()
        found.append(np.clip(np.round(100 * rank / len(peers)), 1, 99))
    return np.array(found)


def test_growth_percentiles_are_those_of_the_definition():
    prior, current = cohort()
    out = growth_percentiles(prior, current)
    assert out["percentile"].to_numpy() == pytest.approx(by_definition(prior, current))
    assert out["peers"].min() >= 200


@given(st.integers(0, 1000))
def test_growth_percentiles_do_not_depend_on_the_order_or_unit(seed):
    prior, current = cohort()
    found = growth_percentiles(prior, current)["percentile"].to_numpy()
    shuffle = np.random.default_rng(seed).permutation(len(prior))
    moved = growth_percentiles(3 * prior[shuffle] - 7, 0.5 * current[shuffle] + 1)["percentile"].to_numpy()
    assert moved.tolist() == found[shuffle].tolist()


def test_growth_percentiles_are_even_whatever_the_start():
    """Low starters gain nothing from regression to the mean: the mean percentile is 50 in every fifth of starts."""
    prior, current = cohort(6000, seed=8)
    found = growth_percentiles(prior, current)["percentile"].to_numpy()
    fifth = np.digitize(prior, np.quantile(prior, [0.2, 0.4, 0.6, 0.8]))
    assert [found[fifth == k].mean() for k in range(5)] == pytest.approx([50] * 5, abs=2.5)


def test_growth_percentiles_of_a_coarse_scale_are_those_of_the_definition():
    prior, current = cohort(4000, seed=6)
    coarse = np.round(prior / 20)
    out = growth_percentiles(coarse, current)
    assert out["percentile"].to_numpy() == pytest.approx(by_definition(coarse, current))
    assert out["peers"].max() > 1000


@pytest.mark.sweep
def test_growth_percentiles_agree_with_quantile_regression():
    """Betebenner's method with straight lines: how many of 19 quantile regressions are below the score."""
    prior, current = cohort(6000, seed=4)
    design = sm.add_constant((prior - 200) / 15)
    cuts = [
        sm.QuantReg(current, design).fit(q=q, max_iter=3000).fittedvalues for q in np.arange(0.05, 1, 0.05)
    ]
    by_regression = 5 * (np.stack(cuts) < current).sum(axis=0) + 2.5
    found = growth_percentiles(prior, current)["percentile"]
    assert np.corrcoef(found, by_regression)[0, 1] > 0.985
    assert np.abs(found - by_regression).mean() < 4


def test_under_five_hundred_students_there_are_no_growth_percentiles():
    prior, current = cohort(499)
    assert set(growth_percentiles(prior, current)["status"]) == {"insufficient_data"}


def test_the_median_of_a_class_has_an_interval_that_covers_and_is_the_same_each_time():
    rng = np.random.default_rng(5)
    classes = rng.integers(1, 100, (300, 25)).astype(float)
    found = [median_growth(one) for one in classes]
    covered = np.mean([one.low <= 50 <= one.high for one in found])
    assert covered == pytest.approx(0.95, abs=0.035)
    assert median_growth(classes[0]) == found[0]


@pytest.mark.parametrize("n", [25, 40])
def test_the_bootstrap_of_a_median_is_that_of_drawing_each_student(n):
    values = np.random.default_rng(n).integers(1, 100, n).astype(float)
    drawn = np.median(np.random.default_rng(2).choice(values, (20_000, n)), axis=1)
    found = median_growth(values)
    assert found.median == np.median(values)
    assert (drawn <= found.low).mean() == pytest.approx(0.025, abs=0.03)
    assert (drawn >= found.high).mean() == pytest.approx(0.025, abs=0.03)
    assert _resampled_medians(np.sort(values), np.random.default_rng(0)).mean() == pytest.approx(
        drawn.mean(), abs=0.6
    )


def test_the_median_of_a_small_class_is_suppressed():
    assert median_growth(np.arange(19.0)).status == "suppressed"
    assert median_growth(np.append(np.arange(19.0), np.nan)).n == 19
