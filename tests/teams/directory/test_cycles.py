"""Days of weekly, alternating and rotating cycles."""

import datetime as dt

import pytest

from teams.directory.cycles import days_between, first_school_day, turning_cycle, week_cycle

MONDAY = dt.date(2026, 8, 31)
LABOR_DAY = dt.date(2026, 9, 7)


def day(offset):
    return MONDAY + dt.timedelta(days=offset)


def test_a_week_has_its_weekdays_and_a_holiday_moves_nothing():
    found = week_cycle(MONDAY, day(9), start=MONDAY, length=5, closed={LABOR_DAY})
    assert list(found.items()) == [
        *[(day(n), n) for n in range(5)],
        (day(8), 1),
        (day(9), 2),
    ]


def test_two_kinds_of_weeks_alternate_from_the_week_of_the_start():
    found = week_cycle(MONDAY, day(15), start=day(3), length=10, closed=set())
    assert [found[day(n)] for n in (0, 4, 7, 11, 14, 15)] == [0, 4, 5, 9, 0, 1]


def test_a_turning_cycle_continues_after_a_holiday():
    found = turning_cycle(MONDAY, day(9), start=MONDAY, length=2, closed={LABOR_DAY})
    assert [(when, place) for when, place in found.items()] == [
        *[(day(n), n % 2) for n in range(5)],
        (day(8), 1),
        (day(9), 0),
    ]


def test_a_turning_cycle_has_days_before_its_start_and_the_same_in_any_window():
    whole = turning_cycle(day(-10), day(30), start=MONDAY, length=6, closed={day(2)})
    part = turning_cycle(day(7), day(30), start=MONDAY, length=6, closed={day(2)})
    assert whole[MONDAY] == 0
    assert whole[day(-3)] == 5
    assert part == {when: place for when, place in whole.items() if when >= day(7)}


@pytest.mark.parametrize(("start", "found"), [(0, 0), (4, 4), (5, 8), (6, 8), (7, 8)])
def test_the_first_school_day_is_after_weekend_and_holiday(start, found):
    assert first_school_day(day(start), {LABOR_DAY}) == day(found)


def test_without_a_school_day_in_four_months_the_day_stays():
    assert first_school_day(day(0), set(days_between(day(0), day(200)))) == day(0)
