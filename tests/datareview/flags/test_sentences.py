"""What clears a flag, in words that agree with the judge; and sentences in the languages of the product."""

import pytest
from django.utils import translation

from datareview.flags.cut_points import CUT_POINTS
from datareview.flags.queries.flags import clears_when, reason_of
from tests.factories.judgements import judge, known, marks, measure, rule

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
        "Clears when growth reaches what is expected for the grade."
    )


EVIDENCE = {
    "attendance": {"absent": 18.0, "enrolled": 180, "share": 10.0, "cut": 10.0},
    "behavior": {"incidents": 2, "suspensions": 1, "window": 90},
    "course": {"failing": [[f"Course {n}", 50.0] for n in range(7)], "dropped": None, "cut": 60},
    "benchmark": {
        "value": 99.0,
        "day": "2025-05-30",
        "cut": 133.0,
        "act": 107.0,
        "level": 1,
        "near_cut": True,
    },
    "growth": {"slope": -1.0, "low": -2.0, "high": -0.5, "n": 10, "expected": 1.2},
}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("kind", list(CUT_POINTS))
def test_every_kind_of_rule_speaks_every_language_with_its_figures(kind, language):
    own = rule(kind, measure() if kind in ("benchmark", "growth") else None)
    point = "." if language == "en" else ","
    figures = {
        "attendance": "180",
        "behavior": "90",
        "course": "60",
        "benchmark": "133",
        "growth": f"1{point}2",
    }
    with translation.override(language):
        words = reason_of(own, EVIDENCE[kind])
        assert figures[kind] in words
        assert "%(" not in words + clears_when(own, EVIDENCE[kind])


def test_the_longest_sentences_fit_into_a_flag():
    """300 characters; names of courses have up to 80, names of measures up to 120."""
    long = measure()
    long.name = "m" * 120
    courses = {"failing": [["c" * 80, 59.99]] * 9, "dropped": None, "cut": 60}
    fallen = {"failing": [], "dropped": ["c" * 80, 10.5], "cut": 70}
    for language in ("en", "es"):
        with translation.override(language):
            said = [
                reason_of(rule("course"), courses),
                reason_of(rule("course"), fallen),
                reason_of(rule("benchmark", long), EVIDENCE["benchmark"]),
                reason_of(rule("growth", long), EVIDENCE["growth"]),
            ]
            assert [len(words) <= 300 for words in said] == [True] * 4
