"""Expected outcomes of flags, and their precision."""

import numpy as np
import pandas as pd
import pytest

from datareview.analysis.equity import wilson_interval
from datareview.analysis.outcomes import expect_flags, flag_precision
from tests.properties import given, st

pytestmark = pytest.mark.kernel


def test_of_thirty_flagged_expect_about_twenty_five():
    found = expect_flags(np.concatenate([np.full(30, 25 / 30), np.full(70, 0.1)]), 30)
    assert found.true_flags == pytest.approx(25)
    assert found.threshold == pytest.approx(25 / 30)
    # 1.2816 sqrt(30 * 25/30 * 5/30) + 0.5 = 3.1159
    assert (found.low, found.high) == pytest.approx((21.884, 28.116), abs=1e-3)


def test_the_interval_of_the_count_covers_what_it_says():
    """80 % of 4000 teams with seed 9; counts are whole numbers, so it covers slightly more."""
    rng = np.random.default_rng(9)
    p = np.sort(rng.beta(2, 3, 200))[::-1]
    found = expect_flags(p, 25)
    seen = (rng.random((4000, 25)) < p[:25]).sum(axis=1)
    covered = ((seen >= found.low) & (seen <= found.high)).mean()
    assert covered == pytest.approx(0.85, abs=0.05)
    assert seen.mean() == pytest.approx(found.true_flags, abs=0.15)


@given(st.lists(st.floats(0, 1), max_size=30), st.integers(0, 40))
def test_order_does_not_matter_and_too_little_is_a_status(p, k):
    found = expect_flags(np.array(p), k)
    assert found == expect_flags(np.array(p)[::-1], k)
    if not p or k < 1:
        assert (found.status, found.true_flags) == ("insufficient_data", None)
    else:
        assert 0 <= found.low <= found.true_flags <= found.high <= found.k == min(k, len(p))


def test_missing_and_impossible_probabilities_are_left_out():
    assert expect_flags(np.array([np.nan, np.inf, 1.5, 0.5]), 3) == expect_flags(np.array([0.5]), 3)


FLAGS = pd.DataFrame(
    [("absence", "confirmed", False, None, None)] * 9
    + [("absence", "false_alarm", False, None, True)] * 3
    + [("absence", "false_alarm", True, True, None)] * 4
    + [("absence", "confirmed", True, False, None)] * 2
    + [("absence", None, True, True, None)] * 5
    + [("marks", "confirmed", False, None, None)] * 9,
    columns=["indicator", "outcome", "is_helped", "is_improved", "is_override"],
)


def test_precision_is_given_with_and_without_students_who_got_help():
    out = flag_precision(FLAGS)
    row = out.loc["absence"]
    assert row[["status", "flags", "known", "confirmed", "helped", "improved", "overrides"]].tolist() == [
        "ok", 23, 18, 11, 11, 9, 3,
    ]  # fmt: skip
    assert (row["precision"], row["low"], row["high"]) == pytest.approx((11 / 18, *wilson_interval(11, 18)))
    assert (row["untouched"], row["untouched_precision"]) == (12, pytest.approx(9 / 12))
    assert (row["untouched_low"], row["untouched_high"]) == pytest.approx(wilson_interval(9, 12))


def test_with_too_few_known_outcomes_there_are_only_counts():
    row = flag_precision(FLAGS).loc["marks"]
    assert (row["status"], row["known"], np.isnan(row["precision"])) == ("insufficient_data", 9, True)
    assert flag_precision(FLAGS, min_flags=9).loc["marks", "precision"] == 1.0
    assert flag_precision(FLAGS.iloc[:0]).empty


def test_terms_are_separate_and_order_does_not_matter():
    termed = FLAGS.assign(term=["autumn"] * 12 + ["spring"] * (len(FLAGS) - 12))
    out = flag_precision(termed)
    assert out.index.tolist() == [("absence", "autumn"), ("absence", "spring"), ("marks", "spring")]
    assert flag_precision(termed[::-1]).equals(out)
    bare = FLAGS[["indicator", "outcome", "is_helped"]]
    assert flag_precision(bare)["overrides"].tolist() == [0, 0]
