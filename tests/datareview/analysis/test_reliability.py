"""Reliability of a test, against published data and intervals, with alpha computed in a second way."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from datareview.analysis.reliability import alpha_if_deleted, could_flip, feldt_interval, reliability
from tests.datareview.analysis.samples import answers, lsat

pytestmark = pytest.mark.kernel

# Wuensch, "The Kuder-Richardson 20" (core.ecu.edu/wuenschk/StatHelp/KR20.txt): ten students, ten items;
# the page gives the sum of p q as 2.18 and the variance of the totals as 5.84.
WUENSCH = """1111110110 1011011101 1111011001 0010001000 0000010010
1110111111 1101110111 1111111101 0101111101 1101101110"""


def wuensch():
    return pd.DataFrame([[float(mark) for mark in row] for row in WUENSCH.split()])


def test_kr20_of_a_textbook_quiz():
    points = wuensch()
    assert points.mean().tolist() == pytest.approx([0.7, 0.7, 0.6, 0.7, 0.6, 0.8, 0.7, 0.7, 0.5, 0.6])
    assert points.sum(axis=1).var(ddof=0) == pytest.approx(5.84)
    assert reliability(points).alpha == pytest.approx(10 / 9 * (1 - 2.18 / 5.84))
    assert not reliability(points).is_stable


def test_alpha_is_the_mean_covariance_over_the_mean_variance_with_and_without_an_item():
    for points in (answers(), lsat()):
        found, deleted = reliability(points), alpha_if_deleted(points)
        assert found.alpha == pytest.approx(by_covariance(points))
        for item in points:
            assert deleted[item] == pytest.approx(by_covariance(points.drop(columns=item)))
        assert found.low < found.alpha < found.high
        assert found.sem == pytest.approx(points.sum(axis=1).std() * np.sqrt(1 - found.alpha))


def by_covariance(points):
    k, covariance = points.shape[1], np.cov(points.T)
    off = covariance[~np.eye(k, dtype=bool)].mean()
    return k * off / (np.diag(covariance).mean() + (k - 1) * off)


def test_the_interval_is_the_published_one():
    # R code of Evans at imaging.mrc-cbu.cam.ac.uk/statswiki/FAQ/cafun: .913 from 873 people and 20 items.
    assert feldt_interval(0.913, 873, 20) == pytest.approx((0.9044024, 0.9211588), abs=5e-8)
    # R package statpsych, ci.cronbach(.05, .85, 7, 89), whose interval is an approximation of Feldt's.
    assert feldt_interval(0.85, 89, 7) == pytest.approx((0.7971254, 0.8931436), abs=1e-4)


def test_feldts_interval_covers_what_it_claims():
    rng = np.random.default_rng(9)
    k, n, true = 6, 40, 6 * 0.25 / (1 + 5 * 0.25)  # parallel items that correlate .25
    inside = 0
    for _run in range(600):
        common = rng.normal(0, 0.5, (n, 1))
        found = reliability(pd.DataFrame(common + rng.normal(0, np.sqrt(0.75), (n, k))))
        inside += found.low <= true <= found.high
    assert 0.925 <= inside / 600 <= 0.975


def test_unrelated_items_have_a_negative_alpha_and_it_stays():
    points = pd.DataFrame({"a": [1.0, 0] * 10, "b": [0.0, 1] * 10, "c": [1.0, 1, 0, 0] * 5})
    assert reliability(points).alpha < 0


def test_levels_that_could_flip_are_within_an_error_of_a_cut():
    points = answers()
    total, sem = points.sum(axis=1), reliability(points).sem
    found = could_flip(points, [3.0, 6.0])
    expected = ((total - 3).abs() <= sem) | ((total - 6).abs() <= sem)
    assert (found.status, found.near, found.sem) == ("ok", expected.sum(), pytest.approx(sem))
    assert could_flip(points, [100.0]).near == 0
    assert could_flip(points.head(9), [3.0]).near is None


def test_too_few_students_or_no_spread_are_statuses():
    assert reliability(answers().head(9)).status == "insufficient_data"
    assert reliability(answers()[["q0"]]).status == "insufficient_data"
    assert reliability(answers().head(0)).status == "insufficient_data"
    assert reliability(answers() * 0).status == "undefined_zero_variance"
    assert reliability(answers() * 0).alpha is None
    assert alpha_if_deleted(answers().head(9)).isna().all()
    assert alpha_if_deleted(answers()[["q0", "q1"]]).isna().all()
    assert alpha_if_deleted(pd.DataFrame(np.ones((20, 3)))).isna().all()


def test_row_order_and_unit_do_not_matter():
    points = answers()
    assert reliability(points.sample(frac=1, random_state=3)).alpha == pytest.approx(
        reliability(points).alpha
    )
    assert reliability(points * 3).alpha == pytest.approx(reliability(points).alpha)
    assert reliability(points * 3).sem == pytest.approx(3 * reliability(points).sem)
