"""Early-warning indicators at their boundaries."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datareview.analysis.indicators import attendance_facts, indicators, judge_indicator, on_track

pytestmark = pytest.mark.kernel


def absence(absent, days, key="chronic-absence", grade=5):
    """Severity for so many days absent of so many enrolled."""
    frame = pd.DataFrame({"absent": [2 * absent], "enrolled": [2 * days], "days": [days], "grade": [grade]})
    row = judge_indicator(frame, indicators()[key]).iloc[0]
    return row["status"], row["severity"]


@pytest.mark.parametrize(
    ("absent", "days", "expected"),
    [
        (18, 180, ("ok", 2)),
        (17.5, 180, ("ok", 1)),
        (9, 180, ("ok", 1)),
        (8.5, 180, ("ok", 0)),
        (36, 180, ("ok", 3)),
        (35.5, 180, ("ok", 2)),
        (1, 10, ("ok", 2)),
        (9, 9, ("insufficient_data", 0)),
        (0, 180, ("ok", 0)),
    ],
)
def test_chronic_absence_begins_at_exactly_ten_percent_and_is_judged_from_ten_days(absent, days, expected):
    assert absence(absent, days) == expected


def test_996_percent_is_not_ten():
    """13 of 130.5 days is 9.96 %, which rounds to 10."""
    assert absence(13, 130.5) == ("ok", 1)


def test_california_judges_from_more_than_thirty_days():
    assert absence(10, 30, "chronic-absence-30") == ("insufficient_data", 0)
    assert absence(4, 31, "chronic-absence-30") == ("ok", 2)


def test_grade_6_is_under_eighty_percent_and_only_grade_6():
    assert absence(36, 180, "absence-grade-6", grade=6) == ("ok", 0)
    assert absence(36.5, 180, "absence-grade-6", grade=6) == ("ok", 2)
    assert absence(90, 180, "absence-grade-6", grade=7) == ("not_calculated", 0)


@given(
    st.integers(0, 400),
    st.integers(20, 400),
    st.sampled_from([Fraction(1, 20), Fraction(1, 10), Fraction(1, 5)]),
)
def test_a_share_is_compared_exactly(half_days, enrolled, cut):
    level = {Fraction(1, 20): 1, Fraction(1, 10): 2, Fraction(1, 5): 3}[cut]
    frame = pd.DataFrame({"absent": [half_days], "enrolled": [enrolled], "days": [enrolled // 2]})
    severity = judge_indicator(frame, indicators()["chronic-absence"])["severity"].iloc[0]
    assert (severity >= level) == (Fraction(half_days, enrolled) >= cut)


@pytest.mark.parametrize(
    ("key", "values", "severities"),
    [
        ("suspensions", [0, 1, 2, 5], [0, 2, 3, 3]),
        ("referrals", [0, 1, 2, 9], [0, 1, 2, 2]),
        ("core-failures", [0, 1, 2], [0, 2, 3]),
        ("grade-point-average", [2.0, 2.01, 0.5], [2, 0, 2]),
        ("fall-of-marks", [9.99, 10, 40], [0, 1, 1]),
        ("failures-grade-9", [1, 2], [0, 2]),
        ("unexcused-grade-9", [18, 19], [0, 2]),
    ],
)
def test_counts_hold_from_their_cut(key, values, severities):
    indicator = indicators()[key]
    out = judge_indicator(pd.DataFrame({indicator.field: values}), indicator)
    assert out["severity"].tolist() == severities
    assert set(out["status"]) == {"ok"}


def test_a_missing_value_is_a_status_and_never_a_flag():
    indicator = indicators()["grade-point-average"]
    out = judge_indicator(pd.DataFrame({"gpa": [np.nan, np.inf]}), indicator)
    assert (set(out["status"]), out["severity"].tolist()) == ({"insufficient_data"}, [0, 0])


def test_nobody_is_judged_in_an_empty_school():
    for indicator in indicators().values():
        columns = [name for name in (indicator.field, indicator.of, indicator.count) if name]
        assert judge_indicator(pd.DataFrame(columns=columns, dtype=float), indicator).empty


def test_every_preset_has_a_source_a_version_and_rising_cuts():
    for indicator in indicators().values():
        cuts = [cut for cut in indicator.cuts if cut is not None]
        rising = sorted(set(cuts), reverse=indicator.operator in ("at_most", "less_than"))
        assert (bool(indicator.source), indicator.version >= 1, cuts == rising) == (True, True, True)


def test_no_preset_looks_at_who_a_student_is():
    words = ("race", "sex", "gender", "disab", "language", "lunch", "poverty", "ethnic")
    fields = {name for one in indicators().values() for name in (one.field, one.of, one.count)}
    assert not [field for field in fields for word in words if word in field]


def test_attendance_is_counted_in_half_days_until_a_day_and_over_the_first_days():
    days = pd.DataFrame(
        {
            "student": [1, 1, 1, 2, 2, 2],
            "day": [10, 11, 12, 10, 11, 13],
            "absent": [0.5, 0, 1, 1, 0, 0.5],
        }
    )
    assert attendance_facts(days, until=12).loc[1].tolist() == [3, 6, 3]
    assert attendance_facts(days, until=13).loc[2].tolist() == [3, 6, 3]
    assert attendance_facts(days, until=13, first_days=2).loc[2].tolist() == [2, 4, 2]


def test_on_track_needs_five_credits_and_at_most_one_core_failure():
    rows = [("a", 0.5, True, False)] * 10 + [("b", 0.5, True, False)] * 10 + [("b", 0, True, True)] * 2
    rows += [("c", 0.5, False, False)] * 9 + [("c", 0, True, True)] + [("d", 0.1, True, False)] * 50
    courses = pd.DataFrame(rows, columns=["student", "credits", "is_core", "is_failed"])
    assert on_track(courses)["is_on_track"].to_dict() == {"a": True, "b": False, "c": False, "d": True}
