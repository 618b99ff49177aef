"""Rows of bands by several standards: side by side they give no few students of closed classes away."""

import pandas as pd

from datareview.looks.rows import first_apart


def banding(**students):
    return [([name], pd.DataFrame({1: 1.0}, index=own)) for name, own in students.items()]


FIRST = banding(secure=range(1, 11), close=range(11, 21))


def shown(second, closed):
    rows = first_apart([FIRST, second], frozenset(closed))[1]
    return [(names, len(own)) for names, own in rows]


def test_bands_that_differ_by_few_closed_students_are_one_row():
    second = banding(secure=range(1, 13), close=range(13, 21))
    assert shown(second, range(1, 21)) == [(["secure", "close"], 20)]
    assert shown(second, range(1, 12)) == [(["secure", "close"], 20)]


def test_bands_that_differ_by_enough_by_nobody_or_by_students_who_are_seen_stay():
    second = banding(secure=range(1, 16), close=range(16, 21))
    assert shown(second, range(1, 21)) == [(["secure"], 15), (["close"], 5)]
    assert shown(FIRST, range(1, 21)) == [(["secure"], 10), (["close"], 10)]
    assert shown(banding(secure=range(1, 13), close=range(13, 21)), range(13, 21)) == [
        (["secure"], 12),
        (["close"], 8),
    ]


def test_all_bands_of_a_later_standard_are_compared_with_each_earlier_one():
    third = banding(secure=range(1, 15), close=range(15, 21))
    second = banding(secure=range(1, 16), close=range(16, 21))
    found = first_apart([FIRST, second, third], frozenset(range(1, 21)))
    assert [len(rows) for rows in found] == [2, 2, 1]
