"""Effects for one student, against the worked example of the R package SingleCaseES and by hand."""

from __future__ import annotations

import numpy as np
import pytest

from datareview.analysis.singlecase import (
    nonoverlap_of_all_pairs,
    percent_nonoverlap,
    standardized_difference,
    tau_family,
)

pytestmark = pytest.mark.kernel

# The example of SingleCaseES, vignette "Basic effect sizes calculations".
A = np.array([20.0, 20, 26, 25, 22, 23])
B = np.array([28.0, 25, 24, 27, 30, 30, 29])


def test_nonoverlap_of_all_pairs_is_the_published_one():
    found = nonoverlap_of_all_pairs(A, B)
    assert (found.status, found.n_baseline, found.n_intervention) == ("ok", 6, 7)
    assert found.value == pytest.approx(0.9166667, abs=1e-7)
    assert found.se == pytest.approx(0.0690, abs=5e-5)
    assert (found.low, found.high) == (pytest.approx(0.597, abs=5e-4), pytest.approx(0.986, abs=5e-4))


def test_mirrored_and_shifted_scores_say_the_same():
    base = nonoverlap_of_all_pairs(A, B)
    assert nonoverlap_of_all_pairs(-A, -B, higher_is_better=False) == base
    assert nonoverlap_of_all_pairs(3 * A + 5, 3 * B + 5) == base
    worse = nonoverlap_of_all_pairs(A, B, higher_is_better=False)
    assert worse.value == pytest.approx(1 - base.value)
    assert worse.low == pytest.approx(1 - base.high)


def test_complete_separation_has_an_interval_and_no_standard_error():
    found = nonoverlap_of_all_pairs(A, B + 20)
    assert (found.value, found.se, found.high) == (1.0, None, 1.0)
    assert 0.6 < found.low < 1


def test_other_indices_of_overlap_by_hand():
    found = percent_nonoverlap(A, B)
    assert found["pnd"].value == pytest.approx(5 / 7)
    assert found["pem"].value == 1.0
    assert found["pand"].value == pytest.approx(11 / 13)
    assert found["ird"].value == pytest.approx(1 - (1 / 6 + 1 / 7))


def test_the_names_of_tau_are_kept_apart():
    found = tau_family(A, B)
    # S_AB = 35 of 42 pairs, S_A = 4, S_B = 7.
    assert found["tau"].value == pytest.approx(35 / 42)
    assert found["tau"].value == pytest.approx(2 * nonoverlap_of_all_pairs(A, B).value - 1)
    assert found["tau_u_parker"].value == pytest.approx((35 - 4) / 42)
    assert found["tau_ab_plus_b_minus_a"].value == pytest.approx((35 + 8 - 4) / (42 + 21 + 15))


def test_a_trend_that_only_goes_on_looks_strong_without_its_baseline():
    found = tau_family(np.arange(5.0), np.arange(5.0, 10.0))
    assert found["tau"].value == 1.0
    assert found["tau_u_parker"].value == pytest.approx(0.6)


def test_standardized_difference_is_the_formula_and_needs_a_baseline_that_varies():
    found = standardized_difference(A, B)
    j = 1 - 3 / (4 * 5 - 1)
    assert found.value == pytest.approx(j * (B.mean() - A.mean()) / A.std(ddof=1))
    assert standardized_difference(np.full(4, 7.0), B).status == "undefined_zero_variance"


@pytest.mark.parametrize(("a", "b"), [([], []), (A[:2], B), (A, B[:4]), ([np.nan, 1, np.inf], B)])
def test_too_few_scores_have_a_status_and_no_number(a, b):
    everything = [
        nonoverlap_of_all_pairs(a, b),
        standardized_difference(a, b),
        *percent_nonoverlap(a, b).values(),
        *tau_family(a, b).values(),
    ]
    assert {(one.status, one.value) for one in everything} == {("insufficient_data", None)}
