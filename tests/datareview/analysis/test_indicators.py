"""Early-warning indicators at their boundaries."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from datareview.analysis.indicators import (
    indicator_of,
    indicators,
    judge_indicator,
    judge_indicators,
)
from tests.properties import given, st

pytestmark = pytest.mark.kernel


def absence(absent, days, key="chronic-absence", grade=5):
    """Severity for a number of days absent and a number enrolled."""
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
    """13 of 130.5 days is 9.96%, which rounds to 10."""
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
    half_days = min(half_days, enrolled)
    level = {Fraction(1, 20): 1, Fraction(1, 10): 2, Fraction(1, 5): 3}[cut]
    frame = pd.DataFrame({"absent": [half_days], "enrolled": [enrolled], "days": [enrolled // 2]})
    severity = judge_indicator(frame, indicators()["chronic-absence"])["severity"].iloc[0]
    assert (severity >= level) == (Fraction(half_days, enrolled) >= cut)


@pytest.mark.parametrize(
    ("key", "values", "severities"),
    [
        ("suspensions", [0, 1, 2, 5], [0, 3, 3, 3]),
        ("referrals", [0, 1, 2, 9], [0, 1, 2, 2]),
        ("core-failures", [0, 1, 2], [0, 2, 3]),
        ("grade-point-average", [2.0, 2.01, 0.5], [2, 0, 2]),
        ("marks-of-d", [0, 1, 3], [0, 1, 1]),
        ("fall-of-marks", [-3, 9.99, 10, 40], [0, 0, 1, 1]),
        ("mathematics-grade-6", [0, 1], [0, 2]),
        ("conduct-grade-6", [0, 1], [0, 2]),
        ("credits-grade-9", [4.5, 5, 7], [2, 0, 0]),
        ("core-failures-grade-9", [1, 2], [0, 2]),
        ("failures-grade-9", [1, 2], [0, 2]),
        ("unexcused-grade-9", [18, 19], [0, 2]),
    ],
)
def test_counts_apply_from_their_cut(key, values, severities):
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


@pytest.mark.parametrize(
    ("absent", "enrolled", "severity", "keeps"),
    [
        (18.0, 180, 2, 2),
        (17.5, 180, 1, 2),  # under the cut, within the margin
        (14.5, 180, 1, 2),
        (14.4, 180, 1, 1),  # 92 % attendance: past the margin of 10 %, not yet of 5 %
        (5.5, 180, 0, 1),
        (5.4, 180, 0, 0),
        (0.0, 180, 0, 0),
    ],
)
def test_a_severity_is_kept_until_the_margin_is_passed(absent, enrolled, severity, keeps):
    frame = pd.DataFrame({"absent": [2 * absent], "enrolled": [2 * enrolled], "days": [enrolled]})
    row = judge_indicator(frame, indicators()["chronic-absence"]).iloc[0]
    assert (row["severity"], row["keeps"]) == (severity, keeps)


def test_the_result_has_the_threshold_and_the_value_that_would_clear_it():
    frame = pd.DataFrame({"absent": [2, 12, 18, 40], "enrolled": [180] * 4, "days": [90] * 4})
    out = judge_indicator(frame, indicators()["chronic-absence"])
    assert out["threshold"].tolist() == [0.05, 0.05, 0.10, 0.20]
    assert out["clears_at"].tolist() == [0.03, 0.03, 0.08, 0.18]
    low = judge_indicator(pd.DataFrame({"gpa": [1.5]}), indicators()["grade-point-average"])
    assert low[["threshold", "clears_at"]].iloc[0].tolist() == [2.0, 2.0]


def test_a_student_never_absent_is_clear_even_if_the_margin_is_wider_than_the_cut():
    row = {"key": "k", "version": 1, "domain": "attendance", "field": "absent", "of": "enrolled", "source": "own",
           "operator": "at_least", "cuts": ["0.01", None, None], "margin": "0.02"}  # fmt: skip
    frame = pd.DataFrame({"absent": [0, 1], "enrolled": [400, 400]})
    assert judge_indicator(frame, indicator_of(row))["keeps"].tolist() == [0, 1]


@pytest.mark.parametrize(("absent", "enrolled"), [(-1, 180), (181, 180), (np.nan, 180), (3, 0), (3, np.inf)])
def test_an_impossible_share_is_not_judged(absent, enrolled):
    frame = pd.DataFrame({"absent": [absent], "enrolled": [enrolled], "days": [90]})
    row = judge_indicator(frame, indicators()["chronic-absence"]).iloc[0]
    assert (row["status"], row["severity"], np.isnan(row["value"])) == ("insufficient_data", 0, True)


def test_students_who_lack_a_needed_column_or_grade_are_not_judged():
    one = indicators()["failures-grade-9"]
    out = judge_indicator(pd.DataFrame({"failures": [3, 3, 3], "grade": [9, np.nan, 8]}), one)
    assert out["status"].tolist() == ["ok", "insufficient_data", "not_calculated"]
    assert out["severity"].tolist() == [2, 0, 0]
    assert judge_indicator(pd.DataFrame({"other": [1]}), one)["status"].tolist() == ["insufficient_data"]


def test_unordered_cuts_and_unknown_operators_are_refused():
    row = {"key": "k", "version": 1, "domain": "d", "field": "f", "source": "s"}
    with pytest.raises(ValueError, match="do not grow"):
        indicator_of({**row, "operator": "at_least", "cuts": ["2", "1", None]})
    with pytest.raises(ValueError, match="do not grow"):
        indicator_of({**row, "operator": "at_most", "cuts": [None, None, None]})
    with pytest.raises(ValueError, match="Unknown operator"):
        indicator_of({**row, "operator": "about", "cuts": ["2", None, None]})


def test_each_indicator_gives_a_row_per_student_and_every_bundle_exists():
    bundles = {one.bundle for one in indicators().values() if one.bundle}
    assert bundles == {"balfanz-grade-6", "on-track-grade-9", "chicago-grade-9"}
    chosen = [one for one in indicators().values() if one.bundle == "on-track-grade-9"]
    students = pd.DataFrame({"credits": [5, 4.5], "core_failures": [2, 0], "grade": [9, 9]}, index=["a", "b"])
    out = judge_indicators(students, chosen)
    assert out[["student", "indicator", "severity"]].to_numpy().tolist() == [
        ["a", "credits-grade-9", 0],
        ["b", "credits-grade-9", 2],
        ["a", "core-failures-grade-9", 2],
        ["b", "core-failures-grade-9", 0],
    ]
    assert judge_indicators(students, []).empty


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200)), min_size=1, max_size=20), st.randoms())
def test_neither_order_nor_other_students_change_a_judgement(rows, random):
    frame = pd.DataFrame(rows, columns=["absent", "enrolled"]).assign(days=30)
    one = indicators()["chronic-absence"]
    out = judge_indicator(frame, one)
    order = random.sample(range(len(rows)), len(rows))
    assert judge_indicator(frame.iloc[order], one).equals(out.iloc[order])
    assert judge_indicator(frame.iloc[:1], one).equals(out.iloc[:1])
    assert (out["keeps"] >= out["severity"]).all()


@pytest.mark.sweep
def test_it_is_the_same_for_a_million_students_and_leaves_its_input_alone():
    rng = np.random.default_rng(4)
    frame = pd.DataFrame({"absent": rng.integers(0, 80, 1_000_000), "enrolled": 360, "days": 180})
    before = frame.copy()
    out = judge_indicator(frame, indicators()["chronic-absence"])
    assert (
        out["severity"] == (frame["absent"] >= 18) * 1 + (frame["absent"] >= 36) + (frame["absent"] >= 72)
    ).all()
    assert frame.equals(before)
