import datetime as dt

import pandas as pd

from datareview.records.absence import (
    DAYS_ABSENT,
    friday_of,
    friday_of_ordinals,
    group_by_week,
    percent_present,
)
from datareview.records.models import AttendanceDay

MONDAY = dt.date(2026, 3, 2)
FRIDAY = dt.date(2026, 3, 6)


def test_every_mark_has_a_weight():
    assert set(DAYS_ABSENT) == set(AttendanceDay.Mark.values)


def test_a_week_is_dated_on_its_friday_from_monday_to_sunday():
    days = [MONDAY + dt.timedelta(days=n) for n in range(-1, 8)]
    last, this, coming = (FRIDAY + dt.timedelta(weeks=n) for n in (-1, 0, 1))

    assert [friday_of(day) for day in days] == [last, *[this] * 7, coming]


def test_ordinals_have_the_friday_of_their_dates():
    days = [dt.date(2025, 12, 25) + dt.timedelta(days=n) for n in range(21)]
    fridays = [friday_of(day).toordinal() for day in days]

    assert [friday_of_ordinals(day.toordinal()) for day in days] == fridays
    assert friday_of_ordinals(pd.Series([day.toordinal() for day in days])).tolist() == fridays


def test_marks_are_grouped_by_student_and_whole_week():
    next_monday = MONDAY + dt.timedelta(weeks=1)
    marks = [
        (1, MONDAY, "present"),
        (1, FRIDAY, "partial"),
        (2, MONDAY, "unexcused"),
        (2, MONDAY + dt.timedelta(days=1), "tardy"),
        (1, next_monday, "excused"),
    ]

    assert group_by_week(marks, FRIDAY) == {1: {FRIDAY: [0.0, 0.5]}, 2: {FRIDAY: [1.0, 0.0]}}
    assert group_by_week(marks, FRIDAY - dt.timedelta(days=1)) == {}


def test_percent_present_is_of_marked_days_in_order_of_time():
    later = FRIDAY + dt.timedelta(weeks=1)

    assert percent_present({later: [1.0, 0.0], FRIDAY: [0.0, 0.5, 1.0, 0.5]}) == [
        (FRIDAY, 50.0),
        (later, 50.0),
    ]
