"""Absences of one student: a weekday, or a change, that chance does not explain."""

import datetime as dt

import numpy as np
import pytest
from scipy.stats import fisher_exact

from datareview.analysis.absences import AbsenceChange, WeekdayExcess, absence_change, weekday_excess

FIRST = dt.date(2026, 9, 7)  # a Monday
DAYS = [FIRST + dt.timedelta(days=n) for n in range(91) if (FIRST + dt.timedelta(days=n)).weekday() < 5]
OCTOBER, NOVEMBER = dt.date(2026, 10, 1), dt.date(2026, 11, 1)


def marks(absent):
    return {day: day in absent for day in DAYS}


def test_six_of_nine_absences_on_mondays_are_a_finding():
    mondays = [day for day in DAYS if day.weekday() == 0][:6]
    others = [day for day in DAYS if day.weekday() == 3][:3]
    assert weekday_excess(marks({*mondays, *others})) == WeekdayExcess(0, 6, 13, 9)


def test_absences_spread_over_the_week_are_none():
    assert weekday_excess(marks(set(DAYS[::6]))) is None


@pytest.mark.parametrize("absent", [set(), set(DAYS[:15:5])])
def test_few_absences_are_no_pattern_though_all_are_mondays(absent):
    assert weekday_excess(marks(absent)) is None
    assert absence_change(marks(absent), [OCTOBER]) is None


def test_few_days_are_no_pattern():
    days = {day: day.weekday() == 0 for day in DAYS[:19]}
    assert weekday_excess(days) is None


def test_the_change_is_the_clearest_of_the_days_looked_at():
    since = [day for day in DAYS if day >= NOVEMBER]
    found = absence_change(marks({DAYS[0], *since[:8]}), [OCTOBER, NOVEMBER])
    before = len(DAYS) - len(since)
    assert found == AbsenceChange(NOVEMBER, (1, before), (8, len(since)))
    assert found.is_rise


def test_fewer_absences_are_a_change_too():
    found = absence_change(marks(set(DAYS[:10])), [OCTOBER, NOVEMBER])
    assert (found.since, found.is_rise) == (OCTOBER, False)


def test_a_day_with_hardly_any_days_on_one_side_is_not_looked_at():
    assert absence_change(marks(set(DAYS[-4:])), [DAYS[-4]]) is None


def test_the_chance_is_that_of_fishers_exact_test():
    """At the border: eight absences of which five are after the split, 30 and 35 days."""
    split = DAYS[30]
    for after in range(9):
        absent = {*DAYS[: 8 - after], *DAYS[30 : 30 + after]}
        table = [[after, 35 - after], [8 - after, 30 - (8 - after)]]
        tail = min(fisher_exact(table, alternative=side).pvalue for side in ("less", "greater"))
        assert (absence_change(marks(absent), [split]) is not None) == (2 * tail <= 0.05), after


@pytest.mark.parametrize("share", [0.08, 0.2])
def test_chance_alone_makes_a_finding_for_one_student_in_twenty_at_most(share):
    rng = np.random.default_rng(5)
    found = [0, 0]
    for _student in range(400):
        days = dict(zip(DAYS, (rng.random(len(DAYS)) < share).tolist(), strict=True))
        found[0] += weekday_excess(days) is not None
        found[1] += absence_change(days, [OCTOBER, NOVEMBER]) is not None
    assert max(found) <= 20
