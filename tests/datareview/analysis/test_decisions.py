"""Rules of progress monitoring: their outcomes, their false alarms, their mirror."""

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
    Rule,
    dual_discrepancy,
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
    verdicts = [judge(LINE.at(WEEKLY) + rng.normal(0, 8, len(WEEKLY))) for _run in range(1_500)]
    four = np.mean([rule(verdict, "four-point").says == CHANGE for verdict in verdicts])
    trend = np.mean([rule(verdict, "trend").says == CHANGE for verdict in verdicts])
    assert four == pytest.approx(1 / 16, abs=0.02)
    assert trend == pytest.approx(0.05, abs=0.02)


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
    rules = (Rule("trend", trend), Rule("four-point", run), Rule("median", median))
    assert summary_of(rules) == says


def test_four_below_in_any_of_ten_fair_points_is_245_of_a_thousand_and_in_twenty_478():
    """Exact, by counting: fair points lie above or below at even odds; a run of four below somewhere."""

    def share(n):
        runs = np.zeros(5)
        runs[0] = 1.0  # by how many in a row were below so far; 4 keeps what it has
        for _point in range(n):
            runs = np.array([runs[:4].sum() / 2, *(runs[:3] / 2), runs[4] + runs[3] / 2])
        return runs[4]

    assert share(4) == 1 / 16
    assert share(10) == pytest.approx(0.245, abs=5e-4)
    assert share(20) == pytest.approx(0.478, abs=5e-4)


def peers(n=25, seed=1):
    rng = np.random.default_rng(seed)
    rows = [
        (s, 7 * w, 80 + 2.0 * s + (1 + 0.02 * s) * w + rng.normal(0, 0.5)) for s in range(n) for w in range(8)
    ]
    return fit_trends(pd.DataFrame(rows, columns=["series", "day", "value"]))


def test_dual_discrepancy_compares_level_and_growth_with_peers_without_oneself():
    fits = peers()
    group = pd.Series("4", index=fits.index)
    out = dual_discrepancy(fits, group)
    others = fits.drop(index=3)
    for gap, column in (("level_gap", "level"), ("slope_gap", "slope")):
        expected = (fits.loc[3, column] - others[column].mean()) / others[column].std(ddof=1)
        assert out.loc[3, gap] == pytest.approx(expected)
    assert out["is_discrepant"].equals((out["level_gap"] <= -1) & (out["slope_gap"] <= -1))
    assert out["peers"].unique().tolist() == [24]


def test_dual_discrepancy_by_percentile_and_mirrored():
    fits = peers()
    group = pd.Series("4", index=fits.index)
    low = dual_discrepancy(fits, group, percentile=25)["is_discrepant"]
    ranks = fits[["level", "slope"]].rank() - 1
    assert low.equals((ranks <= 0.25 * 24).all(axis=1))
    high = dual_discrepancy(fits, group, higher_is_better=False)
    assert high["level_gap"].to_numpy() == pytest.approx(
        -dual_discrepancy(fits, group)["level_gap"].to_numpy()
    )


def test_under_twenty_peers_or_without_a_slope_nobody_is_discrepant():
    fits = peers(20)
    assert set(dual_discrepancy(fits, pd.Series("4", index=fits.index))["status"]) == {"insufficient_data"}
    fits = peers(22)
    fits.loc[0, "status"] = "insufficient_data"
    out = dual_discrepancy(fits, pd.Series("4", index=fits.index))
    assert (out.loc[0, "status"], out.loc[1, "status"], out.loc[1, "peers"]) == (
        "insufficient_data",
        "ok",
        20,
    )
