"""Risks, ratios and gaps of groups, against published tables."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.multitest import multipletests

from datareview.analysis.equity import (
    benjamini_hochberg,
    difference_of_means,
    difference_of_proportions,
    risk_ratio,
    wilson_interval,
)
from tests.properties import given, settings, st

pytestmark = pytest.mark.kernel


@pytest.mark.parametrize(
    ("cases", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_proportions_have_newcombes_intervals(cases, n, low, high):  # Newcombe (1998), p. 857, table I
    assert wilson_interval(cases, n) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((6, 7, 2, 7), 0.0582, 0.8062),
        ((5, 56, 0, 29), -0.0381, 0.1926),
        ((0, 10, 0, 20), -0.1611, 0.2775),
        ((0, 10, 0, 10), -0.2775, 0.2775),
        ((10, 10, 0, 20), 0.6791, 1.0),
        ((10, 10, 0, 10), 0.6075, 1.0),
    ],
)
def test_differences_have_newcombes_intervals(counts, low, high):  # Newcombe (1998), p. 873, table II
    found = difference_of_proportions(*counts)
    assert (found.low, found.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_a_risk_ratio_and_its_interval_by_hand():
    found = risk_ratio(40, 200, 50, 500)
    half = 1.959963984540054 * np.sqrt(1 / 40 - 1 / 200 + 1 / 50 - 1 / 500)
    assert (found.method, found.value) == ("risk_ratio", pytest.approx(2.0))
    assert (found.low, found.high) == (pytest.approx(2 * np.exp(-half)), pytest.approx(2 * np.exp(half)))


def test_the_rules_of_small_cells():
    assert risk_ratio(9, 200, 50, 500).status == "not_calculated"
    assert risk_ratio(10, 29, 50, 500).status == "not_calculated"
    assert risk_ratio(10, 30, 10, 30).status == "ok"
    assert risk_ratio(40, 200, 9, 500).status == "not_calculated"
    alternate = risk_ratio(40, 200, 9, 500, state=(1_000, 10_000))
    assert (alternate.method, alternate.value) == ("alternate_risk_ratio", pytest.approx(2.0))
    assert risk_ratio(40, 200, 9, 500, state=(9, 10_000)).status == "not_calculated"
    assert risk_ratio(40, 200, 9, 500, state=(20, 29)).status == "not_calculated"
    assert risk_ratio(40, 200, 0, 500, state=(0, 10_000), min_cell=0, min_n=0).status == "not_calculated"


def test_means_agree_with_scipy():
    rng = np.random.default_rng(2)
    a, b = rng.normal(50, 8, 40), rng.normal(55, 12, 25)
    gap, g = difference_of_means(np.append(a, np.nan), b)
    reference = stats.ttest_ind(a, b, equal_var=False).confidence_interval()
    assert (gap.n_group, gap.low, gap.high) == (
        40,
        pytest.approx(reference.low),
        pytest.approx(reference.high),
    )
    assert g.low < g.value < g.high
    assert difference_of_means(b, a)[1].value == pytest.approx(-g.value)
    assert difference_of_means([1.0], b)[0].status == "insufficient_data"
    assert difference_of_means([1.0, 1], [2.0, 2])[0].status == "undefined_zero_variance"


# Benjamini & Hochberg (1995), p. 295: the fifteen p-values of Neuhaus and others; four stand at .05.
PUBLISHED = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719,
             0.6528, 0.759, 1.0]  # fmt: skip


def test_many_tests_as_published():
    assert benjamini_hochberg(np.array(PUBLISHED), q=0.05).sum() == 4
    assert benjamini_hochberg(np.array([*PUBLISHED, np.nan]), q=0.05).tolist()[-1] is False
    assert benjamini_hochberg(np.array([])).tolist() == []


@settings(max_examples=50)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_many_tests_agree_with_statsmodels(p):
    expected = multipletests(p, alpha=0.1, method="fdr_bh")[0]
    assert benjamini_hochberg(np.array(p)).tolist() == expected.tolist()


@pytest.mark.sweep
def test_intervals_cover_what_they_claim():
    """Of 1500 draws each with seed 11: groups of 60 and 40, and cases frequent enough for the ratio's interval."""
    rng = np.random.default_rng(11)
    covered = {"newcombe": 0, "ratio": 0, "welch": 0}
    draws = 1500
    for _draw in range(draws):
        a, b = rng.binomial(60, 0.15), rng.binomial(40, 0.3)
        gap = difference_of_proportions(a, 60, b, 40)
        covered["newcombe"] += gap.low <= -0.15 <= gap.high
        ratio = risk_ratio(rng.binomial(200, 0.2), 200, rng.binomial(400, 0.1), 400)
        covered["ratio"] += ratio.low <= 2.0 <= ratio.high
        means = difference_of_means(rng.normal(5, 3, 25), rng.normal(4, 1, 15))[0]
        covered["welch"] += means.low <= 1.0 <= means.high
    shares = {name: count / draws for name, count in covered.items()}
    assert shares == pytest.approx({"newcombe": 0.95, "ratio": 0.95, "welch": 0.95}, abs=0.02)


@settings(max_examples=50)
@given(st.integers(1, 50), st.integers(1, 50), st.data())
def test_a_gap_mirrors_when_groups_change_places(n, m, data):
    a, b = data.draw(st.integers(0, n)), data.draw(st.integers(0, m))
    one, other = difference_of_proportions(a, n, b, m), difference_of_proportions(b, m, a, n)
    assert (one.value, one.low, one.high) == pytest.approx((-other.value, -other.high, -other.low))
    assert -1 - 1e-12 <= one.low <= one.value <= one.high <= 1 + 1e-12


def test_nobody_in_a_group_is_a_status():
    assert difference_of_proportions(0, 0, 3, 10).status == "insufficient_data"
    assert wilson_interval(0, 0) == (0.0, 1.0)
    for few in ([], [np.nan], [np.inf, 1.0]):
        gap, g = difference_of_means(few, [1.0, 2.0, 3.0])
        assert (gap.status, gap.value, g.value) == ("insufficient_data", None, None)
