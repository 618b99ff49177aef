"""Backtests of forecasts on held-out scores."""

import numpy as np
import pandas as pd
import pytest

from datareview.analysis.forecasts import compare_forecasts, forecast_scores
from tests.datareview.analysis.samples import hard_and_easy, simulated

pytestmark = pytest.mark.kernel


def frame(rows):
    return pd.DataFrame(rows, columns=["series", "group", "day", "value"])


def test_each_simple_method_is_what_its_name_says():
    known = frame([("a", 0, 1, 10.0), ("a", 0, 8, 20.0), ("b", 0, 1, 40.0)])
    out = forecast_scores(known, pd.DataFrame({"series": ["a", "b", "c"], "day": [15, 15, 15]}))
    assert out["last"].tolist()[:2] == [20.0, 40.0]
    assert out["student_mean"].tolist()[:2] == [15.0, 40.0]
    assert out["group_mean"].tolist()[:2] == pytest.approx([70 / 3, 70 / 3])
    assert out.loc[2].isna().all()
    assert out[["own_trend", "pooled"]].isna().all(axis=None)


def test_a_students_own_line_needs_six_scores_and_stays_on_the_scale():
    known = frame([("a", 0, 7 * week, 10.0 * week) for week in range(6)])
    target = pd.DataFrame({"series": ["a"], "day": [70]})
    assert forecast_scores(known, target)["own_trend"].tolist() == pytest.approx([100.0])
    assert forecast_scores(known, target, scale=(0, 80))["own_trend"].tolist() == [80.0]
    assert forecast_scores(known.head(5), target)["own_trend"].isna().all()


def test_where_students_grow_pooled_beats_the_last_score_and_the_means():
    known, coming = simulated(weeks=10)
    result = compare_forecasts(pd.concat([known, coming]))
    assert (result.status, result.best, result.is_shown) == ("ok", "pooled", True)
    mae = result.table["mae"]
    assert mae["pooled"] < 0.85 * mae["last"]
    assert result.table.loc["pooled", "coverage"] == pytest.approx(0.80, abs=0.03)


def test_a_random_walk_is_forecast_best_by_its_last_score_and_nothing_is_shown():
    rng = np.random.default_rng(2)
    steps = 50 + rng.normal(0, 10, (120, 12)).cumsum(axis=1)
    rows = [(s, 0, 7 * w, steps[s, w]) for s in range(120) for w in range(12)]
    result = compare_forecasts(frame(rows))
    assert (result.best, result.is_shown) == ("last", False)


def test_no_later_score_reaches_a_forecast():
    known, coming = simulated(weeks=6)
    everything = pd.concat([known, coming])
    changed = everything.assign(
        value=everything["value"].where(everything["day"] < coming["day"].iloc[0], 999.0)
    )
    target = coming[["series", "day"]]
    past = everything[everything["day"] < coming["day"].iloc[0]]
    past_changed = changed[changed["day"] < coming["day"].iloc[0]]
    assert forecast_scores(past, target).equals(forecast_scores(past_changed, target))


def test_too_few_held_out_scores_are_a_status():
    assert compare_forecasts(frame([])).status == "insufficient_data"
    assert compare_forecasts(frame([("a", 0, 1, 10.0)])).status == "insufficient_data"
    known, _coming = simulated(students=40, weeks=2)
    assert compare_forecasts(known).status == "insufficient_data"


def test_the_comparison_does_not_depend_on_order_or_unit():
    known, _coming = simulated(students=80)
    plain = compare_forecasts(known).table
    moved = compare_forecasts(
        known.sample(frac=1, random_state=1).assign(value=lambda rows: 2 * rows["value"] + 3)
    )
    assert moved.table["mae"].to_numpy() == pytest.approx(2 * plain["mae"].to_numpy(), nan_ok=True)
    assert moved.table["coverage"].to_numpy() == pytest.approx(plain["coverage"].to_numpy(), nan_ok=True)


def test_a_held_out_score_counts_once():
    known, _coming = simulated(students=100, weeks=8)
    assert compare_forecasts(known).n <= len(known)
    daily = known.assign(day=known["day"] + known["series"] % 7)
    assert compare_forecasts(daily).n <= len(daily)


def marks_of_a_course(seed, students=400, tests=8):
    """Hard and easy tests; one mark in a hundred is 0; weaker students drop out sooner."""
    rng = np.random.default_rng(seed)
    ability = rng.normal(0, 10, (students, 1))
    marks = np.clip(72 + ability + rng.normal(0, 4, tests) + 7 * rng.standard_t(4, (students, tests)), 0, 100)
    marks[rng.random((students, tests)) < 0.01] = 0.0
    here = rng.random((students, tests)).cumsum(axis=1) < 12 + ability / 5
    return frame([(s, 0, 30 * k, marks[s, k]) for s in range(students) for k in range(tests) if here[s, k]])


@pytest.mark.sweep
@pytest.mark.parametrize(("level", "tolerance"), [(0.80, 0.04), (0.95, 0.03)])
def test_intervals_cover_later_tests_of_a_course_with_zeros(level, tolerance):
    made = [compare_forecasts(marks_of_a_course(seed), level=level, scale=(0, 100)) for seed in range(10, 20)]
    assert {one.best for one in made} == {"pooled"}
    covered = np.mean([one.table.loc["pooled", "coverage"] for one in made])
    assert covered == pytest.approx(level, abs=tolerance)


def test_occasions_identify_tests_that_days_do_not():
    known, keep = hard_and_easy()
    named = compare_forecasts(known[keep])
    blind = compare_forecasts(known[keep].drop(columns="occasion"))
    assert named.table.loc["pooled", "mae"] < 0.9 * blind.table.loc["pooled", "mae"]
    assert named.table["mae"]["last"] == blind.table["mae"]["last"]
