"""Goals: the line, the growth still needed, projections and their chances."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from datareview.analysis.goals import GoalLine, chance_band, chance_bands, project, project_goals
from datareview.analysis.trends import fit_trends

pytestmark = pytest.mark.kernel

LINE = GoalLine(0, 60.0, 84, 84.0)  # two words a week for twelve weeks
WEEKLY = np.arange(1, 11) * 7


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


def test_the_line_and_its_slope():
    assert LINE.slope == 2.0
    assert LINE.at(np.array([0, 42, 84])).tolist() == [60, 72, 84]


@pytest.mark.parametrize(
    "wrong", [(10, 60, 10, 80), (10, 60, 3, 80), (0, np.nan, 84, 80), (0, 60, 84, np.inf)]
)
def test_a_line_without_length_or_numbers_is_refused(wrong):
    with pytest.raises(ValueError, match=r"The goal's day|must be numbers"):
        GoalLine(*wrong)


def many(n=50, seed=2, slope=1.0):
    rng = np.random.default_rng(seed)
    rows = [(s, 7 * w, 60 + slope * w + rng.normal(0, 6)) for s in range(n) for w in range(10)]
    return fit_trends(pd.DataFrame(rows, columns=["series", "day", "value"]))


def goals(fits, **fields):
    return pd.DataFrame({"goal": 75.0, "goal_day": 105, **fields}, index=fits.index)


def test_many_series_are_projected_as_each_alone():
    rng = np.random.default_rng(2)
    values = 60 + np.arange(10) + rng.normal(0, 6, 10)
    fits = fit_trends(pd.DataFrame({"series": 0, "day": 7 * np.arange(10), "value": values}))
    row = project_goals(fits, goals(fits), now=63).iloc[0]
    alone = project(7 * np.arange(10), values, GoalLine(0, 60, 105, 75.0), now=63)
    assert (row["value"], row["low"], row["chance"], row["needed"]) == pytest.approx(
        (alone.value, alone.low, alone.chance, alone.needed)
    )


def test_what_is_needed_now_is_from_the_line_today_to_the_goal():
    """By hand: a line of exactly 60 + w, nine weeks on at 69; six units in six weeks."""
    values = 60 + np.arange(10) + np.array([1, -1, -1, 1, 0, 0, 1, -1, -1, 1]) * 0.0 + np.tile([0.5, -0.5], 5)
    fits = fit_trends(pd.DataFrame({"series": 0, "day": 7 * np.arange(10), "value": values}))
    row = project_goals(fits, goals(fits), now=63).iloc[0]
    today = fits.loc[0, "mean"] + fits.loc[0, "slope"] * (9 - fits.loc[0, "mean_week"])
    assert row["needed"] == pytest.approx((75 - today) / 6)


def test_the_chance_is_mirrored_and_intervals_cover_new_scores():
    fits = many(400)
    up = project_goals(fits, goals(fits), now=63)
    down = project_goals(fits, goals(fits, higher_is_better=False), now=63)
    assert down["chance"].to_numpy() == pytest.approx(1 - up["chance"].to_numpy())
    new = 60 + 15 + np.random.default_rng(9).normal(0, 6, 400)
    assert ((up["low"] <= new) & (new <= up["high"])).mean() == pytest.approx(0.80, abs=0.05)


@pytest.mark.parametrize(
    ("goal_day", "now", "status", "reason"),
    [
        (105, 63, "ok", ""),
        (63, 63, "not_calculated", "past"),
        (127, 63, "not_calculated", "too far to project"),
        (126, 63, "ok", ""),
    ],
)
def test_a_projection_reaches_as_far_ahead_as_scores_reach_back(goal_day, now, status, reason):
    fits = many(1)
    row = project_goals(fits, goals(fits, goal_day=goal_day), now=now).iloc[0]
    assert (row["status"], row["reason"]) == (status, reason)
    assert np.isfinite(row["value"]) == (status == "ok")
    assert (row["band"] != "") == (status == "ok")


def test_flat_and_exact_lines_have_no_spread_to_speak_of_chances():
    flat = project(WEEKLY, np.full(10, 60.0), LINE, now=70)
    exact = project(WEEKLY, 60.0 + WEEKLY, LINE, now=70)
    assert (flat.status, flat.value) == ("undefined_zero_variance", None)
    assert (exact.status, exact.chance) == ("undefined_zero_variance", None)


def test_bands_of_many_with_missing_ones_left_empty():
    found = chance_bands(np.array([0.1, 0.2, 0.5, np.nan, 1.0])).tolist()
    assert found == ["unlikely", "less-likely", "uncertain", "", "likely"]
