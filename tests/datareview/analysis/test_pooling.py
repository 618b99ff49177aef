"""Pooled projections and slopes: values, intervals and their coverage."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from datareview.analysis.pooling import conformal_factor, pool_slopes, project_pooled, usual_factor
from datareview.analysis.scoremodel import ScoreModel
from datareview.analysis.trends import fit_trends
from tests.datareview.analysis.samples import hard_and_easy, simulated

pytestmark = pytest.mark.kernel


@pytest.mark.sweep
def test_variances_and_slopes_agree_with_a_mixed_model_of_statsmodels():
    known, coming = simulated(students=300, weeks=10)
    data = known.assign(week=(known["day"] - known["day"].mean()) / 7)
    mixed = smf.mixedlm("value ~ week", data, groups="series", re_formula="~week").fit(method="powell")
    effects = pd.DataFrame(mixed.random_effects).T
    ahead = (coming["day"].iloc[0] - known["day"].mean()) / 7
    expected = mixed.fe_params["Intercept"] + mixed.fe_params["week"] * ahead
    expected = expected + effects.iloc[:, 0] + effects.iloc[:, 1] * ahead
    ours = project_pooled(known, coming)
    assert np.corrcoef(ours["value"], expected)[0, 1] > 0.999
    # The closed form shrinks level and slope separately and pulls in outliers: single students differ slightly.
    apart = np.sqrt(np.mean((ours["value"].to_numpy() - expected.to_numpy()) ** 2))
    assert apart < 0.15 * np.sqrt(mixed.scale)


@pytest.mark.parametrize(("level", "tolerance"), [(0.80, 0.02), (0.95, 0.015)])
def test_intervals_of_new_scores_cover_what_they_claim(level, tolerance):
    inside = []
    for seed in range(10):
        known, coming = simulated(seed=seed)
        out = project_pooled(known, coming, level=level, factor=1.0)
        inside.append(((out["low"] <= coming["value"]) & (coming["value"] <= out["high"])).mean())
    assert np.mean(inside) == pytest.approx(level, abs=tolerance)


def test_two_scores_take_the_level_of_the_student_and_the_slope_of_the_group():
    known, coming = simulated()
    short = known[(known["series"] != 7) | (known["day"] < 739014)]
    out = project_pooled(short, coming[coming["series"] == 7])
    assert out["status"].tolist() == ["ok"]
    own = short.loc[short["series"] == 7, "value"].mean()
    assert own < out["value"].iloc[0] + 20
    assert out["sd"].iloc[0] > project_pooled(known, coming[coming["series"] == 7])["sd"].iloc[0]


def test_a_small_group_an_unknown_series_or_no_scores_are_a_status():
    known, coming = simulated(students=29)
    assert set(project_pooled(known, coming)["status"]) == {"insufficient_data"}
    known, coming = simulated(weeks=1)
    assert set(project_pooled(known, coming)["status"]) == {"insufficient_data"}  # one score each
    known, coming = simulated()
    stranger = project_pooled(known, coming.head(1).assign(series=9999))
    assert (stranger["status"].tolist(), np.isnan(stranger["value"].iloc[0])) == (["insufficient_data"], True)
    assert set(project_pooled(known.head(0), coming)["status"]) == {"insufficient_data"}


def test_a_slope_over_two_days_may_be_test_difficulty_and_is_not_extrapolated():
    known, coming = simulated(weeks=2)
    harder = known.assign(value=known["value"] - 30 * (known["day"] == known["day"].max()))
    out = project_pooled(harder, coming)
    assert out["value"].mean() == pytest.approx(harder["value"].mean(), abs=0.5)


def test_projections_do_not_depend_on_order_unit_or_another_group():
    known, coming = simulated()
    plain = project_pooled(known, coming)["value"].to_numpy()
    other = known.assign(series=known["series"] + 1000, group=1, value=known["value"] * 0.2)
    both = pd.concat([known, other]).sample(frac=1, random_state=3)
    assert project_pooled(both, coming)["value"].to_numpy() == pytest.approx(plain)
    scaled = project_pooled(known.assign(value=3 * known["value"] - 5), coming)["value"].to_numpy()
    assert scaled == pytest.approx(3 * plain - 5)


def test_projections_stay_on_the_scale():
    known, coming = simulated()
    out = project_pooled(known, coming, scale=(0, 90))
    assert out[["value", "low", "high"]].max().max() == 90


def test_a_wider_group_is_taken_where_the_narrow_one_is_too_small():
    known, _coming = simulated(students=60)
    fits = fit_trends(known)
    narrow = pd.Series(np.where(fits.index < 10, "small", "large"), index=fits.index)
    wide = pd.Series("all", index=fits.index)
    alone, nested = pool_slopes(fits, narrow), pool_slopes(fits, [narrow, wide])
    assert set(alone.loc[fits.index < 10, "status"]) == {"insufficient_data"}
    assert nested.loc[5].to_dict() == pool_slopes(fits, wide).loc[5].to_dict()
    assert nested.loc[50].to_dict() == alone.loc[50].to_dict()


def test_students_who_do_not_differ_beyond_error_are_not_told_apart():
    known, _coming = simulated(students=40, slope_sd=0.0, error=15.0, seed=4)
    out = pool_slopes(fit_trends(known), pd.Series(0, index=range(40)))
    assert not out["is_distinct"].any()
    assert out["pooled_slope"].nunique() == 1


def test_the_factor_is_the_split_conformal_quantile():
    """By hand: |error| / sd = 1..99 / 10; rank ceil(100 * 0.8) = 80 gives 8.0, over z(0.9) = 1.28155."""
    errors = np.arange(1, 100) / 10
    assert conformal_factor(errors, np.zeros(99), np.ones(99)) == pytest.approx(8.0 / 1.2815516)
    assert conformal_factor(errors[:49], np.zeros(49), np.ones(49)) is None
    assert conformal_factor(np.append(errors, np.nan), np.zeros(100), np.ones(100)) == pytest.approx(
        8.0 / 1.2815516
    )


def test_the_usual_factor_grows_from_80_to_95_percent():
    assert [usual_factor(level) for level in (0.5, 0.8, 0.95, 0.99)] == [1.0, 1.0, 1.3, 1.3]
    assert usual_factor(0.9) == pytest.approx(1.2)


def test_a_wider_group_is_taken_for_projections_too():
    known, coming = simulated(students=60)
    known["class"] = np.where(known["series"] < 10, "small", "large")
    alone = project_pooled(known, coming, groups=["class"])
    nested = project_pooled(known, coming, groups=["class", "group"])
    wide = project_pooled(known, coming)
    assert set(alone["status"].iloc[:10]) == {"insufficient_data"}
    pd.testing.assert_frame_equal(nested.iloc[:10], wide.iloc[:10])
    pd.testing.assert_frame_equal(nested.iloc[10:], alone.iloc[10:])


def test_a_series_whose_group_is_not_known_is_not_projected():
    known, coming = simulated()
    some = known.assign(group=known["group"].where(known["series"] < 150))
    out = project_pooled(some, coming)
    assert out["status"].tolist() == ["ok"] * 150 + ["insufficient_data"] * 50
    only = project_pooled(known[known["series"] < 150], coming)
    pd.testing.assert_frame_equal(out, only)


def test_hard_and_easy_tests_are_told_apart_from_students():
    frame, keep = hard_and_easy()
    known, coming = frame[keep], frame[~keep]
    named = project_pooled(known, coming)
    blind = project_pooled(known.drop(columns="occasion"), coming.drop(columns="occasion"))
    error, without = (np.abs(out["value"] - coming["value"]).mean() for out in (named, blind))
    assert error < 5.0  # the tests' own error of 5 alone gives a mean of 4.0
    assert without > 1.2 * error  # days alone identify tests less well
    assert (np.abs(named["value"] - coming["value"]) <= 1.2816 * named["sd"]).mean() == pytest.approx(
        0.80, abs=0.06
    )


def test_an_outlier_has_no_more_influence_than_a_score_at_two_and_a_half_deviations():
    known, coming = simulated(error=5.0)
    first = (known["series"] == 3) & (known["day"] == known["day"].min() + 7)
    far, farther = (known.assign(value=known["value"].where(~first, low)) for low in (0.0, -500.0))
    plain, once, twice = (
        project_pooled(rows, coming[coming["series"] == 3])["value"].iloc[0] for rows in (known, far, farther)
    )
    assert once < plain
    assert abs(twice - once) < 3.0  # a mean of eight would fall by 62


def test_old_scores_fade_where_students_drift():
    rng = np.random.default_rng(6)
    drift = np.zeros((200, 16))
    for week in range(1, 16):
        drift[:, week] = 0.7 * drift[:, week - 1] + rng.normal(0, 8, 200)
    y = 60 + rng.normal(0, 8, (200, 1)) + drift + rng.normal(0, 3, (200, 16))
    frame = pd.DataFrame(
        {
            "series": np.repeat(np.arange(200), 16),
            "group": 0,
            "day": np.tile(739000 + 7 * np.arange(16), 200),
            "value": y.ravel(),
        }
    )
    model = ScoreModel(frame)
    assert model.chosen.half_life.tolist() == [2.0]
    known, _coming = simulated(slope_sd=0.0)
    assert ScoreModel(known).chosen.half_life.tolist() == [np.inf]


def test_scores_that_never_scatter_are_expected_as_they_are():
    known, coming = simulated(error=0.0, slope_sd=0.0)
    out = project_pooled(known, coming)
    assert out["value"].to_numpy() == pytest.approx(coming["value"].to_numpy())
    assert out["sd"].to_numpy() == pytest.approx(0.0, abs=1e-5)
    same = project_pooled(known.assign(value=50.0), coming)
    assert same["value"].to_numpy() == pytest.approx(50.0)


@pytest.mark.parametrize("spread", [0.3, 0.6, 1.5])
@pytest.mark.parametrize("shortest", [3, 10])
def test_intervals_of_pooled_slopes_cover_at_least_what_they_claim(spread, shortest):
    """Where students hardly differ the interval is wider than necessary; it is never much too narrow."""
    covered = []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        true = rng.normal(1.2, spread, 100)
        series, week = np.repeat(np.arange(100), 10), np.tile(np.arange(10), 100)
        frame = pd.DataFrame(
            {"series": series, "day": 7 * week, "value": true[series] * week + rng.normal(0, 8, 1000)}
        )
        fits = fit_trends(frame[week < rng.integers(shortest, 11, 100)[series]])
        out = pool_slopes(fits, pd.Series(0, index=fits.index), level=0.90)
        covered.append(((out["pooled_low"] <= true) & (true <= out["pooled_high"])).mean())
    assert np.mean(covered) >= 0.88


def test_pooled_slopes_follow_the_closed_form():
    """The formulas one by one, on series of unequal length."""
    known, _coming = simulated(students=60, weeks=9)
    fits = fit_trends(known[known["day"] < 739000 + 7 * (4 + known["series"] % 6)])
    out = pool_slopes(fits, pd.Series(0, index=fits.index))
    sigma2 = (fits["see"] ** 2 * (fits["n"] - 2)).sum() / (fits["n"] - 2).sum()
    v = sigma2 / fits["sxx"]
    tau2 = max(0.0, fits["slope"].var(ddof=1) - v.mean())
    mu = np.average(fits["slope"], weights=1 / (tau2 + v))
    weight = tau2 / (tau2 + v)
    assert out["weight"].to_numpy() == pytest.approx(weight.to_numpy())
    assert out["group_slope"].to_numpy() == pytest.approx(mu)
    assert out["pooled_slope"].to_numpy() == pytest.approx((mu + weight * (fits["slope"] - mu)).to_numpy())
