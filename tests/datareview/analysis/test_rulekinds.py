"""A school's rules as indicators."""

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from datareview.analysis.indicators import Indicator
from datareview.analysis.rulekinds import KINDS, Conditions, judge_conditions, judge_rule, rule_indicators

pytestmark = pytest.mark.kernel

CUT_POINTS = {
    "attendance": {"watch": 5, "act": 10, "severe": 20, "min_days": 20, "margin": 2},
    "behavior": {"watch": 2, "act": 5, "window": 90},
    "course": {"watch": 70, "act": 60, "drop": 10, "margin": 2},
    "benchmark": {},
}


def judged(kind, **columns):
    frame = pd.DataFrame({name: [value] for name, value in columns.items()})
    row = judge_rule(frame, rule_indicators(kind, CUT_POINTS[kind])).iloc[0]
    return row["status"], row["severity"], bool(row["is_clear"])


@pytest.mark.parametrize(
    ("kind", "columns", "expected"),
    [
        ("attendance", {"absent": 36, "enrolled": 360, "days": 180}, ("ok", 2, False)),
        ("attendance", {"absent": 35, "enrolled": 360, "days": 180}, ("ok", 1, False)),
        ("attendance", {"absent": 10, "enrolled": 360, "days": 180}, ("ok", 0, True)),
        ("attendance", {"absent": 17, "enrolled": 360, "days": 180}, ("ok", 0, False)),
        ("attendance", {"absent": 10, "enrolled": 38, "days": 19}, ("insufficient_data", 0, False)),
        ("behavior", {"incidents": 1, "suspensions": 0}, ("ok", 0, True)),
        ("behavior", {"incidents": 2, "suspensions": 0}, ("ok", 1, False)),
        ("behavior", {"incidents": 5, "suspensions": 0}, ("ok", 2, False)),
        ("behavior", {"incidents": 1, "suspensions": 1}, ("ok", 3, False)),
        ("course", {"lowest": 72, "core_failures": 0, "fall": np.nan}, ("ok", 0, True)),
        ("course", {"lowest": 71, "core_failures": 0, "fall": 0}, ("ok", 0, False)),
        ("course", {"lowest": 69.9, "core_failures": 0, "fall": 0}, ("ok", 1, False)),
        ("course", {"lowest": 59, "core_failures": 1, "fall": 0}, ("ok", 2, False)),
        ("course", {"lowest": 59, "core_failures": 2, "fall": 0}, ("ok", 3, False)),
        ("course", {"lowest": 80, "core_failures": 0, "fall": 10}, ("ok", 1, False)),
        ("benchmark", {"level": 1}, ("ok", 2, False)),
        ("benchmark", {"level": 2}, ("ok", 1, False)),
        ("benchmark", {"level": 3}, ("ok", 0, True)),
    ],
)  # fmt: skip
def test_each_kind_judges_at_its_cut_points(kind, columns, expected):
    assert judged(kind, **columns) == expected


def test_cut_points_are_read_as_printed():
    one = rule_indicators("attendance", {**CUT_POINTS["attendance"], "watch": 0.1})[0]
    frame = pd.DataFrame({"absent": [1], "enrolled": [1000], "days": [500]})
    assert judge_rule(frame, (one,))["severity"].tolist() == [1]


def test_the_most_severe_indicator_is_named_with_its_threshold():
    chosen = rule_indicators("course", CUT_POINTS["course"])
    out = judge_rule(pd.DataFrame({"lowest": [50], "core_failures": [3], "fall": [20]}), chosen)
    assert out[["indicator", "value", "threshold"]].iloc[0].tolist() == ["course-failures", 3, 2]


def test_every_kind_copes_with_no_students_and_missing_values():
    for kind in KINDS:
        chosen = rule_indicators(kind, CUT_POINTS[kind])
        assert judge_rule(pd.DataFrame(index=pd.Index([])), chosen).empty
        assert judge_rule(pd.DataFrame(index=[7]), chosen)["status"].tolist() == ["insufficient_data"]
    with pytest.raises(ValueError, match="Unknown kind"):
        rule_indicators("weather")


def one(field, operator, cut, margin=0):
    exact = (Fraction(str(cut)), None, None)
    return Indicator(field, 1, "", field, operator, exact, "local", margin=Fraction(str(margin)))


ABSENT, READING = one("absent", "at_least", 10, margin=2), one("reading", "less_than", 50)
SLOW = one("growth", "less_than", 0.5)
NAN = float("nan")


@pytest.mark.parametrize(
    ("conditions", "values", "expected"),
    [
        (Conditions((ABSENT, READING)), (10, 49, NAN), ("ok", True, True, False, ("absent", "reading"))),
        (Conditions((ABSENT, READING)), (10, 50, NAN), ("ok", False, False, True, ())),
        (Conditions((ABSENT, READING)), (9, 49, NAN), ("ok", False, True, False, ())),
        (Conditions((ABSENT, READING)), (8, 49, NAN), ("ok", False, False, True, ())),
        (Conditions((ABSENT, READING)), (NAN, 49, NAN), ("insufficient_data", False, True, False, ())),
        (Conditions((ABSENT, READING)), (NAN, 50, NAN), ("ok", False, False, True, ())),
        (
            Conditions((ABSENT, READING), is_all=False),
            (NAN, 49, NAN),
            ("ok", True, True, False, ("reading",)),
        ),
        (Conditions((ABSENT, READING), is_all=False), (0, 50, NAN), ("ok", False, False, True, ())),
        (
            Conditions((ABSENT, READING), is_all=False),
            (NAN, 50, 0),
            ("insufficient_data", False, True, False, ()),
        ),
        (
            Conditions((ABSENT, Conditions((READING, SLOW), is_all=False))),
            (12, 60, 0.4),
            ("ok", True, True, False, ("absent", "growth")),
        ),
        (
            Conditions((ABSENT, Conditions((READING, SLOW))), is_all=False),
            (12, 40, 0.5),
            ("ok", True, True, False, ("absent",)),
        ),
    ],
)
def test_conditions_combine_with_all_and_any_and_unknown_values(conditions, values, expected):
    frame = pd.DataFrame([values], columns=["absent", "reading", "growth"])
    row = judge_conditions(frame, conditions).iloc[0]
    assert (
        row["status"],
        bool(row["holds"]),
        bool(row["keeps"]),
        bool(row["is_clear"]),
        row["met"],
    ) == expected


def test_conditions_of_many_students_are_judged_as_each_alone():
    rng = np.random.default_rng(3)
    frame = pd.DataFrame(
        {"absent": rng.integers(5, 15, 60), "reading": rng.integers(45, 55, 60), "growth": rng.random(60)}
    ).astype(float)
    frame[rng.random(frame.shape) < 0.2] = np.nan
    both = Conditions((Conditions((ABSENT, READING), is_all=False), SLOW))
    alone = [judge_conditions(frame.iloc[[place]], both) for place in range(60)]
    pd.testing.assert_frame_equal(judge_conditions(frame, both), pd.concat(alone))
    assert judge_conditions(frame.iloc[:0], both).empty
