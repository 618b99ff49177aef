"""Growth per week against what is expected of the grade, by the whole interval of the pooled slope.

Watch if even the best end of the 90% interval misses the expected growth, act if it is also below zero (trend
with its interval against the required rate: National Center on Intensive Intervention); judged from six scores
over six weeks. Expected: 1.2 words more per week, or seconds less if lower is better.
"""

import pytest

from datareview.rules.presets import presets
from tests.factories.judgements import UNTIL, found, judge, known, measure, rule, sentence, trend

CUT_POINTS = presets()["slow-growth"].parameters
UP = rule("growth", measure(), **CUT_POINTS)
DOWN = rule("growth", measure(higher_is_better=False), **CUT_POINTS)
NAN = float("nan")

# Low, slope and high of the interval, severity, whether an open flag may resolve, sentence.
CASES = [
    ((-2.0, -1.0, -0.01), 2, False, "−1.00 a week (−2.00 to −0.01) over 10 scores; expected +1.20."),
    ((-2.0, -1.0, -0.04), 2, False, "−1.00 a week (−2.00 to −0.04) over 10 scores; expected +1.20."),
    ((-2.0, -1.0, -0.1), 2, False, "−1.0 a week (−2.0 to −0.1) over 10 scores; expected +1.2."),
    ((-2.0, -1.0, 0.0), 1, False, "−1.0 a week (−2.0 to 0) over 10 scores; expected +1.2."),
    ((-0.4, 0.4, 1.16), 1, False, "+0.40 a week (−0.40 to +1.16) over 10 scores; expected +1.20."),
    ((-0.4, -0.04, 0.4), 1, False, "0 a week (−0.4 to +0.4) over 10 scores; expected +1.2."),
    ((-0.4, 0.4, 1.199), 1, False, "+0.400 a week (−0.400 to +1.199) over 10 scores; expected +1.200."),
    ((-0.4, 0.4, 1.2), 0, False, ""),
    ((0.4, 1.19, 2.0), 0, False, ""),
    ((0.4, 1.2, 2.0), 0, True, ""),
    ((1.3, 1.9, 2.5), 0, True, ""),
]


def grown(low, slope, high, expected=1.2, **fields):
    return trend(pooled_low=low, pooled_slope=slope, pooled_high=high, expected_slope=expected, **fields)


@pytest.mark.parametrize(("slopes", "severity", "is_clear", "words"), CASES)
def test_growth_at_just_under_and_just_over_what_is_expected(slopes, severity, is_clear, words):
    judged = judge(UP, known([1]), grown(*slopes))[1]
    assert found(judged) == (severity, is_clear)
    assert sentence(UP, judged) == (words and f"Oral reading fluency: {words}")


@pytest.mark.parametrize(("slopes", "severity", "is_clear", "words"), CASES)
def test_where_less_is_better_the_mirrored_slope_is_judged_alike(slopes, severity, is_clear, words):
    low, slope, high = slopes
    judged = judge(DOWN, known([1]), grown(-high, -slope, -low, -1.2))[1]
    assert found(judged) == (severity, is_clear)
    assert sentence(DOWN, judged).startswith("Seconds a page: ") is (severity > 0)


@pytest.mark.parametrize(
    ("slopes", "expected", "words"),
    [
        ((0.01, 1.0, 2.0), -1.2, "+1.00 a week (+0.01 to +2.00) over 10 scores; expected −1.20."),
        ((0.0, 1.0, 2.0), -1.2, "+1.0 a week (0 to +2.0) over 10 scores; expected −1.2."),
        ((-1.16, -0.4, 0.4), -1.2, "−0.40 a week (−1.16 to +0.40) over 10 scores; expected −1.20."),
    ],
)
def test_where_less_is_better_the_low_end_is_what_misses_the_line(slopes, expected, words):
    judged = judge(DOWN, known([1]), grown(*slopes, expected))[1]
    assert sentence(DOWN, judged) == f"Seconds a page: {words}"


def test_an_expectation_with_two_digits_is_shown_with_two():
    judged = judge(UP, known([1]), grown(0.1, 0.6, 1.22, 1.24))[1]
    assert sentence(UP, judged) == (
        "Oral reading fluency: +0.60 a week (+0.10 to +1.22) over 10 scores; expected +1.24."
    )


@pytest.mark.parametrize(("high", "severity"), [(-0.4, 0), (-0.5, 0), (-0.6, 2)])
def test_an_expected_fall_is_no_reason_to_act(high, severity):
    """A benchmark may expect half a point less per week, for example over a summer."""
    assert judge(UP, known([1]), grown(-2, -1, high, -0.5))[1].severity == severity


@pytest.mark.parametrize(
    ("fields", "severity"),
    [
        ({"n": 6}, 2),
        ({"n": 5}, 0),
        ({"first_on": UNTIL - 42}, 2),
        ({"first_on": UNTIL - 41}, 0),
        ({"first_on": UNTIL - 190, "last_on": UNTIL - 120}, 2),
        ({"first_on": UNTIL - 190, "last_on": UNTIL - 121}, 0),
        ({"status": "insufficient_data"}, 0),
        ({"status": "undefined_zero_variance"}, 0),
    ],
)
def test_it_takes_six_scores_over_six_weeks_and_a_recent_one(fields, severity):
    judged = judge(UP, known([1]), grown(-2, -1, -0.5, **fields))[1]
    assert found(judged) == (severity, False)


@pytest.mark.parametrize(("n", "weeks", "severity"), [(8, 9, 0), (9, 8, 0), (9, 9, 2)])
def test_a_school_may_ask_for_more(n, weeks, severity):
    own = rule("growth", measure(), min_scores=9, min_weeks=9)
    trends = grown(-2, -1, -0.5, n=n, first_on=UNTIL - 7 * weeks)
    assert judge(own, known([1]), trends)[1].severity == severity


@pytest.mark.parametrize(
    "trends",
    [
        trend().iloc[:0],
        grown(-2, -1, -0.5, NAN),
        grown(NAN, NAN, NAN),
        grown(-2, -1, -0.5, measure_id=8),
    ],
    ids=["no scores", "no expectation", "too few peers", "another measure"],
)
def test_without_growth_or_an_expectation_there_is_no_judgement(trends):
    judged = judge(UP, known([1]), trends)[1]
    assert (found(judged), judged.domain, judged.evidence) == ((0, False), "academic", {})


def class_of(many):
    """Students who gain two words a week, and student 1 who loses two; twelve weeks with equal errors."""
    return known(
        range(1, many + 1),
        scores=[
            (student, 7, UNTIL - 7 * (11 - week), 80 + (2 if student > 1 else -2) * week + (-1) ** week)
            for student in range(1, many + 1)
            for week in range(12)
        ],
        measures=[(7, "orf", "Oral reading fluency", "", True, 8, 0, 250)],
        cuts=[(7, "spring", 107, 133, 164, 1.2)],
    )


def test_a_class_is_judged_at_once():
    judged = judge(UP, class_of(31))
    assert found(judged[1]) == (2, False)
    assert {found(one) for student, one in judged.items() if student > 1} == {(0, True)}
    assert (judged[1].evidence["n"], judged[1].evidence["expected"]) == (12, 1.2)


def test_a_group_under_thirty_is_not_judged():
    assert {found(one) for one in judge(UP, class_of(29)).values()} == {(0, False)}


@pytest.mark.parametrize("kind", ["growth", "benchmark"])
def test_a_rule_about_scores_names_its_measure(kind):
    with pytest.raises(ValueError, match="names no measure"):
        judge(rule(kind), known([1]))
