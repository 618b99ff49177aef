"""Errors of scores and published norms, against the arithmetic of their sources."""

from __future__ import annotations

import numpy as np
import pytest

from datareview.analysis.measurement import expected_retest, is_near_cut, reliable_change, sem_of, true_score
from datareview.analysis.norms import HASBROUCK_TINDAL_2017, PERCENTILES, norm_band, norm_growth

pytestmark = pytest.mark.kernel


def test_standard_error_of_a_score():
    assert sem_of(15.0, 0.91) == pytest.approx(4.5)
    assert np.isnan(sem_of(15.0, 1.2))
    assert np.isnan(sem_of(0.0, 0.9))


def test_two_scores_differ_only_beyond_their_error():
    # Jacobson & Truax (1991), p. 14: SD 7.5, r .80, 47.5 to 32.5 gives an index of -3.16.
    sem = sem_of(7.5, 0.80)
    assert -15 / (sem * np.sqrt(2)) == pytest.approx(-3.16, abs=0.01)
    before = np.array([47.5, 47.5, 47.5, 47.5, np.nan])
    after = np.array([32.5, 44.0, 62.5, 47.5, 40.0])
    found = reliable_change(before, after, sem)
    assert found[:4].tolist() == [-1, 0, 1, 0]
    assert np.isnan(found[4])
    assert np.isnan(reliable_change(before, after, np.nan)).all()


def test_the_true_score_leans_to_the_group_and_a_low_score_rises_by_itself():
    estimate, error = true_score(np.array([70.0, np.nan]), 100, 15, 0.8)
    assert estimate[0] == pytest.approx(76)
    assert np.isnan(estimate[1])
    assert error == pytest.approx(6.0)
    assert expected_retest(np.array([70.0]), 100, 0.8)[0] == pytest.approx(76)
    assert np.isnan(true_score(np.array([1.0]), 100, 0, 0.8)[1])


def test_near_the_cut_includes_both_ends_and_needs_a_known_error():
    scores = np.array([89.9, 90.0, 100.0, 110.0, 110.1, np.nan])
    assert is_near_cut(scores, 100, 10).tolist() == [False, True, True, True, False, False]
    assert not is_near_cut(scores, 100, None).any()


def test_norms_fall_with_the_percentile_and_never_shrink_over_the_year():
    for (grade, _window), row in HASBROUCK_TINDAL_2017.items():
        assert list(row) == sorted(row, reverse=True)
        years = [
            HASBROUCK_TINDAL_2017[grade, w]
            for w in ("fall", "winter", "spring")
            if (grade, w) in HASBROUCK_TINDAL_2017
        ]
        assert all(np.all(np.diff(column) >= 0) for column in zip(*years, strict=True))


@pytest.mark.parametrize(
    ("grade", "printed"),
    [(1, "1.2 2.0 1.9 1.1 0.5"), (2, "1.2 1.3 1.6 1.1 0.6"), (3, "1.0 1.1 0.9 1.0 0.7"),
     (4, "1.0 1.1 1.2 0.9 0.7"), (5, "0.5 0.5 0.8 1.0 1.9"), (6, "0.6 0.4 0.3 0.3 0.1")],
)  # fmt: skip
def test_growth_is_computed_and_the_three_misprinted_cells_are_known(grade, printed):
    misprints = {(1, 10): 0.5625, (5, 10): 1.1875, (6, 50): 0.4375}
    for percentile, cell in zip(PERCENTILES, printed.split(), strict=True):
        found = norm_growth(grade, percentile)
        if (grade, percentile) in misprints:
            assert found == misprints[grade, percentile]
            assert abs(found - float(cell)) > 0.05
        else:
            assert found == pytest.approx(float(cell), abs=0.0501)


@pytest.mark.parametrize(
    ("score", "band", "candidate"),
    [(59, "<10", True), (60, "10-24", True), (75, "25-49", True), (84, "25-49", True), (84.5, "25-49", False),
     (94, "50-74", False), (125, "75-89", False), (153, ">=90", False), (0, "<10", True)],
)  # fmt: skip
def test_a_score_on_a_cut_has_reached_it(score, band, candidate):
    found = norm_band(score, 4, "fall")
    assert (found.status, found.band, found.is_candidate) == ("ok", band, candidate)


def test_no_norm_and_no_score_are_statuses():
    assert norm_band(50, 1, "fall").status == "not_calculated"
    assert norm_band(50, 9, "fall").status == "not_calculated"
    assert norm_band(None, 4, "fall").status == "insufficient_data"
    assert norm_band(float("nan"), 4, "fall").status == "insufficient_data"
    assert norm_growth(9, 50) is None
