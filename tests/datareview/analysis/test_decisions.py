"""Decision rules of progress monitoring: outcomes, false alarms, and measures where lower is better."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from datareview.analysis.decisions import (
    CHANGE,
    COLLECT,
    CONTINUE,
    DELIVER,
    RAISE,
    TOGETHER,
    Dosage,
    PlanRule,
    judge_plan,
    summary_of,
)
from datareview.analysis.goals import GoalLine
from datareview.analysis.trends import fit_trends

pytestmark = pytest.mark.kernel

LINE = GoalLine(0, 60.0, 84, 84.0)  # two words a week for twelve weeks
ENOUGH = Dosage(planned=20, held=18, not_held=2)
WEEKLY = np.arange(1, 11) * 7


def judge(values, days=WEEKLY, line=LINE, dosage=ENOUGH, since=0, **options):
    return judge_plan(np.asarray(days), np.asarray(values, float), line, dosage, since=since, **options)


def rule(verdict, name):
    return next(one for one in verdict.rules if one.name == name)


def test_growth_under_the_line_asks_for_a_change_and_over_it_to_raise_the_goal():
    noise = np.tile([0.3, -0.3], 5)
    assert judge(60 + 0.2 * WEEKLY / 7 + noise).says == CHANGE
    assert judge(62 + 4.0 * WEEKLY / 7 + noise).says == RAISE
    assert judge(60 + 2.0 * WEEKLY / 7 + noise).says == CONTINUE


def test_mirrored_where_lower_is_better():
    line = GoalLine(0, 20.0, 84, 8.0)
    noise = np.tile([0.1, -0.1], 5)
    assert judge(20 - 0.1 * WEEKLY / 7 + noise, line=line, higher_is_better=False).says == CHANGE
    assert judge(19 - 2.0 * WEEKLY / 7 + noise, line=line, higher_is_better=False).says == RAISE


def test_under_six_points_or_six_weeks_it_only_collects():
    assert judge([60, 61, 62, 63, 64], days=WEEKLY[:5]).says == COLLECT
    assert judge([60, 61, 62, 63, 64, 65], days=np.arange(1, 7) * 6).says == COLLECT
    assert judge([60, 61, 62, 63, 64, 65], days=WEEKLY[:6]).rules != ()


def test_a_plan_not_delivered_cannot_be_judged_but_shows_its_arithmetic():
    verdict = judge(60 + 0 * WEEKLY + np.tile([1, -1], 5), dosage=Dosage(planned=20, held=15, not_held=5))
    assert (verdict.says, len(verdict.rules)) == (DELIVER, 3)


@pytest.mark.parametrize(
    ("dosage", "enough"),
    [
        (Dosage(20, 16, 4), True),
        (Dosage(20, 15, 5), False),
        (Dosage(20, 16, 0), True),
        (Dosage(10, 8, 0), True),
        (Dosage(0, 0, 0), True),
    ],
)
def test_the_dosage_gate_is_at_eighty_percent(dosage, enough):
    assert dosage.is_enough is enough
    assert dosage.not_logged == max(dosage.planned - dosage.held - dosage.not_held, 0)


def test_rules_never_reach_across_a_phase_line():
    values = np.concatenate([np.full(5, 60.0), LINE.at(WEEKLY[5:]) + 1])
    assert judge(values, since=40).says == COLLECT
    assert judge(values, since=40).n == 5


def test_a_point_on_the_line_is_neither_above_nor_below():
    values = LINE.at(WEEKLY)
    figures = rule(judge(values), "four-point").figures
    assert (figures["below"], figures["above"]) == (0, 0)


def test_false_alarms_when_growth_is_on_goal_are_one_in_sixteen_and_one_in_twenty():
    rng = np.random.default_rng(4)
    verdicts = [judge(LINE.at(WEEKLY) + rng.normal(0, 8, len(WEEKLY))) for _run in range(500)]
    four = np.mean([rule(verdict, "four-point").says == CHANGE for verdict in verdicts])
    trend = np.mean([rule(verdict, "trend").says == CHANGE for verdict in verdicts])
    assert four == pytest.approx(1 / 16, abs=0.03)
    assert trend == pytest.approx(0.05, abs=0.03)


def test_infinite_and_missing_scores_are_left_out():
    values = 60 + 0.2 * WEEKLY / 7 + np.tile([0.3, -0.3], 5)
    days = np.append(WEEKLY, [71, 72])
    assert judge(np.append(values, [np.inf, np.nan]), days=days) == judge(values)


def test_scores_that_never_move_are_judged_without_an_error():
    assert rule(judge(np.full(10, 60.0)), "trend").says == CHANGE
    falling = GoalLine(0, 60.0, 84, 40.0)
    assert rule(judge(np.full(10, 60.0), line=falling, higher_is_better=False), "trend").says == CHANGE


def test_the_three_point_rule_asks_sooner_for_a_change_and_later_for_a_higher_goal():
    on = LINE.at(WEEKLY)
    low = on + np.array([1, 1, 1, 1, 1, 1, 1, -1, -1, -1])
    assert rule(judge(low, runs=(3, 6)), "three-point").says == CHANGE
    assert rule(judge(low), "four-point").says == CONTINUE
    high = on + np.array([-1, -1, -1, -1, -1, 1, 1, 1, 1, 1])
    assert rule(judge(high, runs=(3, 6)), "three-point").says == CONTINUE
    assert rule(judge(high), "four-point").says == RAISE


@pytest.mark.parametrize(
    ("trend", "run", "median", "says"),
    [
        (CHANGE, CHANGE, CHANGE, CHANGE),
        (CHANGE, CONTINUE, CHANGE, CHANGE),
        (CHANGE, CONTINUE, CONTINUE, TOGETHER),
        (CHANGE, RAISE, CONTINUE, TOGETHER),
        (RAISE, RAISE, CONTINUE, RAISE),
        (RAISE, CONTINUE, CONTINUE, RAISE),
        (RAISE, CONTINUE, CHANGE, TOGETHER),
        (CONTINUE, CHANGE, CHANGE, TOGETHER),
        (CONTINUE, CHANGE, CONTINUE, TOGETHER),
        (CONTINUE, RAISE, CONTINUE, TOGETHER),
        (CONTINUE, CONTINUE, CHANGE, CONTINUE),
        (CONTINUE, CONTINUE, CONTINUE, CONTINUE),
    ],
)
def test_people_look_together_where_rules_contradict_one_another(trend, run, median, says):
    rules = (PlanRule("trend", trend), PlanRule("four-point", run), PlanRule("median", median))
    assert summary_of(rules) == says


def share_of_alarms(points, first=4):
    """Exact share of plans with four scores in a row below the line at some check from the ``first`` score on.

    Each score is above or below at even odds.
    """
    below, alarms = (
        np.array([1.0, 0, 0, 0, 0]),
        0.0,
    )  # probability of each number in a row below now; of four or more
    for point in range(1, points + 1):
        below = np.array([below.sum(), *below[:3], below[3] + below[4]]) / 2
        if point >= first:
            alarms, below[4] = alarms + below[4], 0.0
    return alarms


@pytest.mark.parametrize(
    ("points", "first", "share"),
    [(4, 4, 0.0625), (10, 4, 0.245), (20, 4, 0.478), (8, 6, 0.125), (12, 6, 0.245), (20, 6, 0.438)],
)
def test_checking_for_four_in_a_row_more_often_raises_more_false_alarms(points, first, share):
    assert share_of_alarms(points, first) == pytest.approx(share, abs=5e-4)


@pytest.mark.parametrize("weeks", [8, 12, 20])
def test_the_trend_is_wrong_in_one_of_twenty_whatever_the_weeks(weeks):
    rng = np.random.default_rng(weeks)
    days = np.tile(7 * np.arange(1, weeks + 1), 8000)
    values = LINE.at(days) + rng.normal(0, 8, len(days))
    table = pd.DataFrame({"series": np.repeat(np.arange(8000), weeks), "day": days, "value": values})
    fits = fit_trends(table, level=0.90)
    assert (fits["slope_high"] < LINE.slope).mean() == pytest.approx(0.05, abs=0.008)


def test_scores_on_the_line_on_paper_are_on_it_despite_rounding():
    """Tenths that are on the line on paper; as floats some are slightly above or below."""
    for start in range(20, 90, 7):
        for tenths in range(1, 8):
            line = GoalLine(738000, start, 738084, start + 12 * tenths / 10)
            typed = [round(start + tenths * week / 10, 1) for week in range(1, 11)]
            verdict = judge(typed, days=738000 + WEEKLY, line=line, since=738000)
            assert [rule(verdict, name).says for name in ("trend", "four-point")] == [CONTINUE, CONTINUE]
            assert verdict.says == CONTINUE
            assert rule(verdict, "four-point").figures == {"below": 0, "above": 0}


def test_several_scores_of_a_day_are_one_point():
    days = np.repeat(WEEKLY[:5], 2)
    assert judge(60 + days / 7, days=days).n == 5
    assert judge(60 + days / 7, days=days).says == COLLECT
    assert judge([], days=[]).says == COLLECT
