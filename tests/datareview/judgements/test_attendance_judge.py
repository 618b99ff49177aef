"""Absence: every absence counts, excused or not; 10% of the days enrolled is chronic.

Cut points: 5, 10 and 20% (Attendance Works' satisfactory, at risk, chronic and severe; EDFacts FS195: absent
on 10% of days enrolled or more). A share is compared as days against days, never as a rounded percentage.
"""

import pytest

from datareview.rules.presets import presets
from tests.factories.judgements import UNTIL, found, judge, known, marks, rule, sentence

CHRONIC = presets()["chronic-absence"].parameters  # a change of these numbers fails here
RULE = rule("attendance", **CHRONIC)

# Days absent, days marked, severity, whether an open flag may resolve, sentence.
CASES = [
    # 0.03 × 100 = 3: it clears at watch minus the margin; half a day more does not clear.
    (0, 100, 0, True, ""),
    (3, 100, 0, True, ""),
    (3.5, 100, 0, False, ""),
    # 0.05 × 180 = 9
    (8.5, 180, 0, False, ""),
    (9, 180, 1, False, "Absent 9 of 180 days (5%). The cut point is 5%."),
    (9.5, 180, 1, False, "Absent 9.5 of 180 days (5.3%). The cut point is 5%."),
    # 0.10 × 180 = 18; 17.5 are 9.72%, which is not 10%; 19.5 of 196 are 9.949%
    (17.5, 180, 1, False, "Absent 17.5 of 180 days (9.7%). The cut point is 5%."),
    (19.5, 196, 1, False, "Absent 19.5 of 196 days (9.9%). The cut point is 5%."),
    (18, 180, 2, False, "Absent 18 of 180 days (10%). The cut point is 10%."),
    (18.5, 180, 2, False, "Absent 18.5 of 180 days (10.3%). The cut point is 10%."),
    # 0.20 × 180 = 36; 35.5 are 19.72%
    (35.5, 180, 2, False, "Absent 35.5 of 180 days (19.7%). The cut point is 10%."),
    (36, 180, 3, False, "Absent 36 of 180 days (20%). The cut point is 20%."),
    (180, 180, 3, False, "Absent 180 of 180 days (100%). The cut point is 20%."),
    # One day of twenty is on the line; one of twenty-one (4.76%) is not.
    (1, 20, 1, False, "Absent 1 of 20 days (5%). The cut point is 5%."),
    (1, 21, 0, False, ""),
    # Nineteen days are too few to judge: no flag opens and none resolves.
    (0, 19, 0, False, ""),
    (19, 19, 0, False, ""),
]


@pytest.mark.parametrize(("absent", "of", "severity", "is_clear", "words"), CASES)
def test_absence_at_just_under_and_just_over_each_cut(absent, of, severity, is_clear, words):
    judged = judge(RULE, known([1], attendance=marks(1, absent, of)))[1]
    assert found(judged) == (severity, is_clear)
    assert sentence(RULE, judged) == words


def test_many_students_at_once_are_judged_as_each_alone():
    students = range(1, len(CASES) + 1)
    rows = [row for student, case in zip(students, CASES, strict=True) for row in marks(student, *case[:2])]
    judged = judge(RULE, known(students, attendance=rows))
    assert [(*found(judged[student]), sentence(RULE, judged[student])) for student in students] == [
        case[2:] for case in CASES
    ]


def test_a_student_without_marks_is_not_judged():
    judged = judge(RULE, known([1, 2], attendance=marks(2, 18, 180)))
    assert {student: found(one) for student, one in judged.items()} == {1: (0, False), 2: (2, False)}
    assert judged[1].domain == "attendance"


def test_a_scope_without_any_mark_is_not_judged():
    assert [found(one) for one in judge(RULE, known([1, 2])).values()] == [(0, False), (0, False)]


def test_an_unknown_mark_is_neither_enrolled_nor_absent():
    """20 marks with one unknown count as 19: too few. 21 count as 20, and 1 of 20 is 5%."""
    missing = (1, UNTIL - 40, float("nan"))
    assert found(judge(RULE, known([1], attendance=[*marks(1, 19, 19), missing]))[1]) == (0, False)
    assert found(judge(RULE, known([1], attendance=[*marks(1, 1, 20), missing]))[1]) == (1, False)


def test_a_student_who_entered_late_is_judged_by_their_own_days_only():
    """3 of the student's 30 days are 10%; of the school's 180 they would be 1.7%."""
    judged = judge(RULE, known([1, 2], attendance=[*marks(1, 3, 30), *marks(2, 3, 180)]))
    assert (found(judged[1]), found(judged[2])) == ((2, False), (0, True))


def test_the_judgement_of_a_week_ago_ignores_later_days():
    """18 of 180 days today, of which the last seven were absences: 11 of 173 (6.4%) a week ago."""
    frames = known([1], attendance=[*marks(1, 11, 173, until=UNTIL - 7), *marks(1, 7, 7)])
    assert found(judge(RULE, frames)[1]) == (2, False)
    assert found(judge(RULE, frames.as_of(UNTIL - 7))[1]) == (1, False)


@pytest.mark.parametrize(("absent", "severity"), [(2.5, 0), (3, 1), (3.5, 1), (4, 2)])
def test_cut_points_of_a_school_are_exact_where_they_have_decimals(absent, severity):
    """Of 40 days 3 are 7.5% and 4 are 10%; binary floats cannot hold 0.075."""
    own = rule("attendance", **{**CHRONIC, "watch": 7.5})
    assert judge(own, known([1], attendance=marks(1, absent, 40)))[1].severity == severity


def test_a_share_is_shown_with_the_digits_that_keep_it_off_the_line():
    """3.5 of 46 days are 7.609%: above a cut of 7.6% and below one of 8%, so never shown as either."""
    own = rule("attendance", **{**CHRONIC, "watch": 7.6, "act": 8})
    judged = judge(own, known([1], attendance=marks(1, 3.5, 46)))[1]
    assert (judged.severity, sentence(own, judged)) == (
        1,
        "Absent 3.5 of 46 days (7.61%). The cut point is 7.6%.",
    )


@pytest.mark.parametrize(
    ("key", "absent", "of", "severity"),
    [
        ("chronic-absence", 2, 19, 0),
        ("chronic-absence", 2, 20, 2),
        ("early-absence", 9, 9, 0),
        ("early-absence", 1, 10, 2),
        ("early-absence", 2, 10, 3),
        ("balfanz-absence", 17.5, 180, 0),
        ("balfanz-absence", 18, 180, 1),
        ("balfanz-absence", 36, 180, 2),
        ("balfanz-absence", 54, 180, 3),
    ],
)
def test_presets_judge_from_their_own_days_and_cuts(key, absent, of, severity):
    own = rule("attendance", **presets()[key].parameters)
    assert judge(own, known([1], attendance=marks(1, absent, of)))[1].severity == severity
