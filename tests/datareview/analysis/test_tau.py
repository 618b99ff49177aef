"""The Tau family, against SingleCaseES, Tarlow (2017), Parker and others (2011), and scipy's Kendall tests."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from datareview.analysis.phases import Phases
from datareview.analysis.singlecase import nonoverlap_of_all_pairs
from datareview.analysis.tau import baseline_corrected_tau, baseline_trend, tau_family, trend_of
from tests.properties import given, settings, st

pytestmark = pytest.mark.kernel

A = np.array([20.0, 20, 26, 25, 22, 23])
B = np.array([28.0, 25, 24, 27, 30, 30, 29])
# The second example of the tests of SingleCaseES after Tarlow (2017): scores that were falling already.
TARLOW_A = np.array([33.0, 25, 17, 25, 19, 21, 19, 14, 19, 17])
TARLOW_B = np.array([14.0, 15, 15, 9, 12, 7, 10, 6, 5, 2, 2, 3, 5, 4])
SCORES = st.integers(-20, 20).map(float)


def test_tau_and_tau_u_are_the_published_ones():
    found = tau_family(A, B)
    # SingleCaseES: Tau 0.8333333, SE 0.1380131, 0.1946812 to 0.9720352; Tau-U 0.7380952.
    assert found["tau"].value == pytest.approx((38 - 3) / 42)
    assert found["tau"].se == pytest.approx(0.1380131, abs=5e-8)
    assert found["tau"].low == pytest.approx(0.1946812, abs=1e-4)
    assert found["tau"].high == pytest.approx(0.9720352, abs=1e-4)
    assert found["tau_u_parker"].value == pytest.approx(0.7380952, abs=5e-8)
    # By hand: S_AB 35, S_A 4, S_B 8, over all 42 + 21 + 15 pairs.
    assert found["tau_ab_plus_b_minus_a"].value == pytest.approx((35 + 8 - 4) / 78)


def test_tau_u_of_parker_vannest_and_davis_2011():
    found = tau_family([3, 3, 4, 5], [4, 5, 6, 7, 7])
    assert found["tau"].value == pytest.approx(16 / 20)
    assert found["tau_u_parker"].value == pytest.approx(11 / 20)


def test_a_trend_that_only_continues_is_no_effect_once_removed():
    # Tarlow (2017): Tau 1, Tau-U 0.6, baseline-corrected Tau 0.
    first, second = np.arange(1.0, 6.0), np.arange(6.0, 11.0)
    family = tau_family(first, second)
    assert (family["tau"].value, family["tau_u_parker"].value) == (1.0, pytest.approx(0.6))
    found = baseline_corrected_tau(first, second)
    assert found.is_corrected
    assert (found.tau_bc.value, found.tau_bc_nonoverlap.value, found.tau_bc.p) == (0.0, 0.0, 1.0)


@pytest.mark.parametrize("step", [0.1, 1 / 3, 1e6 / 7, 1e-7])
def test_a_trend_that_continues_is_no_effect_in_any_unit_and_on_real_days(step):
    days = np.array([739000, 739007, 739015, 739020, 739031, 739050, 739052, 739066, 739070, 739085.0])
    line = 3.3 + step * days / 7
    found = baseline_corrected_tau(line[:5], line[5:], days=(days[:5], days[5:]))
    assert (found.tau_bc.value, found.tau_bc_nonoverlap.value) == (0.0, 0.0)


def test_corrected_tau_is_the_published_one():
    # SingleCaseES, Tau_BC(A, B): 0.2857143, SE 0.3595159, -0.3260702 to 0.7180613 (always corrected, pairs).
    found = baseline_corrected_tau(A, B, correct="always").tau_bc_nonoverlap
    assert (found.value, found.se) == (pytest.approx(0.2857143, abs=5e-8), pytest.approx(0.3595159, abs=5e-8))
    assert (found.low, found.high) == (
        pytest.approx(-0.3260702, abs=1e-4),
        pytest.approx(0.7180613, abs=1e-4),
    )


def test_tarlows_version_is_kendalls_tau_b_of_corrected_scores_with_the_phase():
    found = baseline_corrected_tau(TARLOW_A, TARLOW_B, correct="when_significant")
    trend = stats.kendalltau(np.arange(10), TARLOW_A)
    assert found.trend.tau == pytest.approx(trend.statistic)
    assert found.is_corrected
    slope = np.median([(TARLOW_A[j] - TARLOW_A[i]) / (j - i) for i in range(10) for j in range(i + 1, 10)])
    assert found.trend.slope == pytest.approx(slope)
    rest = np.round(np.concatenate([TARLOW_A, TARLOW_B]) - slope * np.arange(24), 9)
    phase = np.repeat([0, 1], [10, 14])
    assert found.tau_bc.value == pytest.approx(stats.kendalltau(rest, phase).statistic)
    assert found.tau_bc.se == pytest.approx(np.sqrt(2 * (1 - found.tau_bc.value**2) / 24))
    test = stats.mannwhitneyu(rest[10:], rest[:10], method="asymptotic", use_continuity=True)
    assert found.tau_bc.p == pytest.approx(test.pvalue)
    mirrored = baseline_corrected_tau(TARLOW_A, TARLOW_B, correct="always", higher_is_better=False)
    assert mirrored.tau_bc.value == pytest.approx(-found.tau_bc.value)


def test_only_a_marked_trend_is_corrected():
    assert not baseline_corrected_tau(A, B).is_corrected  # tau .28, p .57
    assert baseline_corrected_tau(A, B).tau_bc_nonoverlap.value == pytest.approx(35 / 42)
    rising = [1.0, 3, 2, 4]  # tau .67, p .33: large, never significant with four scores
    assert baseline_corrected_tau(rising, B).is_corrected
    assert not baseline_corrected_tau(rising, B, correct="when_significant").is_corrected


@pytest.mark.parametrize("n", [3, 4, 5, 8, 13, 30])
def test_the_p_of_a_baseline_without_ties_is_exact(n):
    rng = np.random.default_rng(n)
    for _run in range(5):
        scores = rng.permutation(n).astype(float)
        expected = stats.kendalltau(np.arange(n), scores, method="exact")
        found = baseline_trend(scores)
        assert (found.tau, found.p) == (pytest.approx(expected.statistic), pytest.approx(expected.pvalue))


def test_the_p_of_a_baseline_with_ties_is_normal_and_corrected():
    # By hand: S 12, variance (6 5 17 - 3 2 1 9) / 18 = 25.333, z = 11 / 5.033 = 2.185; SingleCaseES expects
    # a p between .01 and .05 for these scores.
    found = baseline_trend([1, 1, 3, 3, 5, 5])
    assert found.p == pytest.approx(2 * stats.norm.sf(11 / np.sqrt(456 / 18)))
    assert found.is_marked


def test_kendalls_own_example_of_ties():
    # Kendall (1970), p. 35: S 33, tau-b .859, as in the tests of SingleCaseES.
    days = np.array([1, 2.5, 2.5, 4.5, 4.5, 6.5, 6.5, 8, 9.5, 9.5])
    scores = np.array([1, 2, 4.5, 4.5, 4.5, 4.5, 8, 8, 8, 10])
    tau, _p, _marked = trend_of(Phases(scores[None], scores[None], days[None], days[None]))
    assert tau[0] == pytest.approx(33 / np.sqrt(41 * 36))
    assert tau[0] == pytest.approx(0.859, abs=5e-4)


@pytest.mark.sweep
@given(st.lists(SCORES, min_size=3, max_size=8), st.lists(SCORES, min_size=5, max_size=9), st.integers(1, 5))
@settings(max_examples=60)
def test_shift_scale_and_mirror_change_nothing(a, b, scale):
    a, b = np.array(a), np.array(b)
    base, moved = tau_family(a, b), tau_family(scale * a + 3, scale * b + 3)
    mirrored = tau_family(-a, -b, higher_is_better=False)
    for name, one in base.items():
        assert moved[name].value == pytest.approx(one.value)
        assert mirrored[name].value == pytest.approx(one.value)
    assert base["tau"].value == pytest.approx(2 * nonoverlap_of_all_pairs(a, b).value - 1)
    always = baseline_corrected_tau(a, b, correct="always").tau_bc
    tilted = baseline_corrected_tau(
        a + 7 * np.arange(len(a)), b + 7 * (len(a) + np.arange(len(b))), correct="always"
    )
    assert tilted.tau_bc.value == pytest.approx(always.value)


def test_row_order_does_not_matter_when_days_are_given():
    days = np.arange(7.0) * 7
    a, b = np.array([5.0, 9, 4]), np.array([6.0, 8, 3, 9, 10, 12, 2])
    mixed = [2, 0, 1]
    base = baseline_corrected_tau(a, b, days=(days[:3], days + 21), correct="always")
    assert baseline_corrected_tau(a[mixed], b, days=(days[:3][mixed], days + 21), correct="always") == base


def test_scores_of_one_day_count_once_as_their_median():
    a, b = np.array([5.0, 9, 4, 8]), np.array([6.0, 8, 3, 9, 10])
    base = tau_family(a, b, days=([1, 2, 3, 4], [5, 6, 7, 8, 9]))
    thrice = tau_family(
        np.repeat(a, 3) + np.tile([-1, 0, 7], 4), b, days=(np.repeat([1, 2, 3, 4], 3), range(5, 10))
    )
    assert thrice == base


@pytest.mark.parametrize(("a", "b"), [([], []), (A[:2], B), (A, B[:4]), ([np.nan, 1, np.inf], B)])
def test_too_few_scores_have_a_status_and_no_number(a, b):
    corrected = baseline_corrected_tau(a, b)
    everything = [*tau_family(a, b).values(), corrected.tau_bc, corrected.tau_bc_nonoverlap]
    assert {(one.status, one.value) for one in everything} == {("insufficient_data", None)}


def test_a_baseline_of_one_day_or_without_spread_has_no_trend():
    same_day = ([738000.0] * 6, np.arange(738010.0, 738017.0))
    assert baseline_corrected_tau(A, B, days=same_day).tau_bc.status == "insufficient_data"
    assert baseline_trend(A, days=[738000.0] * 6).status == "insufficient_data"
    flat = baseline_corrected_tau([5.0] * 4, B)
    assert (flat.trend.status, flat.is_corrected) == ("undefined_zero_variance", False)
    assert flat.tau_bc_nonoverlap.value == 1.0
    assert baseline_corrected_tau([5.0] * 4, [5.0] * 5).tau_bc.value == 0.0
