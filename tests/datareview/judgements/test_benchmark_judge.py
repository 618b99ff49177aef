"""The level of the last score: watch at "below", act at "well below", by the benchmark's own cut scores.

Cuts of grade 4 in spring: below 107, at 133, above 164 words a minute; the error of one score is 8. A score within
one error of a cut may belong on its other side (|X - cut| <= SEM, Lord & Novick 1968), so it never goes beyond
"watch"; an open flag resolves one error above the benchmark.
"""

import datetime as dt

import pytest

from tests.factories.judgements import UNTIL, found, judge, known, measure, rule, sentence, trend

UP = rule("benchmark", measure(sem=8))
DOWN = rule("benchmark", measure(higher_is_better=False, sem=8))
# What follows "62 on May 30, 2025. Benchmark 133." if a score is near a cut.
FAR, NEAR_AT, NEAR_ACT = (
    "",
    " Within the error of one score.",
    " Within the error of one score of {act}, the cut point for “act”.",
)
CUTS = {True: (107, 133, 164), False: (93, 67, 36)}  # mirrored about 100


def scored(*values, higher_is_better=True, sem=8, day=UNTIL, cuts=None, students=(1,), windows=("spring",)):
    """Students 1, 2, … with one score each, on the given day."""
    below_at_above = cuts or CUTS[higher_is_better]
    return known(
        students,
        scores=[(student, 7, day, value) for student, value in zip(students, values, strict=True)],
        measures=[(7, "orf", "Oral reading fluency", "", higher_is_better, sem, 0, 250)],
        cuts=[(7, window, *below_at_above, 1.2) for window in windows],
    )


# Score, severity, whether an open flag may resolve, end of the sentence (None: no flag), if higher is better.
CASES = [
    # act: more than one error under 107, that is under 99
    (62, 2, False, FAR),
    (98.9, 2, False, FAR),
    (99, 1, False, NEAR_ACT),
    (106.9, 1, False, NEAR_ACT),
    # watch: from 107 and under 133
    (107, 1, False, FAR),
    (124.9, 1, False, FAR),
    (125, 1, False, NEAR_AT),
    (132.9, 1, False, NEAR_AT),
    (132.996, 1, False, NEAR_AT),
    # at the benchmark; it resolves from 133 + 8
    (133, 0, False, None),
    (140.9, 0, False, None),
    (141, 0, True, None),
    (164, 0, True, None),
]


@pytest.mark.parametrize(("value", "severity", "is_clear", "end"), CASES)
def test_a_score_at_just_under_and_just_over_each_cut(value, severity, is_clear, end):
    judged = judge(UP, scored(value))[1]
    words = f"Oral reading fluency {value} on May 30, 2025. Benchmark 133." + (end or "").format(act=107)
    assert (*found(judged), sentence(UP, judged)) == (severity, is_clear, "" if end is None else words)


@pytest.mark.parametrize(("value", "severity", "is_clear", "end"), CASES)
def test_where_less_is_better_the_mirrored_score_is_judged_alike(value, severity, is_clear, end):
    """Every score and cut x is 200 - x: benchmark 67, act from more than one error over 93, that is over 101."""
    mirrored = round(200 - value, 3)
    judged = judge(DOWN, scored(mirrored, higher_is_better=False))[1]
    words = f"Seconds a page {mirrored} on May 30, 2025. Benchmark 67." + (end or "").format(act=93)
    assert (*found(judged), sentence(DOWN, judged)) == (severity, is_clear, "" if end is None else words)


def test_many_students_at_once_are_judged_as_each_alone():
    students = range(1, len(CASES) + 1)
    judged = judge(UP, scored(*(case[0] for case in CASES), students=students))
    assert [found(judged[student]) for student in students] == [case[1:3] for case in CASES]


@pytest.mark.parametrize("sem", [None, 0])
@pytest.mark.parametrize(
    ("value", "severity", "is_clear"),
    [(106.9, 2, False), (107, 1, False), (132.9, 1, False), (133, 0, True)],
)
def test_without_a_known_error_the_cuts_are_hard(sem, value, severity, is_clear):
    exact = rule("benchmark", measure(sem=sem))
    judged = judge(exact, scored(value, sem=float("nan") if sem is None else sem))[1]
    assert found(judged) == (severity, is_clear)
    assert sentence(exact, judged).count("Within the error") == 0


@pytest.mark.parametrize(
    ("value", "severity", "is_clear"),
    [
        # 2.6 - 2.3 is 0.30000000000000027 in binary floats but must count as 0.3; likewise 3.4 + 0.3 is under 3.7
        (2.2, 2, False),
        (2.3, 1, False),
        (3.4, 0, False),
        (3.6, 0, False),
        (3.7, 0, True),
    ],
)
def test_one_error_from_a_cut_is_exact_where_scores_have_decimals(value, severity, is_clear):
    one = rule("benchmark", measure(sem=0.3))
    assert found(judge(one, scored(value, sem=0.3, cuts=(2.6, 3.4, 4)))[1]) == (severity, is_clear)


@pytest.mark.parametrize(("back", "severity"), [(120, 2), (121, 0)])
def test_a_score_is_valid_for_a_hundred_and_twenty_days(back, severity):
    judged = judge(UP, scored(20, day=UNTIL - back, windows=("winter",)))[1]
    assert found(judged) == (severity, False)


def test_the_last_score_counts():
    frames = known(
        [1],
        scores=[(1, 7, UNTIL - 14, 20.0), (1, 7, UNTIL, 150.0)],
        measures=[(7, "orf", "Oral reading fluency", "", True, 8, 0, 250)],
        cuts=[(7, "spring", 107, 133, 164, 1.2)],
    )
    assert found(judge(UP, frames)[1]) == (0, True)
    assert found(judge(UP, frames.as_of(UNTIL - 7))[1]) == (2, False)


def test_the_benchmark_is_that_of_the_window_of_the_score():
    """115 in February reaches winter's 110; it would be below spring's 133."""
    february = dt.date(2025, 2, 20).toordinal()
    frames = known(
        [1],
        scores=[(1, 7, february, 118.0)],
        measures=[(7, "orf", "Oral reading fluency", "", True, 8, 0, 250)],
        cuts=[(7, "winter", 90, 110, 150, 1.2), (7, "spring", 107, 133, 164, 1.2)],
    )
    judged = judge(UP, frames)[1]
    assert (found(judged), judged.evidence["cut"]) == ((0, True), 110)


@pytest.mark.parametrize(
    "frames",
    [
        known([1]),
        scored(20, windows=()),
        scored(20, windows=("fall", "winter")),
        scored(float("nan")),
        scored(20, cuts=(107, float("nan"), 164)),
    ],
    ids=["no score", "grade without benchmark", "window without benchmark", "missing score", "missing cut"],
)
def test_without_a_score_or_a_benchmark_there_is_no_judgement(frames):
    judged = judge(UP, frames)[1]
    assert (found(judged), judged.domain, judged.evidence) == ((0, False), "academic", {})


def test_scores_of_another_measure_are_ignored():
    trends = trend(measure_id=8, last_value=1.0, benchmark_level=1.0, cut_below=107.0, cut_at=133.0)
    assert found(judge(UP, known([1]), trends)[1]) == (0, False)


def test_the_domain_is_the_measures():
    one = measure()
    one.domain = "wellbeing"
    assert judge(rule("benchmark", one), scored(20))[1].domain == "wellbeing"
