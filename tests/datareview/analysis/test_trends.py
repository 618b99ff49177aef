"""Growth of series, against published values and scipy; order, shift and scale do not matter."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from datareview.analysis.pooling import pool_slopes
from datareview.analysis.trends import baseline, fit_trends
from tests.properties import given, settings, st

pytestmark = pytest.mark.kernel

# NIST StRD, linear regression, data set Norris (36 observations), certified to 15 digits:
# B0 -0.262323073774029, B1 1.00211681802045, sd(B1) 0.429796848199937E-03, residual sd 0.884796396144373.
NORRIS_Y = [
    0.1,
    338.8,
    118.1,
    888.0,
    9.2,
    228.1,
    668.5,
    998.5,
    449.1,
    778.9,
    559.2,
    0.3,
    0.1,
    778.1,
    668.8,
    339.3,
    448.9,
    10.8,
    557.7,
    228.3,
    998.0,
    888.8,
    119.6,
    0.3,
    0.6,
    557.6,
    339.3,
    888.0,
    998.5,
    778.9,
    10.2,
    117.6,
    228.9,
    668.4,
    449.2,
    0.2,
]
NORRIS_X = [
    0.2,
    337.4,
    118.2,
    884.6,
    10.1,
    226.5,
    666.3,
    996.3,
    448.6,
    777.0,
    558.2,
    0.4,
    0.6,
    775.5,
    666.9,
    338.0,
    447.5,
    11.6,
    556.0,
    228.1,
    995.8,
    887.6,
    120.2,
    0.3,
    0.3,
    556.8,
    339.1,
    887.2,
    999.0,
    779.0,
    11.1,
    118.3,
    229.2,
    669.1,
    448.9,
    0.5,
]


def series(days, values, key=0):
    return pd.DataFrame({"series": key, "day": np.asarray(days, dtype=np.int64), "value": values})


def test_least_squares_agrees_with_nists_certified_values():
    # x is counted in thousandths of a day; the one pair of equal x is set one thousandth apart, because
    # several values of one day would become their median.
    days = np.round(np.array(NORRIS_X) * 1000).astype(int)
    days[np.flatnonzero(days == 300)[1]] += 1
    fit = fit_trends(series(days, NORRIS_Y)).iloc[0]
    per_unit = 1000 / 7.0
    assert fit["n"] == 36
    assert fit["slope"] * per_unit == pytest.approx(1.00211681802045, rel=1e-7)
    assert fit["slope_se"] * per_unit == pytest.approx(0.429796848199937e-03, rel=1e-4)
    assert fit["see"] == pytest.approx(0.884796396144373, rel=1e-4)


def test_theil_sen_agrees_with_scipy_and_sen():
    rng = np.random.default_rng(5)
    days = np.array([1, 8, 16, 22, 29, 37, 43, 52, 57, 64])
    values = 60 + 0.2 * days + rng.normal(0, 5, len(days))
    fit = fit_trends(series(days, values)).iloc[0]
    reference = stats.theilslopes(values, days / 7)
    assert fit["robust_slope"] == pytest.approx(reference.slope)
    line = stats.linregress(days / 7, values)
    assert (fit["slope"], fit["slope_se"]) == (pytest.approx(line.slope), pytest.approx(line.stderr))
    half = stats.t.ppf(0.975, len(days) - 2) * line.stderr
    assert fit["slope_high"] - fit["slope"] == pytest.approx(half)
    assert fit["robust_low"] <= fit["robust_slope"] <= fit["robust_high"]


def test_sens_interval_is_scipys_with_ties_and_mirrors():
    rng = np.random.default_rng(5)
    values, days = rng.normal(size=(50, 10)).round(1), np.arange(10) * 7
    frame = series(np.tile(days, 50), values.ravel(), key=np.repeat(np.arange(50), 10))
    fits, mirrored = fit_trends(frame), fit_trends(frame.assign(value=-frame["value"]))
    for fit, row in zip(fits.itertuples(), values, strict=True):
        reference = stats.theilslopes(row, days / 7)
        assert fit.robust_low == pytest.approx(reference.low_slope)
        assert fit.robust_high == pytest.approx(reference.high_slope)
    assert mirrored["robust_low"].to_numpy() == pytest.approx(-fits["robust_high"].to_numpy())


def test_standard_error_of_a_weekly_slope_is_the_exact_formula():
    for n in (6, 10, 20):
        rng = np.random.default_rng(n)
        values = rng.normal(0, 10, n)
        fit = fit_trends(series(np.arange(n) * 7, values)).iloc[0]
        assert fit["slope_se"] == pytest.approx(fit["see"] / np.sqrt(n * (n**2 - 1) / 12))


def test_the_interval_covers_what_it_claims():
    rng = np.random.default_rng(11)
    n, runs, true = 10, 4_000, 1.2
    days = np.tile(np.arange(n) * 7, runs)
    values = 60 + true * days / 7 + rng.normal(0, 8, n * runs)
    fits = fit_trends(pd.DataFrame({"series": np.repeat(np.arange(runs), n), "day": days, "value": values}))
    covered = ((fits["slope_low"] <= true) & (true <= fits["slope_high"])).mean()
    assert 0.94 <= covered <= 0.96


def test_mann_kendall_is_kendalls_for_a_perfect_rise():
    fit = fit_trends(series(np.arange(10) * 7, np.arange(10.0))).iloc[0]
    # S = 45, var = 10*9*25/18 = 125, z = 44 / sqrt(125)
    assert fit["kendall_p"] == pytest.approx(2 * stats.norm.sf(44 / np.sqrt(125)))
    assert np.isnan(fit_trends(series(np.arange(7) * 7, np.arange(7.0))).iloc[0]["kendall_p"])


@pytest.mark.parametrize(
    ("days", "values", "status"),
    [
        ([1], [60.0], "insufficient_data"),
        ([1, 8], [60.0, 62.0], "insufficient_data"),
        ([1, 1, 1], [60.0, 61.0, 62.0], "insufficient_data"),
        ([1, 8, 15], [60.0, 60.0, 60.0], "undefined_zero_variance"),
        ([1, 8, 15], [60.0, np.nan, np.inf], "insufficient_data"),
        ([1, 8, 15], [60.0, 61.0, 62.0], "ok"),
    ],
)
def test_too_little_is_a_status_and_never_a_number(days, values, status):
    fit = fit_trends(series(days, values)).iloc[0]
    assert fit["status"] == status
    assert np.isfinite(fit["slope"]) == (status == "ok")


def test_nothing_gives_nothing():
    assert fit_trends(series([], [])).empty


def test_a_series_without_values_has_a_status():
    fit = fit_trends(series([1, 8], [np.nan, np.nan])).iloc[0]
    assert (fit["status"], fit["n"]) == ("insufficient_data", 0)
    assert np.isnan(fit["slope"])


def test_several_values_of_one_day_are_their_median_and_a_leap_day_is_a_day():
    import datetime as dt

    days = [dt.date(2024, 2, 28), dt.date(2024, 2, 29), dt.date(2024, 3, 1), dt.date(2024, 3, 1)]
    fit = fit_trends(pd.DataFrame({"series": 0, "day": days, "value": [1.0, 2.0, 2.0, 4.0]})).iloc[0]
    assert (fit["n"], fit["slope"]) == (3, pytest.approx(7.0))


@settings(max_examples=30)
@given(
    st.lists(st.integers(-1_000, 1_000).map(lambda tenths: tenths / 10), min_size=6, max_size=14),
    st.randoms(use_true_random=False),
)
def test_order_shift_scale_and_mirror(values, random):
    days = np.arange(len(values)) * 7 + 3
    base = fit_trends(series(days, values)).iloc[0]
    if base["status"] != "ok":
        return
    order = list(range(len(values)))
    random.shuffle(order)
    shuffled = fit_trends(series(days[order], np.array(values)[order])).iloc[0]
    assert shuffled["slope"] == base["slope"]
    moved = fit_trends(series(days + 700, np.array(values) * 2 + 5)).iloc[0]
    assert moved["slope"] == pytest.approx(2 * base["slope"], abs=1e-9)
    mirrored = fit_trends(series(days, -np.array(values))).iloc[0]
    assert mirrored["robust_slope"] == pytest.approx(-base["robust_slope"], abs=1e-9)


def test_a_student_elsewhere_changes_nothing_unpooled_and_input_stays():
    one = series(np.arange(8) * 7, np.arange(8.0) ** 1.5, key=1)
    both = pd.concat([one, series(np.arange(9) * 7, np.arange(9.0)[::-1], key=0)])
    copy = both.copy()
    alone, beside = fit_trends(one), fit_trends(both)
    pd.testing.assert_frame_equal(beside.loc[[1]], alone, check_dtype=False)
    pd.testing.assert_frame_equal(both, copy)


def test_an_outlier_is_noticed():
    values = np.arange(10.0)
    values[9] = -40
    assert fit_trends(series(np.arange(10) * 7, values)).iloc[0]["has_outlier"]


def test_baseline_is_the_median_of_the_first_three_within_two_weeks():
    assert baseline(np.array([1, 8, 15, 22]), np.array([60.0, 66, 63, 90])) == (63.0, 3)
    assert baseline(np.array([1, 8, 40]), np.array([60.0, 66, 10])) == (63.0, 2)
    assert baseline(np.array([1, 8, 15]), np.array([np.inf, 60, 62])) == (61.0, 2)
    assert baseline(np.array([]), np.array([])) is None


def pooled(slopes_true, n=8, noise=8.0, seed=3):
    rng = np.random.default_rng(seed)
    count = len(slopes_true)
    days = np.tile(np.arange(n) * 7, count)
    values = 60 + np.repeat(slopes_true, n) * days / 7 + rng.normal(0, noise, n * count)
    fits = fit_trends(pd.DataFrame({"series": np.repeat(np.arange(count), n), "day": days, "value": values}))
    return fits, pool_slopes(fits, pd.Series(0, index=fits.index))


def test_pooling_shrinks_toward_the_group_and_is_nearer_to_the_truth():
    true = np.random.default_rng(1).normal(1.2, 0.5, 400)
    fits, pool = pooled(true)
    assert (pool["status"] == "ok").all()
    assert pool["weight"].between(0, 1).all()
    own, shared = ((fits["slope"] - true) ** 2).mean(), ((pool["pooled_slope"] - true) ** 2).mean()
    assert shared < 0.6 * own
    covered = ((pool["pooled_low"] <= true) & (true <= pool["pooled_high"])).mean()
    assert 0.86 <= covered <= 0.97  # nominal 0.90, one draw of 400 series


def test_where_nobody_differs_all_slopes_are_the_groups():
    _fits, pool = pooled(np.full(60, 1.0), seed=8)
    assert pool["pooled_slope"].std() < 0.25


def test_a_small_group_is_not_pooled():
    _fits, pool = pooled(np.full(29, 1.0))
    assert set(pool["status"]) == {"insufficient_data"}
    assert pool["pooled_slope"].isna().all()


def test_a_series_without_a_known_group_is_not_pooled_and_changes_nothing():
    fits, pool = pooled(np.full(60, 1.0))
    some = pool_slopes(fits, pd.Series(0.0, index=fits.index).where(fits.index < 50))
    alone = pool_slopes(fits.iloc[:50], pd.Series(0, index=fits.index[:50]))
    pd.testing.assert_frame_equal(some.iloc[:50], alone)
    assert some.iloc[50:][["status", "group_n"]].drop_duplicates().values.tolist() == [
        ["insufficient_data", 0]
    ]
    assert set(pool_slopes(fits, pd.Series(np.nan, index=fits.index))["status"]) == {"insufficient_data"}
    assert len(pool) == 60


def ragged(count=400, seed=5):
    """Unordered series of 1 to 30 days, with ties and several scores on some days."""
    rng = np.random.default_rng(seed)
    key = np.repeat(np.arange(count), rng.integers(1, 31, count))
    frame = series(738_000 + rng.integers(0, 60, len(key)), rng.integers(0, 8, len(key)) / 2.0, key)
    return frame.sample(frac=1, random_state=seed)


@pytest.mark.sweep
def test_every_series_has_the_same_figures_alone_and_among_hundreds_to_the_last_digit():
    scores = ragged()
    together = fit_trends(scores)
    alone = pd.concat([fit_trends(part) for _key, part in scores.groupby("series")])
    pd.testing.assert_frame_equal(together, alone, check_exact=True)


@pytest.mark.sweep
def test_many_series_agree_with_scipy_one_by_one():
    scores = ragged(seed=6).groupby(["series", "day"], as_index=False)["value"].median()
    fits = fit_trends(scores)
    fits = fits[fits["status"] == "ok"]
    assert len(fits) > 300
    for key, part in scores[scores["series"].isin(fits.index)].groupby("series"):
        # From the first day: scipy loses digits on weeks counted from the year 1.
        week, value = (part["day"] - part["day"].min()).to_numpy() / 7, part["value"].to_numpy()
        line, robust, fit = stats.linregress(week, value), stats.theilslopes(value, week), fits.loc[key]
        assert (fit["slope"], fit["slope_se"]) == pytest.approx((line.slope, line.stderr), abs=1e-9)
        assert fit["robust_slope"] == pytest.approx(robust.slope, abs=1e-12)


@pytest.mark.parametrize("days", [9, 40, 300])
def test_mann_kendall_with_ties_agrees_with_the_definition(days):
    values = np.random.default_rng(days).integers(0, 5, days) + np.arange(days) // 4
    fit = fit_trends(series(np.arange(days) * 3, values.astype(float))).iloc[0]
    s = sum(np.sign(values[k + 1 :] - values[k]).sum() for k in range(days))
    sizes = np.unique(values, return_counts=True)[1]
    variance = (days * (days - 1) * (2 * days + 5) - (sizes * (sizes - 1) * (2 * sizes + 5)).sum()) / 18
    assert fit["kendall_p"] == pytest.approx(2 * stats.norm.sf((abs(s) - 1) / np.sqrt(variance)), rel=1e-9)


def test_keys_too_large_to_be_packed_are_sorted_all_the_same():
    scores = ragged(count=60)
    far = scores.assign(series=scores["series"] * 10**16, day=scores["day"])
    pd.testing.assert_frame_equal(
        fit_trends(far).reset_index(drop=True), fit_trends(scores).reset_index(drop=True)
    )


def test_scores_far_from_zero_keep_their_slope():
    values = 1e9 + np.array([0.2, 0.9, 2.1, 2.8, 4.2, 4.9])
    fit, near = (fit_trends(series(np.arange(6) * 7, y)).iloc[0] for y in (values, values - 1e9))
    assert fit["slope"] == pytest.approx(near["slope"], rel=1e-12)
    assert fit["slope_se"] == pytest.approx(near["slope_se"], rel=1e-9)


def test_scores_on_a_line_have_no_outlier_whatever_rounding_makes_of_them():
    values = 0.1 * np.arange(12) + 0.3
    assert not fit_trends(series(np.arange(12) * 7, values)).iloc[0]["has_outlier"]
