"""Decision rules of progress monitoring: outcomes, what decides, false alarms, and measures where lower is better."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from datareview.analysis.decisions import judge_plan, judge_plans
from datareview.analysis.goals import GoalLine
from datareview.analysis.planrules import CHANGE, COLLECT, CONTINUE, FLOOR, MET, PROBE, RAISE, TOGETHER
from datareview.analysis.trends import fit_trends
from datareview.analysis.verdicts import Cuts, Dosage, PlanCase

pytestmark = pytest.mark.kernel

LINE = GoalLine(0, 60.0, 84, 84.0)  # two words a week for twelve weeks
ENOUGH = Dosage(planned=20, held=18, not_held=2)
WEEKLY = np.arange(1, 11) * 7


def case_of(values, days=WEEKLY, line=LINE, dosage=ENOUGH, since=0, **options):
    return PlanCase(np.asarray(days), np.asarray(values, float), line, dosage, since, **options)


def judge(values, *args, cuts=None, runs=(4, 4), **options):
    return judge_plan(case_of(values, *args, **options), cuts=cuts, runs=runs)


@pytest.mark.sweep
def test_many_plans_are_judged_as_each_alone():
    rng = np.random.default_rng(2)
    cases = []
    for n in range(40):
        days = np.sort(rng.integers(0, 120, rng.integers(0, 25)))
        values = np.round(60 + rng.normal(0.2, 0.2) * days + rng.normal(0, 4, len(days)))
        up = bool(n % 3)
        line = GoalLine(0, 60.0, 84, 84.0 if up else 40.0)
        options = {"since": 50 * (n % 2), "start": 0, "now": 125, "unseen": n, "higher_is_better": up}
        cases.append(case_of(values, days, line, scale=(0, 80) if n % 5 else None, **options))
    assert judge_plans(cases) == [judge_plan(one) for one in cases]
    assert {one.says for one in judge_plans(cases)} >= {CHANGE, PROBE, COLLECT, MET}
    assert judge_plans([]) == []


def rule(verdict, name):
    return next(one for one in verdict.rules if one.name == name)


def test_growth_under_the_line_asks_for_a_change_and_over_it_to_raise_the_goal():
    noise = np.array([0.3, -0.3, -0.3, 0.3, 0.3, -0.3, -0.3, 0.3, 0.3, -0.3])
    assert judge(60 + 0.2 * WEEKLY / 7 + noise).says == CHANGE
    assert judge(62 + 2.1 * WEEKLY / 7 + noise).says == RAISE
    assert judge(60 + 2.0 * WEEKLY / 7 + noise).says == CONTINUE


def test_mirrored_where_lower_is_better():
    line = GoalLine(0, 20.0, 84, 8.0)
    noise = np.tile([0.1, -0.1], 5)
    assert judge(20 - 0.1 * WEEKLY / 7 + noise, line=line, higher_is_better=False).says == CHANGE
    assert judge(19 - 1.05 * WEEKLY / 7 + noise, line=line, higher_is_better=False).says == RAISE


def test_under_six_points_or_six_weeks_it_only_collects():
    assert judge([60, 61, 62, 63, 64], days=WEEKLY[:5]).says == COLLECT
    assert judge([60, 61, 62, 63, 64, 65], days=np.arange(1, 7) * 6).says == COLLECT
    assert judge([60, 61, 62, 63, 64, 65], days=WEEKLY[:6]).rules != ()


def test_what_was_not_delivered_does_not_hide_what_the_scores_say():
    low = Dosage(planned=20, held=15, not_held=5)
    verdict = judge(60 + 0 * WEEKLY + np.tile([1, -1], 5), dosage=low)
    assert (verdict.says, verdict.dosage.state, len(verdict.rules)) == (CHANGE, "low", 3)


@pytest.mark.parametrize(
    ("dosage", "not_logged", "state"),
    [
        (Dosage(20, 16, 4), 0, "enough"),
        (Dosage(20, 15, 5), 0, "low"),
        (Dosage(20, 16, 0), 4, "enough"),
        (Dosage(20, 15, 4), 1, "unlogged"),  # the one decides: 16 of 20 would be enough
        (Dosage(20, 14, 5), 1, "low"),  # even 15 of 20 would not be
        (Dosage(20, 0, 0), 20, "unlogged"),
        (Dosage(20, 15, 5, extra=1), 0, "enough"),  # made up on another day
        (Dosage(20, 14, 6, extra=1), 0, "low"),
        (Dosage(0, 0, 0), 0, "enough"),
    ],
)
def test_delivery_is_enough_from_eighty_percent_and_what_is_not_logged_is_not_known(
    dosage, not_logged, state
):
    assert (dosage.not_logged, dosage.state) == (not_logged, state)


def test_rules_never_reach_across_a_phase_line():
    values = np.concatenate([np.full(5, 60.0), LINE.at(WEEKLY[5:]) + 1])
    assert judge(values, since=40).says == COLLECT
    assert judge(values, since=40).n == 5


def test_a_point_on_the_line_is_neither_above_nor_below():
    values = LINE.at(WEEKLY)
    figures = rule(judge(values), "four-point").figures
    assert (figures["below"], figures["above"]) == (0, 0)


@pytest.mark.sweep
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


def test_after_a_change_the_whole_plan_is_judged_too():
    """Any change begins the count again; without the whole, fifteen weeks of standing still would be never judged."""
    values = 60 + np.tile([0.3, -0.3, 0.1, -0.1, 0.2], 3)
    days = np.arange(1, 16) * 7
    verdict = judge(values, days=days, line=GoalLine(0, 60.0, 140, 100.0), since=80, start=0)
    assert (verdict.says, verdict.n, verdict.rules) == (COLLECT, 4, ())
    assert (verdict.whole.says, verdict.whole.n, verdict.whole.whole) == (CHANGE, 15, None)
    assert judge(values, days=days, since=0, start=0).whole is None


@pytest.mark.parametrize("since", [0, 80])
def test_scores_at_the_end_of_the_scale_cannot_show_growth(since):
    zeros, days = np.zeros(15), np.arange(1, 16) * 7
    line = GoalLine(0, 0.0, 140, 20.0)
    assert judge(zeros, days=days, line=line, since=since, start=0, scale=(0, 100)).says == FLOOR
    assert judge([*zeros[:11], 0, 1, 0, 0], days=days, line=line, scale=(0, 100)).says != FLOOR
    assert judge(zeros[:3], days=days[:3], line=line, scale=(0, 100)).says == COLLECT
    top = judge(np.full(15, 100.0), days=days, line=line, scale=(0, 100))
    assert top.says == MET
    worst = GoalLine(0, 10.0, 140, 2.0)
    mirrored = judge(np.full(15, 10.0), days=days, line=worst, scale=(0, 10), higher_is_better=False)
    assert mirrored.says == FLOOR


def test_a_goal_reached_on_its_day_and_held_for_ten_weeks_is_met():
    """The line ends at the goal: holding it asks for no more growth."""
    days = np.arange(1, 23) * 7
    values = np.minimum(LINE.at(days), 84.0) + np.tile([0.5, 0.0], 11)
    verdict = judge(values, days=days)
    assert (verdict.says, rule(verdict, "trend").says) == (MET, CONTINUE)
    assert LINE.at(np.array([84, 85, 400])).tolist() == [84.0, 84.0, 84.0]


def test_three_scores_in_a_row_at_the_goal_meet_it_and_two_do_not():
    days = WEEKLY[:8]
    on = LINE.at(days)
    assert judge([*on[:5], 84, 84, 84], days=days).says == MET
    assert judge([*on[:5], 84, 83.9, 84], days=days).says != MET
    assert judge([90, 90, 90], days=days[:3]).says == MET
    assert (
        judge([8, 8, 8], days=days[:3], line=GoalLine(0, 20.0, 84, 8.0), higher_is_better=False).says == MET
    )


@pytest.mark.parametrize(("unseen", "says"), [(14, CONTINUE), (15, PROBE)])
def test_scores_that_are_late_are_said_first(unseen, says):
    good = LINE.at(WEEKLY) + np.tile([1.5, -1.0], 5)
    assert judge(good, unseen=unseen).says == says
    assert judge([], days=[], unseen=15).says == PROBE
    bad = judge(60 + 0.2 * WEEKLY / 7 + np.tile([0.3, -0.3], 5), unseen=40)
    assert (bad.says, bad.unseen) == (CHANGE, 40)


def test_the_chance_to_reach_the_goal_decides():
    """Never "on track" beside "unlikely": an interval that merely holds the needed slope is not enough."""
    noise = np.array([4, -4, 3, -3, 4, -4, 3, -3, 4, -4.0])
    verdict = judge(58 + 1.8 * WEEKLY / 7 + noise)
    assert rule(verdict, "trend").says == CONTINUE
    assert verdict.chance == pytest.approx(0.1426, abs=5e-5)
    assert verdict.says == CHANGE
    assert [one.name for one in verdict.dissent if one.says == CONTINUE] == ["trend", "four-point"]


@pytest.mark.parametrize(
    ("cuts", "says"),
    [
        (Cuts(change=0.10, together=0.23, higher=0.9), CONTINUE),
        (Cuts(change=0.20, together=0.40, higher=0.9), TOGETHER),
        (Cuts(change=0.24, together=0.40, higher=0.9), CHANGE),
        (Cuts(change=0.10, together=0.20, higher=0.23), RAISE),
    ],
)
def test_a_school_may_set_the_chances_that_decide(cuts, says):
    noise = np.array([4, -4, 3, -3, 4, -4, 3, -3, 4, -4.0])
    verdict = judge(60 + 1.8 * WEEKLY / 7 + noise, cuts=cuts)
    assert verdict.chance == pytest.approx(0.2369, abs=5e-5)
    assert verdict.says == says


def test_the_chance_is_that_of_a_new_score_by_hand():
    """y = 60, 63, 61, 66, 64, 69 in weeks 1 to 6 against a line to 72 in week 12, judged in week 6.

    Slope 53/35, mean 383/6, s² = 4.4857 on 4 degrees of freedom. The scores reach five weeks back, so the chance is
    that of week 11: expected 75.19 against 71, standard error 3.61.
    """
    verdict = judge([60, 63, 61, 66, 64, 69], days=WEEKLY[:6], line=GoalLine(0, 60.0, 84, 72.0))
    t = np.arange(1, 7)
    y = np.array([60, 63, 61, 66, 64, 69.0])
    slope = ((t - 3.5) * y).sum() / 17.5
    expected = y.mean() + slope * 7.5
    s2 = ((y - y.mean() - slope * (t - 3.5)) ** 2).sum() / 4
    error = np.sqrt(s2 * (1 + 1 / 6 + 7.5**2 / 17.5))
    assert verdict.chance_day == 77
    assert verdict.chance == pytest.approx(stats.t.sf((71 - expected) / error, 4), abs=1e-12)


def test_scores_exactly_on_a_line_reach_the_goal_or_do_not():
    assert (judge(LINE.at(WEEKLY)).chance, judge(LINE.at(WEEKLY) - WEEKLY / 70).chance) == (1.0, 0.0)


def test_past_the_goals_day_the_chance_is_that_of_today():
    days = np.arange(1, 17) * 7
    values = LINE.at(days) - 4 + np.tile([0.5, -0.5], 8)
    verdict = judge(values, days=days, now=118)
    assert (verdict.chance_day, verdict.says) == (118, CHANGE)


@pytest.mark.sweep
def test_where_growth_is_half_of_what_is_needed_most_are_found():
    """At ten weekly scores with an error of 5 around a line that grows at half the rate."""
    rng = np.random.default_rng(9)
    half = 60 + WEEKLY / 7
    found = np.mean([judge(half + rng.normal(0, 5, 10)).says == CHANGE for _run in range(400)])
    on = np.mean([judge(LINE.at(WEEKLY) + rng.normal(0, 5, 10)).says == CHANGE for _run in range(400)])
    assert found > 0.85
    assert on < 0.12


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
    line = GoalLine(0, 60.0, 7 * weeks, 60.0 + 2 * weeks)
    rng = np.random.default_rng(weeks)
    days = np.tile(7 * np.arange(1, weeks + 1), 8000)
    values = line.at(days) + rng.normal(0, 8, len(days))
    table = pd.DataFrame({"series": np.repeat(np.arange(8000), weeks), "day": days, "value": values})
    fits = fit_trends(table, level=0.90)
    assert (fits["slope_high"] < line.slope).mean() == pytest.approx(0.05, abs=0.008)


def test_scores_on_the_line_on_paper_are_on_it_despite_rounding():
    """Tenths that are on the line on paper; as floats some are slightly above or below."""
    for start in range(20, 90, 7):
        for tenths in range(1, 8):
            line = GoalLine(738000, start, 738084, start + 12 * tenths / 10)
            typed = [round(start + tenths * week / 10, 1) for week in range(1, 11)]
            verdict = judge(typed, days=738000 + WEEKLY, line=line, since=738000)
            assert [rule(verdict, name).says for name in ("trend", "four-point")] == [CONTINUE, CONTINUE]
            assert verdict.chance == 1.0
            assert rule(verdict, "four-point").figures == {"below": 0, "above": 0}


def test_several_scores_of_a_day_are_one_point():
    days = np.repeat(WEEKLY[:5], 2)
    assert judge(60 + days / 7, days=days).n == 5
    assert judge(60 + days / 7, days=days).says == COLLECT
    assert judge([], days=[]).says == COLLECT
