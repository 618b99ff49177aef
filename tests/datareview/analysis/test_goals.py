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
def test_chances_have_bands(chance, band):
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


def test_many_values_far_from_zero_may_still_lie_exactly_on_a_line():
    exact = project(WEEKLY, 1e6 + WEEKLY / 7 / 3, GoalLine(0, 1e6, 84, 1e6 + 9), now=70)
    assert exact.status == "undefined_zero_variance"


def test_a_goal_already_met_is_marked():
    """By hand: the line is at 69 on day 63; goals of 69 and below are met, and mirrored those above."""
    values = 60 + np.arange(10) + np.array([0.5, -0.5, -0.5, 0.5, 0, 0, 0.5, -0.5, -0.5, 0.5])
    fits = fit_trends(pd.DataFrame({"series": 0, "day": 7 * np.arange(10), "value": values}))
    assert fits.loc[0, ["level", "slope"]].tolist() == pytest.approx([69.0, 1.0])
    made = {goal: project_goals(fits, goals(fits, goal=goal), now=63).iloc[0] for goal in (66.0, 72.0)}
    assert [row["is_met"] for row in made.values()] == [True, False]
    assert [row["needed"] for row in made.values()] == pytest.approx([-0.5, 0.5])
    low = project_goals(fits, goals(fits, goal=72.0, higher_is_better=False), now=63).iloc[0]
    assert (low["is_met"], low["needed"]) == (True, pytest.approx(0.5))
    assert made[66.0]["chance"] > 0.99


def test_without_a_goal_or_a_trend_there_is_a_status():
    fits = many(3)
    table = goals(fits)
    table["goal"] = [75.0, np.nan, 75.0]
    table["goal_day"] = [105, 105, np.nan]
    out = project_goals(fits, table, now=63)
    assert out["reason"].tolist() == ["", "no goal", "no goal"]
    assert out.loc[[1, 2], ["value", "chance", "needed"]].isna().all(axis=None)
    strangers = project_goals(fits, goals(fits).rename(index=lambda key: key + 100), now=63)
    assert set(strangers["status"]) == {"insufficient_data"}
    assert project_goals(fits.head(0), goals(fits).head(0), now=63).empty


def test_a_missing_bound_of_the_scale_is_no_bound():
    fits = many(2)
    free = project_goals(fits, goals(fits), now=63)
    half = project_goals(fits, goals(fits, scale_min=0.0, scale_max=np.nan), now=63)
    pd.testing.assert_frame_equal(free, half)


@pytest.mark.parametrize("level", [0.80, 0.95])
def test_intervals_cover_new_scores_whatever_the_length_of_the_series(level):
    rng = np.random.default_rng(14)
    for weeks in (6, 10):
        days = np.tile(7 * np.arange(weeks), 3000)
        values = 60 + days / 7 + rng.normal(0, 6, len(days))
        fits = fit_trends(
            pd.DataFrame({"series": np.repeat(np.arange(3000), weeks), "day": days, "value": values})
        )
        goal_day = 7 * (weeks + 3)
        out = project_goals(fits, goals(fits, goal_day=goal_day), now=7 * weeks, level=level)
        new = 60 + goal_day / 7 + rng.normal(0, 6, 3000)
        covered = ((out["low"] <= new) & (new <= out["high"])).mean()
        assert covered == pytest.approx(level, abs=0.02)


def test_chances_come_true_as_often_as_they_say():
    rng = np.random.default_rng(15)
    days = np.tile(7 * np.arange(10), 4000)
    slope = np.repeat(rng.normal(1, 1, 4000), 10)
    values = 60 + slope * days / 7 + rng.normal(0, 6, len(days))
    fits = fit_trends(pd.DataFrame({"series": np.repeat(np.arange(4000), 10), "day": days, "value": values}))
    out = project_goals(fits, goals(fits), now=63)
    met = 60 + 15 * slope[::10] + rng.normal(0, 6, 4000) >= 75
    for least, most in ((0.0, 0.2), (0.2, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 1.0)):
        here = out["chance"].between(least, most)
        # Own lines are not shrunk toward the group's: chances are slightly overconfident at the ends.
        assert met[here].mean() == pytest.approx(out.loc[here, "chance"].mean(), abs=0.06)
