"""Inputs of indicators, counted from dated records."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from datareview.analysis.facts import attendance_facts, behavior_facts, mark_facts, on_track
from tests.properties import given, st

pytestmark = pytest.mark.kernel

DAYS = pd.DataFrame(
    {"student": [1, 1, 1, 2, 2, 2], "day": [10, 11, 12, 10, 11, 13], "absent": [0.5, 0, 1, 1, 0, 0.5]}
)


def test_attendance_is_counted_in_half_days_until_a_day_and_over_the_first_days():
    assert attendance_facts(DAYS, until=12).loc[1].tolist() == [3, 6, 3, 1.5]
    assert attendance_facts(DAYS, until=13).loc[2].tolist() == [3, 6, 3, 1.5]
    assert attendance_facts(DAYS, until=13, first_days=2).loc[2].tolist() == [2, 4, 2, 1]
    assert attendance_facts(DAYS, until=13, since=11).loc[2].tolist() == [1, 4, 2, 0.5]
    assert attendance_facts(DAYS, until=9).to_numpy().tolist() == [[0, 0, 0, 0]] * 2


def test_a_day_marked_twice_counts_once_and_an_unknown_one_not_at_all():
    again = pd.concat([DAYS, pd.DataFrame({"student": [1, 1], "day": [11, 14], "absent": [1.0, np.nan]})])
    assert attendance_facts(again, until=20).loc[1].tolist() == [5, 6, 3, 2.5]


def test_days_of_suspension_are_days_of_absence():
    days = DAYS.assign(suspended=[0, 1, 0, np.nan, 0.5, 0])
    assert attendance_facts(days, until=20)["absent"].tolist() == [5, 4]


def test_tenths_of_days_add_up_and_quarters_are_not_rounded_to_halves():
    tenths = pd.DataFrame({"student": 1, "day": np.arange(10), "absent": 0.1})
    assert attendance_facts(tenths, until=9).loc[1, "absent"] == 2
    quarter = pd.DataFrame({"student": 1, "day": np.arange(10), "absent": [0.25] + [0.0] * 9})
    assert attendance_facts(quarter, until=9).loc[1, "absent"] == 0.5


def test_dates_and_leap_days_are_days():
    dates = [dt.date(2024, 2, 28), dt.date(2024, 2, 29), dt.date(2024, 3, 1)]
    marks = pd.DataFrame({"student": 1, "day": dates, "absent": [1, 1, 1]})
    assert attendance_facts(marks, until=dt.date(2024, 2, 29).toordinal()).loc[1, "absent_days"] == 2


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 9), st.sampled_from([0, 0.5, 1])), max_size=40))
def test_order_and_other_students_do_not_matter(rows):
    frame = pd.DataFrame(rows, columns=["student", "day", "absent"])
    out = attendance_facts(frame, until=9)
    assert attendance_facts(frame[::-1], until=9).equals(out)
    alone = attendance_facts(frame[frame["student"] == 1], until=9)
    assert alone.equals(out[out.index == 1])


INCIDENTS = pd.DataFrame(
    {
        "student": [1, 1, 1, 2, 3],
        "day": [100, 71, 70, 99, 101],
        "severity": [2, 3, 3, 1, 3],
        "suspended": [False, True, False, False, True],
    }
)


def test_referrals_are_moderate_and_of_thirty_days_and_nothing_later_is_seen():
    out = behavior_facts(INCIDENTS, until=100)
    assert out.loc[1].tolist() == [3, 1, 2]
    assert out.loc[2].tolist() == [1, 0, 0]
    assert list(out.index) == [1, 2]
    assert behavior_facts(INCIDENTS, until=100, since=71).loc[1].tolist() == [2, 1, 2]
    assert behavior_facts(INCIDENTS.iloc[:0], until=100).empty


MARKS = pd.DataFrame(
    [
        (1, "maths", 0, 90.1, True),
        (1, "maths", 42, 80.1, True),
        (1, "art", 42, 55.0, False),
        (2, "maths", 0, 59.9, True),
        (2, "english", 1, 60.0, True),
        (2, "english", 90, 10.0, True),
        (3, "maths", 1, np.nan, True),
    ],
    columns=["student", "course", "day", "percent", "is_core"],
)


def test_marks_are_the_last_ones_known_on_a_day():
    out = mark_facts(MARKS, until=60)
    assert list(out.index) == [1, 2, 3]
    assert out.loc[3].isna().all()
    assert out.loc[1].tolist() == [55.0, 1, 0, 0, 10.0]
    assert out.loc[2, ["lowest", "failures", "core_failures", "ds"]].tolist() == [59.9, 1, 1, 1]
    assert np.isnan(out.loc[2, "fall"])
    later = mark_facts(MARKS, until=90)
    assert later.loc[2].tolist() == [10.0, 2, 2, 0, 50.0]


def test_a_fall_needs_six_weeks_and_only_one_course():
    close = MARKS.iloc[:2].assign(day=[1, 42])
    assert np.isnan(mark_facts(close, until=60).loc[1, "fall"])
    assert mark_facts(MARKS.iloc[::-1], until=60).equals(mark_facts(MARKS, until=60))


def test_on_track_needs_five_credits_and_at_most_one_core_failure():
    rows = [("a", 0.5, True, False)] * 10 + [("b", 0.5, True, False)] * 10 + [("b", 0, True, True)] * 2
    rows += [("c", 0.5, False, False)] * 9 + [("c", 0, True, True)] + [("d", 0.1, True, False)] * 50
    courses = pd.DataFrame(rows, columns=["student", "credits", "is_core", "is_failed"])
    assert on_track(courses)["is_on_track"].to_dict() == {"a": True, "b": False, "c": False, "d": True}


def test_credits_that_are_not_known_say_nothing():
    courses = pd.DataFrame(
        {"student": [1, 1, 2], "credits": [5, np.nan, 5], "is_core": True, "is_failed": False}
    )
    out = on_track(courses)
    assert out["status"].tolist() == ["insufficient_data", "ok"]
    assert out["is_on_track"].tolist() == [None, True]
    assert on_track(courses.iloc[:0]).empty
