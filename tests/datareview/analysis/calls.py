"""A call of every public function of the kernel with arguments that are right, so that faults can be put into them.

Frames are small but large enough for numbers: a figure that a fault changes must be there.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from datareview.analysis.caseeffects import BaselineTrend
from datareview.analysis.disclosure import Sum
from datareview.analysis.goals import GoalLine
from datareview.analysis.rulekinds import Conditions, rule_indicators
from datareview.analysis.trends import fit_trends
from datareview.analysis.verdicts import Dosage, PlanCase

if TYPE_CHECKING:
    from collections.abc import Callable

DAY = 739_000
ATTENDANCE = {"watch": 5.0, "act": 10.0, "severe": 20.0, "margin": 1.0, "min_days": 20.0}


def _rng() -> np.random.Generator:
    return np.random.default_rng(5)


def _scores(students: int = 3, each: int = 8) -> pd.DataFrame:
    n = students * each
    value = 40 + np.tile(2.0 * np.arange(each), students) + _rng().normal(0, 3, n).round(1)
    return pd.DataFrame(
        {
            "series": np.repeat(np.arange(1, students + 1), each),
            "group": 4,
            "day": DAY + np.tile(7 * np.arange(each), students),
            "value": value,
        }
    )


@cache
def _fitted(students: int) -> pd.DataFrame:
    return fit_trends(_scores(students))


def _fits(students: int = 3) -> pd.DataFrame:
    return _fitted(students).copy()


def _targets() -> pd.DataFrame:
    return pd.DataFrame({"series": [1, 2, 3], "day": DAY + 70})


def _goals() -> pd.DataFrame:
    index = _fits().index
    return pd.DataFrame(
        {
            "goal": [60.0, 70.0, 80.0],
            "goal_day": DAY + 84,
            "higher_is_better": True,
            "scale_min": 0.0,
            "scale_max": 200.0,
        },
        index,
    )


def _points(students: int = 12, items: int = 4) -> pd.DataFrame:
    ability = _rng().normal(0, 1.5, (students, 1))
    marks = (ability + _rng().normal(0, 1, (students, items)) > 0).astype(float)
    return pd.DataFrame(marks, columns=[f"q{at}" for at in range(items)])


def _one_each(points: pd.DataFrame, value: object = 1.0) -> pd.Series:
    return pd.Series(value, points.columns)


def _ranked(n: int = 30) -> dict[str, Any]:
    score = np.linspace(0.02, 0.98, n)
    return {"score": score, "outcome": (score + _rng().normal(0, 0.3, n) > 0.5).astype(float)}


def _phases() -> dict[str, Any]:
    return {"baseline": [3.0, 5, 4, 4], "intervention": [6.0, 7, 5, 8, 9, 8]}


def _with_days() -> dict[str, Any]:
    return _phases() | {"days": ([DAY, DAY + 7, DAY + 14, DAY + 21], [DAY + 28 + 7 * at for at in range(6)])}


def _gained() -> dict[str, np.ndarray]:
    return {"before": np.array([4.0, 6, 5, 7, 3, 8]), "after": np.array([6.0, 7, 9, 8, 5, 9])}


def _case() -> PlanCase:
    scores = _scores(1, 10)
    line = GoalLine(DAY, 40.0, DAY + 140, 80.0)
    return PlanCase(scores["day"].to_numpy(), scores["value"].to_numpy(), line, Dosage(20, 18, 2), DAY)


def _students() -> pd.DataFrame:
    return pd.DataFrame({"absent": [4.0, 40], "enrolled": [200.0, 200], "days": [100, 100]}, index=[1, 2])


def _counts() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "district": [1, 1, 2, 2],
            "group": ["a", "b", "a", "b"],
            "year": [2030, 2030, 2030, 2030],
            "cases": [20, 40, 12, 50],
            "n": [100, 400, 90, 300],
        }
    )


def _absent() -> dict[dt.date, bool]:
    """Ten weeks in which every Monday was missed."""
    days = [dt.date.fromordinal(DAY + at) for at in range(70)]
    return {day: day.weekday() == 0 for day in days if day.weekday() < 5}


def _cells() -> dict[str, Any]:
    return {"cells": {"a": 4, "b": 16, "c": 20, "all": 40}, "sums": [Sum(("a", "b", "c"), "all")]}


def _conditions() -> Conditions:
    return Conditions(rule_indicators("attendance", ATTENDANCE))


CALLS: dict[str, Callable[[], dict[str, Any]]] = {
    "fit_trends": lambda: {"scores": _scores().drop(columns="group"), "level": 0.9},
    "baseline": lambda: {"days": DAY + np.array([0, 3, 7]), "values": np.array([3.0, 5, 9])},
    "pool_slopes": lambda: {"fits": _fits(40), "group": pd.Series(4, _fits(40).index), "level": 0.9},
    "growth_chances": lambda: {
        "fits": _fits(16),
        "lines": pd.DataFrame({"below": 2.0}, _fits(16).index),
        "correlation": 0.2,
        "level": 0.9,
    },
    "error_correlation": lambda: {"scores": _scores().drop(columns="group")},
    "flag_by_chance": lambda: {"chance": np.array([0.99, 0.9, 0.4]), "least": 0.8, "wrong": 0.1},
    "project_pooled": lambda: {
        "scores": _scores(40, 3),
        "targets": _targets(),
        "level": 0.8,
        "factor": 1.2,
        "scale": (0.0, 200.0),
    },
    "conformal_factor": lambda: {
        "observed": _rng().normal(0, 1, 60),
        "expected": np.zeros(60),
        "sd": np.ones(60),
        "level": 0.8,
    },
    "usual_factor": lambda: {"level": 0.9},
    "project_goals": lambda: {"fits": _fits(), "goals": _goals(), "now": DAY + 56, "level": 0.8},
    "project": lambda: {
        "days": _scores(1)["day"].to_numpy(),
        "values": _scores(1)["value"].to_numpy(),
        "line": GoalLine(DAY, 40.0, DAY + 84, 60.0),
        "now": DAY + 50,
        "higher_is_better": True,
        "scale": (0.0, 200.0),
        "level": 0.8,
    },
    "chance_band": lambda: {"chance": 0.3},
    "judge_plans": lambda: {"cases": [_case()]},
    "judge_plan": lambda: {"case": _case()},
    "level_kept": lambda: {
        "before": [50.0, 52, 51],
        "since": [49.0, 50],
        "baseline": 30.0,
        "goal": 50.0,
        "sem": 2.0,
        "higher_is_better": True,
    },
    "forecast_scores": lambda: {
        "scores": _scores(),
        "targets": _targets(),
        "level": 0.8,
        "factor": 1.2,
        "scale": (0.0, 200.0),
    },
    "compare_forecasts": lambda: {"scores": _scores(10, 5), "level": 0.8, "ahead": 1, "scale": (0.0, 200.0)},
    "levels_of": lambda: {
        "value": np.array([10.0, 20, 30]),
        "cuts": {2: np.full(3, 15.0), 3: np.full(3, 20.0), 4: np.full(3, 28.0)},
        "higher_is_better": np.array([True, True, True]),
    },
    "percentiles_of": lambda: {"value": pd.Series([1.0, 2, 3, 4]), "group": pd.Series([1, 1, 2, 2])},
    "norm_growth": lambda: {"grade": 2, "percentile": 50},
    "sem_of": lambda: {"sd": np.array([10.0, 12]), "reliability": 0.9},
    "change_index": lambda: {**_gained(), "sem": 1.0},
    "reliable_change": lambda: {**_gained(), "sem": 1.0, "level": 0.9},
    "true_score": lambda: {"score": np.array([90.0, 110]), "mean": 100.0, "sd": 15.0, "reliability": 0.9},
    "expected_retest": lambda: {
        "score": np.array([90.0, 110]),
        "mean": 100.0,
        "correlation": 0.8,
        "mean_after": 104.0,
    },
    "is_near_cut": lambda: {"score": np.array([90.0, 110]), "cut": 92.0, "sem": 3.0},
    "cut_band": lambda: {"cut": np.array([90.0, 110]), "sem": 3.0},
    "is_too_noisy": lambda: {"see": np.array([10.0, 20]), "limit": 15.0},
    "selected_gain": lambda: {**_gained(), "mean": 9.0, "correlation": 0.7, "mean_after": 10.0, "level": 0.9},
    "item_statistics": lambda: {
        "points": _points(),
        "possible": _one_each(_points()),
        "uncorrected": True,
        "hard": 0.3,
        "easy": 0.9,
        "level": 0.9,
    },
    "distractor_table": lambda: {
        "choices": _points().replace({1.0: "A", 0.0: "B"}),
        "key": _one_each(_points(), "A"),
    },
    "mastery_bands": lambda: {"share": pd.Series([0.2, 0.5, 0.9]), "cut": 0.8},
    "mastery_band": lambda: {"share": 0.5, "cut": 0.8},
    "reliability": lambda: {"points": _points(), "level": 0.9},
    "feldt_interval": lambda: {"alpha": 0.8, "n": 30, "items": 10, "level": 0.9},
    "alpha_if_deleted": lambda: {"points": _points()},
    "could_flip": lambda: {"points": _points(), "cuts": [2.0, 3.0]},
    "rater_agreement": lambda: {
        "scores": pd.DataFrame({"ana": [1.0, 2, 3, 4, 2, 3], "tom": [1.0, 2, 2, 4, 3, 3]}),
        "power": 2,
    },
    "nonoverlap_of_all_pairs": lambda: {**_phases(), "higher_is_better": True, "level": 0.9},
    "strength_of": lambda: {"nap": 0.9},
    "percent_nonoverlap": lambda: {**_phases(), "higher_is_better": True},
    "standardized_difference": lambda: {**_phases(), "higher_is_better": True, "level": 0.9},
    "tau_family": lambda: {**_with_days(), "higher_is_better": True, "level": 0.9},
    "baseline_corrected_tau": lambda: {**_with_days(), "higher_is_better": True, "level": 0.9},
    "baseline_trend": lambda: {
        "baseline": [3.0, 5, 4, 6],
        "days": [DAY, DAY + 7, DAY + 14, DAY + 21],
        "higher_is_better": True,
    },
    "log_response_ratio": lambda: {
        **_phases(),
        "scale": "count",
        "higher_is_better": True,
        "floor": 1.0,
        "level": 0.9,
    },
    "effects": lambda: {
        **_with_days(),
        "scale": "count",
        "higher_is_better": True,
        "floor": 1.0,
        "level": 0.9,
    },
    "preferred_index": lambda: {"trend": BaselineTrend("ok")},
    "effects_by_series": lambda: {
        "scores": _scores(2, 10)
        .drop(columns="group")
        .assign(is_intervention=np.tile(np.arange(10) >= 4, 2), higher_is_better=True),
        "level": 0.9,
    },
    "paired_share_change": lambda: {
        "before": np.array([0.0, 1, 0, 1, 0, 0]),
        "after": np.array([1.0, 1, 0, 0, 1, 1]),
        "level": 0.9,
    },
    "paired_change": lambda: {**_gained(), "target": 7.0, "higher_is_better": True, "level": 0.9},
    "weekday_excess": lambda: {"days": _absent()},
    "absence_change": lambda: {"days": _absent(), "splits": [dt.date.fromordinal(DAY + 35)]},
    "attendance_facts": lambda: {
        "days": pd.DataFrame(
            {
                "student": [1, 1, 1, 2, 2, 2],
                "day": DAY + np.array([0, 1, 2, 0, 1, 2]),
                "absent": [0.0, 1, 0.5, 0, 0, 1],
                "suspended": 0.0,
            }
        ),
        "until": DAY + 2,
        "since": DAY,
        "first_days": 20,
    },
    "behavior_facts": lambda: {
        "incidents": pd.DataFrame(
            {
                "student": [1, 1, 2],
                "day": DAY + np.arange(3),
                "severity": [1.0, 3, 2],
                "suspended": [False, True, False],
            }
        ),
        "until": DAY + 5,
        "since": DAY,
        "window": 30,
        "moderate": 2.0,
    },
    "mark_facts": lambda: {
        "marks": pd.DataFrame(
            {
                "student": [1, 1, 2, 2],
                "course": [1, 1, 1, 2],
                "day": DAY + np.array([0, 50, 50, 50]),
                "percent": [90.0, 55, 65, 50],
                "is_core": [True, True, True, False],
            }
        ),
        "until": DAY + 60,
        "failing": 60.0,
        "low": 70.0,
        "apart": 42,
    },
    "on_track": lambda: {
        "courses": pd.DataFrame(
            {
                "student": [1, 1, 2, 2],
                "credits": [3.0, 2.5, 3, 3],
                "is_core": [True, True, True, False],
                "is_failed": [False, True, False, True],
            }
        )
    },
    "judge_indicator": lambda: {
        "students": _students(),
        "indicator": rule_indicators("attendance", ATTENDANCE)[0],
    },
    "judge_indicators": lambda: {
        "students": _students(),
        "chosen": rule_indicators("attendance", ATTENDANCE),
    },
    "rule_indicators": lambda: {"kind": "attendance", "cut_points": ATTENDANCE},
    "judge_rule": lambda: {"students": _students(), "chosen": rule_indicators("attendance", ATTENDANCE)},
    "judge_conditions": lambda: {"students": _students(), "conditions": _conditions()},
    "scorecard_from_json": lambda: {
        "data": {
            "status": "insufficient_data",
            "version": "",
            "cohort": "",
            "n": 0,
            "base_rate": None,
            "points": {},
            "bands": [],
        }
    },
    "fit_scorecard": lambda: {
        "indicators": pd.DataFrame(
            {"low": (np.arange(160) % 3 == 0) * 1.0, "late": (np.arange(160) % 5 == 0) * 1.0}
        ),
        "outcome": pd.Series((np.arange(160) % 2) * 1.0),
    },
    "logistic_weights": lambda: {
        "x": (np.arange(20) % 3 == 0)[:, None] * 1.0,
        "y": (np.arange(20) % 2) * 1.0,
        "ridge": 1.0,
    },
    "place_within": lambda: {
        "scores": pd.DataFrame({"assessment": 7, "score": np.arange(12.0)}),
        "min_n": 5,
    },
    "split_by_year": lambda: {"years": np.array([2029, 2030, 2030]), "first_tested": 2030},
    "validate": lambda: {
        **_ranked(),
        "capacity": 10,
        "learned": [2029],
        "tested": [2030],
        "as_of_week": 8,
        "probability": _ranked()["score"],
        "is_helped": np.arange(30) % 4 == 0,
    },
    "flag_precision": lambda: {
        "flags": pd.DataFrame(
            {
                "indicator": "a",
                "outcome": ["confirmed", "false_alarm"] * 8,
                "is_helped": [True, True, False, False] * 4,
                "is_improved": [True, False] * 8,
                "is_override": False,
                "term": 1,
            }
        ),
        "level": 0.9,
        "min_flags": 2,
    },
    "rank_quality": lambda: {**_ranked(), "level": 0.9},
    "at_capacity": lambda: {**_ranked(), "k": 10},
    "at_threshold": lambda: {**_ranked(), "threshold": 0.6},
    "calibration": lambda: {"probability": _ranked()["score"], "outcome": _ranked()["outcome"]},
    "risk_ratio": lambda: {
        "cases": 20,
        "n": 100,
        "other_cases": 40,
        "other_n": 400,
        "state": (900, 9000),
        "min_cell": 10,
        "min_n": 30,
        "level": 0.9,
    },
    "wilson_interval": lambda: {"cases": 3, "n": 12, "level": 0.9},
    "difference_of_proportions": lambda: {"cases": 3, "n": 12, "other_cases": 9, "other_n": 20, "level": 0.9},
    "difference_of_means": lambda: {"group": [4.0, 6, 5], "others": [7.0, 8, 6, 9], "level": 0.9},
    "benjamini_hochberg": lambda: {"p": np.array([0.001, 0.02, 0.6]), "q": 0.1},
    "pool_years": lambda: {"counts": _counts(), "until": 2030, "years": 3},
    "risk_ratios": lambda: {
        "counts": _counts().drop(columns="year"),
        "min_cell": 10,
        "min_n": 30,
        "level": 0.9,
    },
    "is_significant": lambda: {
        "ratios": pd.DataFrame(
            {"district": 1, "group": "a", "year": [2028, 2029, 2030], "ratio": [3.5, 3.2, 4.0]}
        ),
        "until": 2030,
    },
    "audit_score": lambda: {
        **_ranked(260),
        "group": np.where(np.arange(260) % 2, "a", "b"),
        "threshold": 0.6,
        "probability": _ranked(260)["score"],
    },
    "suppress": lambda: {**_cells(), "min_n": 10, "width": 3},
    "exposed_members": lambda: {
        "part_of": {1: "a", 2: "a", 3: "b"},
        "known": [1],
        "sums": [(1, 2, 3)],
        "fewest": 2,
    },
    "exposed_parts": lambda: {
        "sizes": {"a": 4, "b": 16},
        "known": ["a"],
        "sums": [("a", "b")],
        "min_part": 2,
    },
    "bounds_of": lambda: {**_cells(), "hidden": ["a", "b"]},
    "table_sums": lambda: {"table": pd.DataFrame({"yes": [4, 5], "no": [10, 8]}, index=["a", "b"])},
    "view_sums": lambda: {
        "students": pd.DataFrame({"grade": [4, 4, 5], "group": ["a", "b", "a"]}),
        "views": [("grade",), ()],
    },
    "code_rate": lambda: {"cases": 12, "n": 40, "min_n": 10},
}
