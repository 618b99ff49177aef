"""Rules of progress monitoring: their outcomes, their false alarms, their mirror."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from datareview.analysis.decisions import (
    CHANGE,
    COLLECT,
    CONTINUE,
    DELIVER,
    RAISE,
    Dosage,
    GoalLine,
    chance_band,
    judge_plan,
    project,
)
from datareview.analysis.levels import levels_of

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


def test_a_projection_is_the_textbook_prediction_interval():
    days, values = WEEKLY, 60 + 2 * WEEKLY / 7 + np.tile([2.0, -2.0], 5)
    found = project(days, values, LINE, now=70)
    t, n = days / 7, len(days)
    line = stats.linregress(t, values)
    expected = line.intercept + line.slope * 12
    rest = values - line.intercept - line.slope * t
    s = np.sqrt((rest**2).sum() / (n - 2))
    spread = s * np.sqrt(1 + 1 / n + (12 - t.mean()) ** 2 / ((t - t.mean()) ** 2).sum())
    assert found.value == pytest.approx(expected)
    assert found.high - found.value == pytest.approx(stats.t.ppf(0.9, n - 2) * spread)
    assert found.chance == pytest.approx(1 - stats.t.cdf((84 - expected) / spread, n - 2))


def test_no_projection_from_too_few_or_too_far_and_none_off_the_scale():
    assert project(WEEKLY[:5], np.arange(5.0), LINE, now=35).status == "insufficient_data"
    far = GoalLine(0, 60, 700, 100)
    assert project(WEEKLY, 60 + WEEKLY / 7 + np.tile([1, -1], 5), far, now=70).reason == "too far to project"
    capped = project(WEEKLY, 240 + 5 * WEEKLY / 7 + np.tile([1, -1], 5), LINE, now=70, scale=(0, 250))
    assert capped.high == 250


@pytest.mark.parametrize(
    ("chance", "band"),
    [(0.1, "unlikely"), (0.2, "less-likely"), (0.5, "uncertain"), (0.79, "rather-likely"), (0.9, "likely")],
)
def test_chances_are_said_as_bands(chance, band):
    assert chance_band(chance) == band


def test_levels_with_a_value_on_a_cut_and_mirrored():
    cuts = [np.full(5, cut) for cut in (68.0, 94.0, 125.0)]
    values = np.array([67.9, 68.0, 94.0, 125.0, np.nan])
    found = levels_of(values, *cuts, np.full(5, True))
    assert found[:4].tolist() == [1, 2, 3, 4]
    assert np.isnan(found[4])
    down = levels_of(
        np.array([10.0, 5.0, 3.0, 1.0]), *[np.full(4, c) for c in (5.0, 3.0, 1.0)], np.full(4, False)
    )
    assert down.tolist() == [1, 2, 3, 4]
