"""Overlap and difference of two phases, against the worked examples of the R packages SingleCaseES and scan.

The examples are printed on the reference pages and in the vignette "Basic effect size calculations" of
SingleCaseES 0.7, with intervals from a root finder that stops at about 1e-4.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from datareview.analysis.phases import Phases
from datareview.analysis.singlecase import (
    nap_interval,
    nap_of,
    nonoverlap_of_all_pairs,
    percent_nonoverlap,
    standardized_difference,
    strength_of,
)
from tests.properties import given, settings, st

pytestmark = pytest.mark.kernel

A = np.array([20.0, 20, 26, 25, 22, 23])
B = np.array([28.0, 25, 24, 27, 30, 30, 29])
LIMIT = 5e-5  # of the published root finder
SCORES = st.integers(-30, 30).map(float)


def cases():
    return st.tuples(st.lists(SCORES, min_size=3, max_size=8), st.lists(SCORES, min_size=5, max_size=9))


@pytest.mark.parametrize(
    ("level", "low", "high"),
    [(0.95, 0.5973406, 0.9860176), (0.99, 0.4875014, 0.9907377), (0.90, 0.6591091, 0.9822249)],
)
def test_nonoverlap_is_the_published_one_at_three_levels(level, low, high):
    found = nonoverlap_of_all_pairs(A, B, level=level)
    assert (found.status, found.n_baseline, found.n_intervention) == ("ok", 6, 7)
    assert found.value == pytest.approx(38.5 / 42)  # Parker, Vannest & Davis (2011)
    assert found.se == pytest.approx(0.06900656, abs=5e-9)
    assert (found.low, found.high) == (pytest.approx(low, abs=LIMIT), pytest.approx(high, abs=LIMIT))


def test_nonoverlap_of_parker_and_vannest_2009():
    found = nonoverlap_of_all_pairs([4, 3, 4, 3, 4, 7, 5, 2, 3, 2], [5, 9, 7, 9, 7, 5, 9, 11, 11, 10, 9])
    assert found.value == pytest.approx(0.9636364, abs=5e-8)
    assert found.se == pytest.approx(0.03192622, abs=5e-9)
    assert (found.low, found.high) == (
        pytest.approx(0.7499741, abs=LIMIT),
        pytest.approx(0.9950729, abs=LIMIT),
    )


def test_complete_separation_has_the_published_standard_error_and_an_honest_lower_limit():
    # McKissick and others (2010), period 1, as in the vignette: NAP 1, SE 0.0440101.
    found = nonoverlap_of_all_pairs(
        [13.62, 12.57, 15.76], [5.97, 4.63, 5.82, 3.72, 8.07, 2.95, 11.86], higher_is_better=False
    )
    assert (found.value, found.high) == (1.0, 1.0)
    assert found.se == pytest.approx(0.0440101, abs=5e-8)
    # The lower limit solves (1 - p)² = z² p(1-p) [1 + h(1-p)/(2-p) + hp/(1+p)] / 21 with h = 4.
    p, z = found.low, stats.norm.ppf(0.975)
    assert (1 - p) ** 2 == pytest.approx(
        z * z * p * (1 - p) * (1 + 4 * (1 - p) / (2 - p) + 4 * p / (1 + p)) / 21
    )
    worst = nonoverlap_of_all_pairs([13.62, 12.57, 15.76], [5.97, 4.63, 5.82, 3.72, 8.07, 2.95, 11.86])
    assert (worst.value, worst.low, worst.high) == (0.0, 0.0, pytest.approx(1 - found.low))


def test_intervals_end_where_the_score_equation_holds():
    for nap, m, n in [(0.05, 3, 5), (0.5, 6, 9), (0.93, 12, 20)]:
        rng = np.random.default_rng(int(100 * nap))
        found = nonoverlap_of_all_pairs(rng.normal(0, 1, m), rng.normal(stats.norm.ppf(nap) * 1.4, 1, n))
        h, z = (m + n) / 2 - 1, stats.norm.ppf(0.975)
        for p in (found.low, found.high):
            if 0 < p < 1:
                variance = p * (1 - p) * (1 + h * (1 - p) / (2 - p) + h * p / (1 + p)) / (m * n)
                assert (found.value - p) ** 2 == pytest.approx(z * z * variance, rel=1e-9)


def drawn(seed, m, n, gain, runs=20_000):
    """Many cases of independent normal scores at once."""
    rng = np.random.default_rng(seed)
    a, b = rng.normal(0, 1, (runs, m)), rng.normal(gain, 1, (runs, n))
    return Phases(a, b, np.broadcast_to(np.arange(m), a.shape), np.broadcast_to(m + np.arange(n), b.shape))


@pytest.mark.parametrize(("m", "n", "gain"), [(3, 5, 0.5), (5, 8, 1.0), (6, 12, 0.0), (10, 10, 1.5)])
def test_intervals_cover_what_they_claim(m, n, gain):
    nap, _se = nap_of(drawn(11, m, n, gain))
    low, high = nap_interval(nap, m, n, 0.95)
    true = stats.norm.cdf(gain / np.sqrt(2))
    assert 0.94 <= np.mean((low <= true) & (true <= high)) <= 0.985  # 20,000 runs: +/- .003


def test_the_standard_error_is_unbiased():
    nap, se = nap_of(drawn(12, 6, 7, 0.3))
    assert np.nanmean(se**2) == pytest.approx(nap.var(), rel=0.03)


@pytest.mark.sweep
@given(cases(), st.integers(-20, 20), st.integers(1, 5))
@settings(max_examples=60)
def test_shift_scale_order_and_mirror_change_nothing(case, shift, scale):
    a, b = (np.array(part) for part in case)
    base = nonoverlap_of_all_pairs(a, b)
    assert nonoverlap_of_all_pairs(-a, -b, higher_is_better=False) == base
    moved = nonoverlap_of_all_pairs((scale * a + shift)[::-1], (scale * b + shift)[::-1])
    assert (moved.value, moved.low, moved.high) == pytest.approx((base.value, base.low, base.high))
    worse = nonoverlap_of_all_pairs(a, b, higher_is_better=False)
    assert (worse.value, worse.low, worse.high) == pytest.approx(
        (1 - base.value, 1 - base.high, 1 - base.low)
    )
    area = stats.mannwhitneyu(b, a).statistic / (len(a) * len(b))
    assert base.value == pytest.approx(area)


def test_other_indices_of_overlap_are_the_published_ones():
    # Parker, Vannest & Davis (2011), as in the tests of SingleCaseES; PAND 84.61538 and phi 0.6905 in scan.
    found = percent_nonoverlap(A, B)
    assert found["pnd"].value == pytest.approx(5 / 7)
    assert found["pem"].value == 1.0
    assert found["pand"].value == pytest.approx(1 - 2 / 13)
    assert found["ird"].value == pytest.approx(6 / 7 - 1 / 6)
    assert found["pand"].se is None


@given(cases())
@settings(max_examples=60)
def test_pand_is_the_most_that_any_cut_can_keep(case):
    a, b = (np.array(part) for part in case)
    m, n = len(a), len(b)
    best = max((a <= cut).sum() + (b > cut).sum() for cut in [-99.0, *a, *b])
    found = percent_nonoverlap(a, b)
    assert found["pand"].value == pytest.approx(best / (m + n))
    assert found["ird"].value == pytest.approx(1 - (m + n) ** 2 / (2 * m * n) * (1 - best / (m + n)))


def test_standardized_difference_is_the_published_one_by_either_spread():
    found = standardized_difference(A, B)
    assert (found.value, found.se) == (pytest.approx(1.649932, abs=5e-7), pytest.approx(0.6340935, abs=5e-8))
    assert (found.low, found.high) == (pytest.approx(0.4071314, abs=5e-8), pytest.approx(2.892732, abs=5e-7))
    pooled = standardized_difference(A, B, spread="pooled")
    assert pooled.name == "smd_within_pooled"
    assert (pooled.value, pooled.se) == (
        pytest.approx(1.876247, abs=5e-7),
        pytest.approx(0.6374216, abs=5e-8),
    )
    assert (pooled.low, pooled.high) == (
        pytest.approx(0.6269241, abs=5e-8),
        pytest.approx(3.125571, abs=5e-7),
    )
    assert standardized_difference(A, B, higher_is_better=False).value == pytest.approx(-1.649932, abs=5e-7)


def test_a_difference_needs_a_spread():
    flat = np.full(4, 0.1 + 0.2)
    assert standardized_difference(flat, B).status == "undefined_zero_variance"
    assert standardized_difference(flat, B, spread="pooled").status == "ok"
    assert standardized_difference(flat, np.full(5, 9.0), spread="pooled").status == "undefined_zero_variance"


def test_equal_scores_give_a_nap_of_one_half():
    found = nonoverlap_of_all_pairs([7.0] * 4, [7.0] * 6)
    assert found.value == 0.5
    assert found.low == pytest.approx(1 - found.high)
    assert percent_nonoverlap([7.0] * 4, [7.0] * 6)["pnd"].value == 0.0
    assert percent_nonoverlap([7.0] * 4, [7.0] * 6)["pem"].value == 0.5


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ([], []),
        ([1.0], [2.0]),
        (A[:2], B),
        (A, B[:4]),
        ([np.nan, 1, np.inf, -np.inf, 2], B),
        ([np.nan] * 6, B),
    ],
)
def test_too_few_scores_have_a_status_and_no_number(a, b):
    everything = [
        nonoverlap_of_all_pairs(a, b),
        standardized_difference(a, b),
        standardized_difference(a, b, spread="pooled"),
        *percent_nonoverlap(a, b).values(),
    ]
    assert {(one.status, one.value, one.low) for one in everything} == {("insufficient_data", None, None)}


def test_missing_scores_are_left_out_and_inputs_stay_as_they_were():
    with_holes = np.array([20.0, np.nan, 20, 26, 25, np.inf, 22, 23])
    copy = with_holes.copy()
    assert nonoverlap_of_all_pairs(with_holes, B) == nonoverlap_of_all_pairs(A, B)
    assert np.array_equal(with_holes, copy, equal_nan=True)


@pytest.mark.parametrize(
    ("nap", "word"),
    [(0.659, "weak"), (0.66, "medium"), (0.9299, "medium"), (0.93, "strong"), (1.0, "strong"), (None, None)],
)
def test_labels_begin_where_parker_and_vannest_say(nap, word):
    assert strength_of(nap) == word
