"""Before and after for the same students."""

import numpy as np
import pytest
from scipy import stats

from datareview.analysis.paired import SMALLEST, PairedChange, paired_change, paired_share_change
from tests.properties import given, st

pytestmark = pytest.mark.kernel

# Student (1908), section IX, table I: additional hours of sleep by two drugs, ten patients.
DEXTRO = np.array([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0])
LAEVO = np.array([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4])


def test_students_own_example():
    found = paired_change(DEXTRO, LAEVO)
    assert (found.n, found.gone) == (10, 0)
    assert found.change == pytest.approx(1.58)
    assert found.mean_before == pytest.approx(0.75)
    assert found.mean_after == pytest.approx(2.33)
    # the interval that every textbook prints for these data
    assert (found.low, found.high) == (pytest.approx(0.7001142), pytest.approx(2.4598858))


def test_it_agrees_with_scipy():
    interval = stats.ttest_rel(LAEVO, DEXTRO).confidence_interval(0.9)
    found = paired_change(DEXTRO, LAEVO, level=0.9)
    assert (found.low, found.high) == (pytest.approx(interval.low), pytest.approx(interval.high))


@pytest.mark.parametrize("n", range(SMALLEST))
def test_under_five_pairs_no_mean_is_stated_but_who_reached_the_target_is(n):
    found = paired_change(np.zeros(n), np.arange(n), target=2)
    assert found == PairedChange("insufficient_data", n, 0, reached=max(0, n - 2))


def test_only_pairs_count_and_students_who_left_are_counted_apart():
    before = np.array([1, 2, 3, 4, 5, 6, np.nan, np.inf])
    after = np.array([2, 3, 4, 5, 6, np.nan, 9, 9])
    found = paired_change(before, after)
    assert (found.n, found.gone, found.change, found.low, found.high) == (5, 1, 1.0, 1.0, 1.0)


@given(st.lists(st.floats(-50, 50), min_size=5, max_size=30), st.floats(-100, 100), st.integers(0, 10_000))
def test_order_and_shift_change_nothing_and_a_mirror_mirrors(changes, shift, seed):
    rng = np.random.default_rng(seed)
    before, change = rng.normal(60, 10, len(changes)), np.array(changes)
    plain = paired_change(before, before + change, target=60)
    order = rng.permutation(len(changes))
    moved = paired_change(before[order] + shift, (before + change)[order] + shift, target=60 + shift)
    mirrored = paired_change(-before, -(before + change), target=-60, higher_is_better=False)
    assert moved.change == pytest.approx(plain.change, abs=1e-9)
    assert moved.high == pytest.approx(plain.high, abs=1e-9)
    assert (mirrored.change, mirrored.low) == (
        pytest.approx(-plain.change, abs=1e-9),
        pytest.approx(-plain.high, abs=1e-9),
    )
    assert mirrored.reached == plain.reached


def test_of_students_none_of_whom_changed_some_others_would():
    """By hand: nobody of 18 gained or lost, p1 = p2 = 1/20; sqrt((2/20) / 20) = .0707."""
    none = paired_share_change(np.zeros(18), np.zeros(18))
    assert (none.change, none.low, none.high) == (
        0.0,
        pytest.approx(-0.1386, abs=1e-4),
        pytest.approx(0.1386, abs=1e-4),
    )
    lost = paired_share_change(np.ones(10), np.zeros(10))
    assert (lost.change, lost.low) == (-1.0, -1.0)
    assert lost.high > -1.0
    assert paired_share_change(np.ones(4), np.zeros(4)).status == "insufficient_data"


def test_intervals_of_changed_shares_cover_what_they_claim():
    rng = np.random.default_rng(7)
    inside = []
    for _ in range(2000):
        before = rng.random(25) < 0.3
        after = np.where(before, rng.random(25) < 0.9, rng.random(25) < 0.15)
        found = paired_share_change(before.astype(float), after.astype(float))
        inside.append(found.low <= 0.7 * 0.15 - 0.3 * 0.1 <= found.high)
    assert 0.94 <= np.mean(inside) < 0.99  # a little wide where few change
