"""Expected outcomes of flags, and their precision."""

import numpy as np
import pandas as pd
import pytest

from datareview.analysis.equity import wilson_interval
from datareview.analysis.outcomes import flag_precision

pytestmark = pytest.mark.kernel


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
