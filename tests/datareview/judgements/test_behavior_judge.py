"""Incidents and suspensions in the last school days.

Cut points: watch from 2 incidents, act from 5, in 90 school days; one suspension, in or out of school, is urgent
at once (American Institutes for Research, early warning systems; the numbers are local).
"""

import pytest

from datareview.rules.presets import presets
from tests.factories.judgements import UNTIL, found, judge, known, marks, rule, sentence

RULE = rule("behavior", **presets()["incidents"].parameters)
IN_90 = "in the last 90 school days"

# Incidents, suspensions among them, severity, whether an open flag may resolve, sentence.
CASES = [
    (0, 0, 0, True, ""),
    (1, 0, 0, True, ""),
    (2, 0, 1, False, f"2 incidents {IN_90}."),
    (4, 0, 1, False, f"4 incidents {IN_90}."),
    (5, 0, 2, False, f"5 incidents {IN_90}."),
    (6, 0, 2, False, f"6 incidents {IN_90}."),
    (1, 1, 3, False, f"1 incident {IN_90}, 1 suspension."),
    (2, 2, 3, False, f"2 incidents {IN_90}, 2 suspensions."),
    (9, 1, 3, False, f"9 incidents {IN_90}, 1 suspension."),
]


def incidents(student, many, suspended=0, *, day=UNTIL, consequence="oss"):
    return [(student, day, "minor", consequence if place < suspended else "none") for place in range(many)]


def school_days(many, *, until=UNTIL):
    """Another student present on the last ``many`` days, which makes them school days."""
    return marks(99, 0, many, until=until)


@pytest.mark.parametrize(("many", "suspended", "severity", "is_clear", "words"), CASES)
def test_incidents_at_just_under_and_just_over_each_cut(many, suspended, severity, is_clear, words):
    frames = known([1], attendance=school_days(90), incidents=incidents(1, many, suspended))
    judged = judge(RULE, frames)[1]
    assert found(judged) == (severity, is_clear)
    assert sentence(RULE, judged) == words


def test_many_students_at_once_are_judged_as_each_alone():
    students = range(1, len(CASES) + 1)
    rows = [
        row for student, case in zip(students, CASES, strict=True) for row in incidents(student, *case[:2])
    ]
    judged = judge(RULE, known(students, attendance=school_days(90), incidents=rows[::-1]))
    assert [(*found(judged[student]), sentence(RULE, judged[student])) for student in students] == [
        case[2:] for case in CASES
    ]


@pytest.mark.parametrize(
    ("consequence", "severity"), [("none", 0), ("conference", 0), ("detention", 0), ("iss", 3), ("oss", 3)]
)
def test_only_suspensions_are_urgent(consequence, severity):
    frames = known([1], attendance=school_days(90), incidents=incidents(1, 1, 1, consequence=consequence))
    assert judge(RULE, frames)[1].severity == severity


@pytest.mark.parametrize(("back", "severity"), [(89, 1), (90, 0)])
def test_the_window_counts_school_days_and_its_first_day_is_in_it(back, severity):
    """Of 100 days marked one after the other the last 90 begin 89 days before the last."""
    rows = incidents(1, 1, day=UNTIL - back) + incidents(1, 1)
    assert judge(RULE, known([1], attendance=school_days(100), incidents=rows))[1].severity == severity


def test_holidays_do_not_shorten_the_window():
    """80 days marked in fall, 50 without school, 10 marked since: the last 90 school days span 140 days."""
    days = school_days(80, until=UNTIL - 60) + school_days(10)
    frames = known([1], attendance=days, incidents=incidents(1, 2, day=UNTIL - 139))
    assert judge(RULE, frames)[1].severity == 1


def test_before_the_first_day_marked_weekdays_are_school_days():
    """10 of the 90 school days are marked, the last two weeks; the 80 weekdays before them are sixteen weeks."""
    first_marked = UNTIL - 11  # a Monday
    week_days = [(99, UNTIL - back, 0.0) for back in range(12) if (UNTIL - back + 6) % 7 < 5]
    inside = incidents(1, 2, day=first_marked - 16 * 7)
    before = incidents(2, 2, day=first_marked - 16 * 7 - 1)
    judged = judge(RULE, known([1, 2], attendance=week_days, incidents=inside + before))
    assert (judged[1].severity, judged[2].severity) == (1, 0)


def test_without_any_attendance_weekdays_are_school_days():
    """90 weekdays are eighteen weeks: from Monday 27 January to Friday 30 May."""
    monday = UNTIL - 18 * 7 + 3
    judged = judge(
        RULE, known([1, 2], incidents=incidents(1, 2, day=monday) + incidents(2, 2, day=monday - 1))
    )
    assert (found(judged[1]), found(judged[2])) == ((1, False), (0, True))


@pytest.mark.parametrize(
    ("unmarked", "days"),
    [(0, 58), (14, 68), (7 * 7, 90)],  # days of the year before the first one marked, a Monday
)
def test_early_in_the_year_the_sentence_says_how_many_school_days_there_were(unmarked, days):
    """58 days marked, and the weekdays of the year before them up to the 90 of the rule."""
    first_marked = UNTIL - 74  # a Monday
    marked = [(99, first_marked + place, 0.0) for place in range(58)]
    frames = known([1], since=first_marked - unmarked, attendance=marked, incidents=incidents(1, 2))
    judged = judge(RULE, frames)[1]
    assert judged.evidence == {"incidents": 2, "suspensions": 0, "days": days}
    assert sentence(RULE, judged) == f"2 incidents in the last {days} school days."


def test_a_year_without_attendance_counts_its_weekdays():
    judged = judge(RULE, known([1], since=UNTIL - 11, incidents=incidents(1, 2)))[1]
    assert sentence(RULE, judged) == "2 incidents in the last 10 school days."


def test_incidents_after_the_day_are_ignored():
    frames = known([1], attendance=school_days(90), incidents=incidents(1, 2))
    assert found(judge(RULE, frames.as_of(UNTIL - 7))[1]) == (0, True)


def test_a_new_student_has_no_incidents_and_no_flag():
    judged = judge(RULE, known([1, 2], attendance=school_days(90), incidents=incidents(2, 5)))
    assert (judged[1].evidence, judged[1].domain) == (
        {"incidents": 0, "suspensions": 0, "days": 90},
        "behavior",
    )
    assert judged[2].severity == 2


def test_a_window_of_ten_days_says_so():
    own = rule("behavior", watch=1, act=2, window=10)
    judged = judge(own, known([1], attendance=school_days(90), incidents=incidents(1, 1, day=UNTIL - 9)))[1]
    assert sentence(own, judged) == "1 incident in the last 10 school days."
    late = judge(own, known([1], attendance=school_days(90), incidents=incidents(1, 1, day=UNTIL - 10)))[1]
    assert found(late) == (0, True)
