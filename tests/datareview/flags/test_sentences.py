"""What clears a flag, in words that agree with the judge; and sentences in every language."""

import json

import pytest
from django.utils import translation

from datareview.flags.cut_points import CUT_POINTS
from datareview.flags.models import Severity
from datareview.flags.queries.clears import clears_when
from datareview.flags.queries.flags import kept_reason, reason_of
from tests.factories.judgements import UNTIL, judge, known, marks, measure, rule, trend
from tests.factories.scorecards import scorecard

CHRONIC = {"watch": 5, "act": 10, "severe": 20, "min_days": 20, "margin": 2}


@pytest.mark.parametrize(
    ("cut_points", "words"),
    [
        ({}, "Clears at 3% of days absent or less."),
        ({"watch": 7.5}, "Clears at 5.5% of days absent or less."),
        ({"margin": 0}, "Clears below 5% of days absent."),
        ({"margin": 10}, "Clears at 0% of days absent or less."),
    ],
)
def test_what_clears_absence(cut_points, words):
    assert clears_when(rule("attendance", **{**CHRONIC, **cut_points}), {}) == words


@pytest.mark.parametrize(
    ("cut_points", "clears", "stays"),
    [({}, 6, 6.5), ({"watch": 7.5}, 11, 11.5), ({"margin": 0}, 9.5, 10), ({"margin": 10}, 0, 0.5)],
)
def test_absence_clears_where_the_sentence_says(cut_points, clears, stays):
    """Of 200 days: 3% are 6, 5.5% are 11, below 5% is 9.5, 0% is 0."""
    own = rule("attendance", **{**CHRONIC, **cut_points})
    judged = judge(own, known([1, 2], attendance=[*marks(1, clears, 200), *marks(2, stays, 200)]))
    assert (judged[1].is_clear, judged[2].is_clear) == (True, False)


@pytest.mark.parametrize(
    ("watch", "words"),
    [
        (1, "Clears without an incident in the window."),
        (2, "Clears under 2 incidents and without a suspension in the window."),
    ],
)
def test_what_clears_incidents(watch, words):
    assert clears_when(rule("behavior", watch=watch, act=5, window=90), {}) == words


@pytest.mark.parametrize(
    ("cut_points", "words"),
    [
        ({}, "Clears when every core course is at 72% or more and none is down 10 points."),
        (
            {"margin": 0, "drop": 1},
            "Clears when every core course is at 70% or more and none is down 1 point.",
        ),
        (
            {"watch": 95, "margin": 20},
            "Clears when every core course is at 100% or more and none is down 10 points.",
        ),
    ],
)
def test_what_clears_marks(cut_points, words):
    own = rule("course", **{"watch": 70, "act": 60, "drop": 10, "margin": 2, **cut_points})
    assert clears_when(own, {}) == words


@pytest.mark.parametrize(
    ("better", "sem", "words"),
    [
        (True, 8, "Clears with a score of 141, the benchmark plus one score error."),
        (False, 8, "Clears with a score of 125, the benchmark plus one score error."),
        (True, 0.5, "Clears with a score of 133.5, the benchmark plus one score error."),
        (True, None, "Clears with a score of 133, the benchmark."),
        (True, 0, "Clears with a score of 133, the benchmark."),
    ],
)
def test_what_clears_a_level(better, sem, words):
    own = rule("benchmark", measure(higher_is_better=better, sem=sem))
    assert clears_when(own, {"cut": 133}) == words


def test_what_clears_growth():
    assert clears_when(rule("growth", measure()), {}) == (
        "Clears when growth is as likely to reach what is expected for the grade as to miss it."
    )


SETTINGS = {"scorecard": scorecard()}
EVIDENCE = {
    "scorecard": {
        "points": 3,
        "parts": [
            {"data": "absence", "measure": "", "operator": "at_least", "cut": 10, "value": 12.5, "points": 3}
        ],
        "rate": 0.5,
        "rate_low": 0.4,
        "rate_high": 0.6,
    },
    "attendance": {"absent": 18.0, "enrolled": 180, "share": 10.0, "cut": 10.0},
    "behavior": {"incidents": 2, "suspensions": 1, "days": 90},
    "course": {"failing": [[f"Course {n}", 50.0] for n in range(7)], "dropped": None, "cut": 60},
    "benchmark": {
        "value": 99.0,
        "day": "2025-05-30",
        "cut": 133.0,
        "act": 107.0,
        "level": 1,
        "near_cut": True,
    },
    "conditions": {
        "met": True,
        "conditions": [
            {"data": "absence", "measure": "", "operator": "at_least", "cut": 10, "value": 12.5},
            {"data": "growth", "measure": "Reading", "operator": "less_than", "cut": 0.5, "value": 0.25},
        ],
    },
    "growth": {
        "slope": -1.0,
        "low": -2.0,
        "high": -0.5,
        "n": 10,
        "expected": 1.2,
        "chance": 0.999,
        "far": 0.6,
        "chance_far": 0.9,
    },
}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("kind", list(CUT_POINTS))
def test_every_kind_of_rule_speaks_every_language_with_its_figures(kind, language):
    own = rule(kind, measure() if kind in ("benchmark", "growth") else None, **SETTINGS.get(kind, {}))
    point = "." if language == "en" else ","
    figures = {
        "attendance": "180",
        "behavior": "90",
        "course": "60",
        "benchmark": "133",
        "growth": f"1{point}2",
        "conditions": f"0{point}25",
        "scorecard": "50",
    }
    with translation.override(language):
        words = reason_of(own, EVIDENCE[kind])
        assert figures[kind] in words
        assert "%(" not in words + clears_when(own, EVIDENCE[kind])


@pytest.mark.parametrize("kind", ["attendance", "behavior", "course", "benchmark"])
def test_every_judge_has_a_sentence_of_numbers_also_where_its_rule_is_not_met(kind):
    """An open flag within the margin shows today's figures, and evidence is stored as JSON, which has no NaN."""
    own = rule(kind, measure() if kind in ("benchmark", "growth") else None)
    row = trend(last_value=140.0, benchmark_level=3.0, cut_below=107.0, cut_at=133.0)
    mark = (1, 1, "Math", True, UNTIL, 71.0)
    judged = judge(own, known([1, 2], attendance=marks(1, 4, 100), grades=[mark]), row)
    assert {student: one.severity for student, one in judged.items()} == {1: 0, 2: 0}
    assert json.dumps([one.evidence for one in judged.values()], allow_nan=False)
    assert (
        reason_of(own, judged[1].evidence)
        == {
            "attendance": "Absent 4 of 100 days (4%). The cut point is 5%.",
            "behavior": "0 incidents in the last 90 school days.",
            "course": "The lowest mark is 71% in Math. The cut point is 70%.",
            "benchmark": "Oral reading fluency 140 on May 30, 2025. Benchmark 133. Within the error of one score.",
        }[kind]
    )


def test_attendance_of_too_few_days_is_not_judged():
    """Two of three days in September are too few to compare with a cut point."""
    assert judge(rule("attendance", **CHRONIC), known([1], attendance=marks(1, 2, 3)))[1].evidence == {}


def test_the_longest_sentences_fit_into_a_flag():
    """400 characters; names of courses have up to 80, names of measures up to 120."""
    long = measure()
    long.name = "m" * 120
    courses = {"failing": [["c" * 80, 59.99]] * 9, "dropped": None, "cut": 60}
    fallen = {"failing": [], "dropped": ["c" * 80, 10.5], "cut": 70}
    for language in ("en", "es"):
        with translation.override(language):
            said = [
                kept_reason(rule("course"), courses, Severity.ACT),
                kept_reason(rule("course"), fallen, Severity.ACT),
                kept_reason(rule("benchmark", long), EVIDENCE["benchmark"], Severity.ACT),
                kept_reason(rule("growth", long), EVIDENCE["growth"], Severity.ACT),
            ]
            assert [len(words) <= 400 for words in said] == [True] * 4
