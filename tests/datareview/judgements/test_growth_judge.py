"""The chance that growth is below what is expected of the grade, and the share of wrong flags over a grade.

Watch at the school's chance (80 %) that growth is below the expected growth, act where it is as likely below half of it;
of these, as many as keep the expected share of wrong flags (10 %). Judged from six scores over six weeks. Expected: 1.2
words more per week, or seconds less if lower is better.
"""

import json

import numpy as np
import pandas as pd
import pytest

from datareview.flags.models import Severity
from datareview.rules.presets import presets
from tests.factories.judgements import UNTIL, found, judge, known, measure, rule, sentence, trend

CUT_POINTS = presets()["slow-growth"].parameters
UP = rule("growth", measure(), **CUT_POINTS)
DOWN = rule("growth", measure(higher_is_better=False), **CUT_POINTS)
NAN = float("nan")
PEERS = range(1, 41)


def peers(slope, expected=1.2, *, sign=1, see=2.0, **fields):
    """Student 1 with this slope of ten weekly scores, and 39 whose slopes scatter by 0.6 around what is expected."""
    others = np.random.default_rng(4).normal(expected, 0.6, len(PEERS) - 1)
    rows = [
        trend(student_id=student, slope=sign * one, expected_slope=sign * expected, sxx=82.5, see=see)
        for student, one in zip(PEERS, [slope, *others], strict=True)
    ]
    first = rows[0].assign(**fields)
    return pd.concat([first, *rows[1:]], ignore_index=True)


def judged(one, trends):
    return judge(one, known(PEERS), trends)[1]


@pytest.mark.parametrize(
    ("slope", "severity", "is_clear"),
    [(-1.0, 2, False), (0.2, 2, False), (0.7, 1, False), (1.1, 0, False), (1.3, 0, True), (2.0, 0, True)],
)
def test_growth_is_judged_by_its_chance_whichever_way_is_better(slope, severity, is_clear):
    assert found(judged(UP, peers(slope))) == (severity, is_clear)
    assert found(judged(DOWN, peers(slope, sign=-1))) == (severity, is_clear)


def test_the_sentence_says_the_chance():
    assert json.dumps(judged(UP, peers(0.7)).evidence, allow_nan=False)
    assert sentence(UP, judged(UP, peers(0.7))) == (
        "Oral reading fluency: +0.8 a week (+0.4 to +1.1) over 10 scores; expected +1.2. "
        "The chance that growth is below that is 98%."
    )
    assert sentence(DOWN, judged(DOWN, peers(0.0, sign=-1))) == (
        "Seconds a page: −0.1 a week (−0.5 to +0.2) over 10 scores; expected −1.2. "
        "The chance that growth is below that is 99%, and below −0.6 a week 99%."
    )


def test_a_school_may_ask_for_a_higher_chance_fewer_wrong_flags_or_a_smaller_share():
    trends = peers(0.85)
    assert judged(UP, trends).severity == 1
    for change in ({"chance": 99}, {"wrong": 1, "chance": 60}):
        assert judged(rule("growth", measure(), **CUT_POINTS | change), trends).severity == 0
    slow = peers(0.2)
    assert judged(rule("growth", measure(), **CUT_POINTS | {"share": 0}), slow).severity == 1


def test_an_urgent_flag_stays_so_while_growth_is_more_likely_below_half_than_not():
    near = judged(UP, peers(0.5))
    assert (near.severity, near.keeps) == (Severity.WATCH, Severity.ACT)
    assert near.stays(Severity.ACT, Severity.WATCH) == Severity.ACT


def test_a_rule_kept_before_there_were_chances_takes_the_usual_ones():
    assert judged(rule("growth", measure(), min_scores=6, min_weeks=6), peers(0.2)).severity == 2


@pytest.mark.parametrize(("slope", "severity"), [(-0.4, 0), (-1.5, 2)])
def test_an_expected_fall_is_no_reason_to_act(slope, severity):
    """A benchmark may expect half a point less per week, for example over a summer."""
    assert judged(UP, peers(slope, -0.5)).severity == severity


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
    assert found(judged(UP, peers(-1.0, **fields))) == (severity, False)


@pytest.mark.parametrize(("n", "weeks", "severity"), [(8, 9, 0), (9, 8, 0), (9, 9, 2)])
def test_a_school_may_ask_for_more_scores_and_weeks(n, weeks, severity):
    own = rule("growth", measure(), **CUT_POINTS | {"min_scores": 9, "min_weeks": 9})
    assert judged(own, peers(-1.0, n=n, first_on=UNTIL - 7 * weeks)).severity == severity


@pytest.mark.parametrize(
    "trends",
    [
        trend().iloc[:0],
        peers(-1.0, expected_slope=NAN),
        peers(-1.0).iloc[:14],
        peers(-1.0, measure_id=8),
    ],
    ids=["no scores", "no expectation", "too few peers", "another measure"],
)
def test_without_growth_or_an_expectation_there_is_no_judgement(trends):
    one = judged(UP, trends)
    assert (found(one), one.domain, one.evidence) == ((0, False), "academic", {})


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


def test_a_group_under_fifteen_is_not_judged():
    assert {found(one) for one in judge(UP, class_of(14)).values()} == {(0, False)}


@pytest.mark.parametrize("kind", ["growth", "benchmark"])
def test_a_rule_about_scores_names_its_measure(kind):
    with pytest.raises(ValueError, match="names no measure"):
        judge(rule(kind), known([1]))
