"""Errors of scores, against the arithmetic of their sources and by simulation."""

from __future__ import annotations

import numpy as np
import pytest

from datareview.analysis.measurement import (
    change_index,
    cut_band,
    expected_retest,
    is_near_cut,
    is_too_noisy,
    reliable_change,
    sem_of,
    true_score,
)
from tests.properties import given, st

pytestmark = pytest.mark.kernel


def test_standard_error_of_a_score():
    assert sem_of(15.0, 0.91) == pytest.approx(4.5)
    found = sem_of(
        np.array([15.0, 10.0, 0.0, 15.0, np.nan, -3.0, np.inf]),
        np.array([0.91, 0.84, 0.9, 1.2, 0.9, 0.9, 0.9]),
    )
    assert found[:2] == pytest.approx([4.5, 4.0])
    assert np.isnan(found[2:]).all()
    assert sem_of(15.0, 1.0) == 0.0


def test_the_reliable_change_index_of_jacobson_and_truax():
    # Jacobson & Truax (1991), p. 14: SD 7.5 and r .80, 47.5 before and 32.5 after. By hand:
    # SEM = 7.5 sqrt(.2) = 3.354, the difference's error 3.354 sqrt 2 = 4.743, index -15 / 4.743 = -3.162.
    sem = sem_of(7.5, 0.80)
    assert sem == pytest.approx(3.3541, abs=5e-5)
    assert change_index(47.5, 32.5, sem) == pytest.approx(-15 / np.sqrt(2 * 7.5**2 * 0.2))
    assert change_index(47.5, 32.5, sem) == pytest.approx(-3.1623, abs=5e-5)


def test_two_scores_differ_only_beyond_their_error():
    sem = sem_of(7.5, 0.80)
    before = np.array([47.5, 47.5, 47.5, 47.5, np.nan, np.inf])
    after = np.array([32.5, 44.0, 62.5, 47.5, 40.0, 40.0])
    found = reliable_change(before, after, sem)
    assert found[:4].tolist() == [-1, 0, 1, 0]
    assert np.isnan(found[4:]).all()
    assert np.isnan(reliable_change(before, after, np.nan)).all()
    assert np.isnan(reliable_change(before, after, 0.0)).all()
    assert reliable_change(10.0, np.array([12.0, 12.0]), np.array([0.5, 5.0])).tolist() == [1, 0]
    assert reliable_change(0.0, 1.9, 1 / np.sqrt(2), level=0.90) == 1
    assert reliable_change(0.0, 1.9, 1 / np.sqrt(2), level=0.95) == 0


@given(st.floats(-50, 50), st.floats(-50, 50), st.floats(0.1, 20), st.floats(0.1, 9), st.floats(-99, 99))
def test_change_is_symmetric_and_does_not_depend_on_the_unit(before, after, sem, scale, shift):
    index = change_index(before, after, sem)
    assert change_index(after, before, sem) == pytest.approx(-index)
    assert change_index(scale * before + shift, scale * after + shift, scale * sem) == pytest.approx(
        index, abs=1e-9
    )


def test_unchanged_students_are_called_changed_one_in_twenty():
    rng = np.random.default_rng(21)
    truth = rng.normal(100, 15, 40_000)
    first, second = (truth + rng.normal(0, 5, 40_000) for _test in range(2))
    assert np.mean(reliable_change(first, second, 5.0) != 0) == pytest.approx(0.05, abs=0.004)


def test_the_true_score_is_pulled_toward_the_groups_mean():
    estimate, error = true_score(np.array([70.0, np.nan, np.inf]), 100, 15, 0.8)
    assert estimate[0] == pytest.approx(76)
    assert np.isnan(estimate[1:]).all()
    assert error == pytest.approx(15 * np.sqrt(0.8 * 0.2))
    many, errors = true_score(np.array([70.0, 70.0]), np.array([100.0, 80.0]), 15, np.array([0.8, 0.5]))
    assert many == pytest.approx([76, 75])
    assert errors == pytest.approx([6.0, 7.5])
    assert all(np.isnan(part).all() for part in true_score(np.array([1.0]), 100, 0, 0.8))


def test_a_low_score_regresses_to_the_mean():
    assert expected_retest(np.array([70.0]), 100, 0.8)[0] == pytest.approx(76)
    assert expected_retest(70.0, 100, 0.8, mean_after=106) == pytest.approx(82)
    assert expected_retest(70.0, 100, 1.0) == 70
    assert np.isnan(expected_retest(70.0, 100, 1.2))
    assert np.isnan(expected_retest(np.nan, 100, 0.8))


def test_near_the_cut_includes_both_ends_and_needs_a_known_error():
    scores = np.array([89.9, 90.0, 100.0, 110.0, 110.1, np.nan])
    assert is_near_cut(scores, 100, 10).tolist() == [False, True, True, True, False, False]
    assert is_near_cut(np.array([0.2, 0.4]), 0.3, 0.1).tolist() == [True, True]
    for unknown in (None, np.nan, np.inf, -1.0):
        assert not is_near_cut(scores, 100, unknown).any()
    assert is_near_cut(95.0, np.array([100.0, 80.0]), np.array([10.0, np.nan])).tolist() == [True, False]
    low, high = cut_band(np.array([100.0, 50.0, 50.0]), np.array([10.0, 2.5, np.nan]))
    assert (low[:2].tolist(), high[:2].tolist()) == ([90, 47.5], [110, 52.5])
    assert np.isnan([low[2], high[2]]).all()


def test_probes_over_fifteen_words_of_scatter_are_too_noisy():
    assert is_too_noisy(np.array([10.0, 15.0, 15.01, np.nan])).tolist() == [False, False, True, False]
