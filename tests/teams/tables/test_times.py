"""Times of day are read to the minute, or not at all."""

import datetime as dt

import pytest

from teams.tables.times import read_time


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("14:05", dt.time(14, 5)),
        (" 9:30 ", dt.time(9, 30)),
        ("09:30:15", dt.time(9, 30)),
        ("12:10 PM", dt.time(12, 10)),
        ("12:10am", dt.time(0, 10)),
        ("2:05 p.m.", dt.time(14, 5)),
        ("24:00", None),
        ("13:00 PM", None),
        ("0:30 AM", None),
        ("10:75", None),
        ("1030", None),
        ("noon", None),
        ("", None),
    ],
)
def test_a_time_of_day(text, time):
    assert read_time(text) == time
