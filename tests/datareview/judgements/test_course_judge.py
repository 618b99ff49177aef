"""The latest mark in each core course, and its fall from the last mark at least six weeks before.

Cut points: act on a failing mark in one core course (under 60%), urgent in two (National High School Center, early
warning systems); watch under 70% (a D) and after a fall of 10 points; clears 2 points above watch.
"""

import pytest

from datareview.rules.presets import presets
from tests.factories.judgements import UNTIL, found, judge, known, rule, sentence

RULE = rule("course", **presets()["core-courses"].parameters)
SIX_WEEKS = 42


def mark(percent, *, course="Math", back=0, student=1, is_core=True):
    return (student, sum(map(ord, course)), course, is_core, UNTIL - back, percent)


def judged(*rows, one=RULE):
    """The judgement of student 1; rows are in the order in which they are read: by course, then by day."""
    return judge(one, known([1], grades=sorted(rows, key=lambda row: (row[1], row[4]))))[1]


# Mark, severity, whether an open flag may resolve, sentence.
MARKS = [
    (100, 0, True, ""),
    (72, 0, True, ""),
    (71.99, 0, False, ""),
    (70, 0, False, ""),
    (69.99, 1, False, "Below 70% in Math 69.99%."),
    (69.6, 1, False, "Below 70% in Math 69.6%."),
    (69.4, 1, False, "Below 70% in Math 69%."),
    (60, 1, False, "Below 70% in Math 60%."),
    (59.99, 2, False, "Below 60% in Math 59.99%."),
    (59.5, 2, False, "Below 60% in Math 59.5%."),
    (0, 2, False, "Below 60% in Math 0%."),
]


@pytest.mark.parametrize(("percent", "severity", "is_clear", "words"), MARKS)
def test_a_mark_at_just_under_and_just_over_each_cut(percent, severity, is_clear, words):
    one = judged(mark(percent))
    assert (*found(one), sentence(RULE, one)) == (severity, is_clear, words)


# Mark six weeks before, mark now, severity, whether an open flag may resolve, sentence.
DOWN = "points from six weeks earlier. The cut point is 10."
FALLS = [
    (90, 80.01, 0, True, ""),
    (90, 80, 1, False, f"Math is down 10 {DOWN}"),
    # 90.1 - 80.1 is 9.99… in binary floats but must count as 10
    (90.1, 80.1, 1, False, f"Math is down 10 {DOWN}"),
    (90.05, 80, 1, False, f"Math is down 10.1 {DOWN}"),
    (95, 80.4, 1, False, f"Math is down 15 {DOWN}"),
    (80, 95, 0, True, ""),
    # A low mark matters more than the fall that led to it.
    (90, 65, 1, False, "Below 70% in Math 65%."),
    (90, 55, 2, False, "Below 60% in Math 55%."),
]


@pytest.mark.parametrize(("before", "now", "severity", "is_clear", "words"), FALLS)
def test_a_fall_at_just_under_and_just_over_the_line(before, now, severity, is_clear, words):
    one = judged(mark(before, back=SIX_WEEKS), mark(now))
    assert (*found(one), sentence(RULE, one)) == (severity, is_clear, words)


def test_many_students_at_once_are_judged_as_each_alone():
    rows = [mark(case[0], student=student) for student, case in enumerate(MARKS, start=1)]
    for student, case in enumerate(FALLS, start=101):
        rows += [mark(case[0], back=SIX_WEEKS, student=student), mark(case[1], student=student)]
    students = [*range(1, len(MARKS) + 1), *range(101, len(FALLS) + 101)]
    all_judged = judge(RULE, known(students, grades=rows))
    assert [(*found(one), sentence(RULE, one)) for one in all_judged.values()] == [
        *(case[1:] for case in MARKS),
        *(case[2:] for case in FALLS),
    ]


@pytest.mark.parametrize(("back", "severity"), [(SIX_WEEKS - 1, 0), (SIX_WEEKS, 1), (SIX_WEEKS + 60, 1)])
def test_a_fall_is_counted_over_six_weeks_or_more(back, severity):
    assert judged(mark(90, back=back), mark(80)).severity == severity


def test_a_fall_is_counted_from_the_last_mark_that_is_old_enough():
    """99 ten weeks ago, 85 six weeks ago, 95 a week ago, 80 now: a fall of 5."""
    one = judged(mark(99, back=70), mark(85, back=SIX_WEEKS), mark(95, back=7), mark(80))
    assert (found(one), one.evidence["dropped"]) == ((0, True), None)


def test_the_largest_fall_is_named_and_courses_are_not_mixed():
    """Math did not fall from Art's 95."""
    one = judged(
        mark(92, back=SIX_WEEKS, course="Math"),
        mark(81, course="Math"),
        mark(98, back=SIX_WEEKS, course="Science"),
        mark(85, course="Science"),
        mark(99, back=SIX_WEEKS, course="English"),
        mark(97, course="English"),
    )
    assert sentence(RULE, one) == "Science is down 13 points from six weeks earlier. The cut point is 10."


@pytest.mark.parametrize(
    ("first", "second", "severity", "words"),
    [
        (59.9, 60, 2, "Below 60% in Math 59.9%."),
        (59.9, 59.9, 3, "Below 60% in Math 59.9%, Science 59.9%."),
        (30, 20, 3, "Below 60% in Science 20%, Math 30%."),
        (65, 69, 1, "Below 70% in Math 65%, Science 69%."),
        (75, 69, 1, "Below 70% in Science 69%."),
    ],
)
def test_two_failing_courses_are_urgent_and_the_lowest_is_named_first(first, second, severity, words):
    one = judged(mark(first), mark(second, course="Science"))
    assert (one.severity, sentence(RULE, one)) == (severity, words)


def test_one_course_within_the_margin_keeps_a_flag_open():
    assert found(judged(mark(95), mark(71, course="Science"))) == (0, False)
    assert found(judged(mark(95), mark(72, course="Science"))) == (0, True)


def test_only_the_latest_mark_of_a_course_counts():
    assert found(judged(mark(20, back=30), mark(75))) == (0, True)
    assert found(judged(mark(75, back=30), mark(20))) == (2, False)


def test_courses_that_are_not_core_do_not_count():
    assert found(judged(mark(10, course="Art", is_core=False), mark(90))) == (0, True)


@pytest.mark.parametrize("rows", [[], [mark(10, course="Art", is_core=False)]], ids=["none", "not core"])
def test_a_student_without_a_core_mark_is_not_judged(rows):
    one = judged(*rows)
    assert (found(one), one.domain, one.evidence) == ((0, False), "academic", {})


def test_a_first_mark_is_no_fall():
    one = judged(mark(75))
    assert (found(one), one.evidence) == (
        (0, True),
        {"failing": [], "lowest": ["Math", 75.0], "dropped": None, "cut": 70},
    )


def test_many_low_marks_are_counted_and_fit_into_a_flag():
    """Seven courses with names of eighty letters: the five lowest are named, long names shortened."""
    rows = [mark(10 + place, course=chr(65 + place) * 80) for place in range(7)]
    words = sentence(RULE, judged(*rows))
    named = ", ".join(f"{chr(65 + place) * 39}… {10 + place}%" for place in range(5))
    assert words == f"Below 60% in {named} and 2 more."
    assert len(words) <= 300


def test_six_low_marks_are_five_and_one_more():
    rows = [mark(10 + place, course="ABCDEF"[place]) for place in range(6)]
    assert sentence(RULE, judged(*rows)) == "Below 60% in A 10%, B 11%, C 12%, D 13%, E 14% and 1 more."


def test_cut_points_of_a_school_are_used():
    own = rule("course", watch=80, act=50, drop=5, margin=0)
    assert found(judged(mark(79.99), one=own)) == (1, False)
    assert found(judged(mark(80), one=own)) == (0, True)
    assert sentence(own, judged(mark(95, back=50), mark(90), one=own)) == (
        "Math is down 5 points from six weeks earlier. The cut point is 5."
    )


def test_a_margin_over_the_end_of_the_scale_does_not_keep_a_flag_forever():
    own = rule("course", watch=95, act=60, drop=10, margin=20)
    assert (found(judged(mark(99.9), one=own)), found(judged(mark(100), one=own))) == ((0, False), (0, True))
