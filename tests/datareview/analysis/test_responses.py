"""Log response ratios, against the vignette and the reference page of the R package SingleCaseES 0.7."""

from __future__ import annotations

import numpy as np
import pytest

from datareview.analysis.responses import log_response_ratio

pytestmark = pytest.mark.kernel

A = [20.0, 20, 26, 25, 22, 23]
B = [28.0, 25, 24, 27, 30, 30, 29]
CLOSE = 5e-8


def test_the_ratio_of_counts_is_the_published_one_with_its_percent_change():
    found = log_response_ratio(A, B, scale="count")["lrr_i"]
    assert found.log.value == pytest.approx(0.1953962, abs=CLOSE)
    assert found.log.se == pytest.approx(0.05557723, abs=5e-9)
    assert (found.log.low, found.log.high) == (
        pytest.approx(0.08646679, abs=5e-9),
        pytest.approx(0.3043255, abs=CLOSE),
    )
    assert (found.percent, found.percent_low, found.percent_high) == pytest.approx(
        (21.5792546, 9.03151604, 35.5710321), abs=CLOSE
    )
    assert log_response_ratio(A, B, scale="count")["lrr_d"].log.value == pytest.approx(-0.1953962, abs=CLOSE)


def test_a_percentage_that_should_fall_is_turned_to_its_complement():
    found = log_response_ratio(A, B, scale="percentage", higher_is_better=False)["lrr_i"].log
    assert (found.value, found.se) == (
        pytest.approx(-0.06553504, abs=5e-9),
        pytest.approx(0.01810144, abs=5e-9),
    )
    as_share = log_response_ratio(
        np.array(A) / 100, np.array(B) / 100, scale="proportion", higher_is_better=False
    )["lrr_i"].log
    assert (as_share.value, as_share.se) == (pytest.approx(found.value), pytest.approx(found.se))
    counts = log_response_ratio(A, B, scale="count", higher_is_better=False)["lrr_i"].log
    assert counts.value == pytest.approx(-0.1953962, abs=CLOSE)


@pytest.mark.parametrize(
    ("scale", "floor", "expected"), [("rate", 30, 8.672947), ("percentage", 1.8, 5.859536)]
)
def test_a_mean_of_zero_is_raised_to_the_smallest_observable_one(scale, floor, expected):
    # Vignette: observation_length 30; 180 intervals, so D = 1.8 on the scale of percentages.
    found = log_response_ratio([0.0] * 4, B, scale=scale, floor=floor, higher_is_better=False)["lrr_d"].log
    assert (found.value, found.se) == (pytest.approx(expected, abs=5e-7), pytest.approx(0.5010548, abs=CLOSE))
    nothing = log_response_ratio([0.0] * 4, B, scale=scale, higher_is_better=False)["lrr_d"]
    assert (nothing.log.status, nothing.log.value, nothing.percent) == ("not_calculated", None, None)


def test_counts_have_a_floor_by_default():
    assert log_response_ratio([0.0] * 4, B, scale="count")["lrr_i"].log.status == "ok"
    flat = log_response_ratio([3.0] * 4, [6.0] * 5, scale="count")["lrr_i"].log
    assert flat.se > 0  # the variance too is at least 1/n³


@pytest.mark.parametrize(
    ("a", "b", "scale"),
    [
        (A, B, None),
        (A, B, "interval"),
        ([-1.0, *A], B, "count"),
        (A, [*B, 101.0], "percentage"),
        (A, B, "proportion"),
    ],
)
def test_only_a_ratio_scale_has_ratios(a, b, scale):
    for found in log_response_ratio(a, b, scale=scale).values():
        assert (found.log.status, found.log.value, found.percent) == ("not_calculated", None, None)


def test_the_unit_does_not_matter_and_the_two_phases_mirror():
    base = log_response_ratio(A, B, scale="other")["lrr_i"].log
    scaled = log_response_ratio(3.7 * np.array(A), 3.7 * np.array(B), scale="other")["lrr_i"].log
    assert (scaled.value, scaled.se) == (pytest.approx(base.value), pytest.approx(base.se))
    back = log_response_ratio(B, A, scale="other")["lrr_i"].log
    assert (back.value, back.se) == (pytest.approx(-base.value), pytest.approx(base.se))


@pytest.mark.parametrize(
    ("a", "b"), [([], []), (A[:2], B), (A, B[:4]), ([np.nan] * 6, B), ([np.inf, 1, 2], B)]
)
def test_too_few_scores_have_a_status_and_no_number(a, b):
    for found in log_response_ratio(a, b, scale="count").values():
        assert (found.log.status, found.log.value, found.percent) == ("insufficient_data", None, None)
