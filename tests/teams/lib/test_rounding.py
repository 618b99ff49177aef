"""Rounding of figures that are compared with a mark."""

from decimal import Decimal

import pytest

from teams.lib.rounding import fewest_places, rounded


@pytest.mark.parametrize(
    ("value", "marks", "least", "places"),
    [
        (9.7, [5, 10], 0, 1),
        (9.4, [5, 10], 0, 0),
        (10.0, [5, 10], 0, 0),
        (9.949, [10], 0, 1),
        (9.996, [10], 0, 3),
        (10.04, [10], 0, 2),
        (8.4, [8.4], 0, 1),
        (8.4, [8.4], 2, 2),
        (-0.04, [0], 1, 2),
        (33.3333333, [33.333333], 0, 6),
        (33.333334, [33.333333], 0, 6),
        (5.0, [], 1, 1),
        (70.5, [71], 0, 1),  # a half is rounded up, onto the mark
        (70.5, [70], 0, 0),
    ],
)
def test_marks_are_shown_as_they_are(value, marks, least, places):
    assert fewest_places([value], marks, least=least) == places


@pytest.mark.parametrize(
    ("values", "marks", "places"),
    [
        ([1.16], [1.2], 2),  # both would be 1.2
        ([1.0], [1.25], 1),
        ([1.22], [1.24], 2),  # both would be 1.2
        ([1.22], [1.25], 1),  # 1.2 and 1.3
        ([1.594], [1.5942], 4),
        ([0.1 + 0.2], [0.3], 1),  # floats differ in the seventeenth digit
        ([-0.4, 1.199], [1.2, 0], 3),
        ([1.2], [1.2], 1),
    ],
)
def test_marks_are_rounded_with_the_values(values, marks, places):
    assert fewest_places(values, marks, least=1, rounds_marks=True) == places


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (2.5, 0, "3"),
        (3.5, 0, "4"),
        (-2.5, 0, "-3"),
        (1.005, 2, "1.01"),  # the float is below the half
        (0.1 + 0.2, 1, "0.3"),
        (-0.04, 1, "0.0"),
        (7, 2, "7.00"),
        (Decimal("0.125"), 2, "0.13"),
    ],
)
def test_halves_go_up(value, places, text):
    assert str(rounded(value, places)) == text
