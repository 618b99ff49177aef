"""Ticks and label positions."""

import datetime as dt
import itertools

import pytest

from datareview.charts.scales import Scale, date_ticks, nice_ticks, number_text, spread, y_extent
from datareview.charts.spec import Chart, Series


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 10, [0, 2, 4, 6, 8, 10]),
        (61, 166, [50, 75, 100, 125, 150, 175]),
        (0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1.0]),
    ],
)
def test_ticks_are_round_and_cover(low, high, ticks):
    assert nice_ticks(low, high) == ticks


def test_equal_ends_still_have_ticks():
    assert len(nice_ticks(5, 5)) >= 2


def test_labels_that_fit_stay_where_they_are():
    assert spread([10, 50, 90], 16, 0, 100) == [10, 50, 90]


def test_colliding_labels_are_centered_on_their_targets():
    assert spread([50, 50], 16, 0, 100) == [42, 58]


def test_labels_keep_their_order_and_the_edges():
    placed = spread([98, 2, 99, 97], 16, 0, 100)
    ordered = sorted(placed)
    assert max(placed) <= 100
    assert all(b - a >= 15.9 for a, b in itertools.pairwise(ordered))
    assert placed[1] == 2


def test_a_season_is_marked_by_months():
    first, last = dt.date(2026, 8, 20).toordinal(), dt.date(2027, 1, 20).toordinal()
    assert [label for _at, label in date_ticks(first, last, 6)] == ["Sep", "Oct", "Nov", "Dec", "Jan 2027"]


def test_a_month_is_marked_by_mondays():
    first, last = dt.date(2026, 9, 2).toordinal(), dt.date(2026, 9, 30).toordinal()
    assert [label for _at, label in date_ticks(first, last, 5)] == ["Sep 7", "Sep 14", "Sep 21", "Sep 28"]


def test_a_scale_without_extent_puts_everything_in_the_middle():
    assert Scale(3, 3, 0, 100)(3) == 50


@pytest.mark.parametrize(("value", "text"), [(12.0, "12"), (12.25, "12.3"), (0.25, "0.25"), (1200, "1,200")])
def test_numbers_as_text(value, text):
    assert number_text(value) == text


@pytest.mark.parametrize(
    ("kind", "values", "shown"),
    [
        ("points", (40.0, 90.0), (36.4, 100.0)),
        ("points", (70.0, 100.0), (40.0, 103.6)),
        ("points", (60.0, 80.0), (40.0, 100.0)),
        ("line", (40.0, 100.0), (40.0, 100.0)),
    ],
)
def test_a_given_range_leaves_room_for_whole_dots(kind, values, shown):
    days = (dt.date(2025, 3, 3), dt.date(2025, 3, 10))
    series = [Series(kind=kind, name="Reading", x=days, y=values)]
    chart = Chart(title="T", sentence="", x_label="", y_label="", series=series, y_range=(40.0, 100.0))
    assert y_extent(chart) == pytest.approx(shown)
