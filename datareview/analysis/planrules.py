"""The classical decision rules of progress monitoring, each by itself: trend, last scores in a row, median.

`decisions` shows them beside the chance that decides. Rules never reach across a phase line: they get one phase's scores.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Hashable

    from datareview.analysis.goals import GoalLine

ROUNDING = 1e-9  # relative to the larger figure: a score this near to the line is on it

FLOOR, CHANGE, PROBE, TOGETHER, COLLECT, MET, CONTINUE, RAISE = (
    "floor",
    "change",
    "probe",
    "together",
    "collect",
    "met",
    "continue",
    "raise",
)


@dataclass(frozen=True, slots=True)
class PlanRule:
    """Result of one rule: ``says`` is one of the module's outcomes; ``figures`` holds its arithmetic."""

    name: str
    says: str
    figures: dict[str, float] = field(default_factory=dict)


def trend_rule(
    day: np.ndarray, value: np.ndarray, fit: dict[Hashable, Any], line: GoalLine, sign: float
) -> PlanRule:
    """Compare the 90 % interval of the slope with the slope that the goal needs."""
    weeks = (day - day.mean()) / 7.0
    needed = float(weeks @ line.at(day) / (weeks @ weeks))  # the line may end within these days
    need = sign * needed
    if np.ptp(value) == 0:
        # Scores that never change have no standard error; their growth is certainly 0.
        says = CHANGE if need > 0 else RAISE if need < 0 else CONTINUE
        return PlanRule("trend", says, {"slope": 0.0, "needed": needed, "n": len(day)})
    low, high = sorted((sign * fit["slope_low"], sign * fit["slope_high"]))
    near = ROUNDING * (abs(need) + np.abs(value).max() / (np.ptp(day) / 7.0))
    says = CHANGE if high < need - near else RAISE if low > need + near else CONTINUE
    figures = {name: float(fit[f"slope_{name}"]) for name in ("low", "high")}
    return PlanRule("trend", says, {"slope": float(fit["slope"]), **figures, "needed": needed, "n": len(day)})


def run_rule(
    day: np.ndarray, value: np.ndarray, line: GoalLine, sign: float, runs: tuple[int, int]
) -> PlanRule:
    """Check whether the last scores are all below the line or all above it; one on the line is neither."""
    gap = gaps(day, value, line, sign)
    fewest, most = runs
    is_below, is_above = bool((gap[-fewest:] < 0).all()), bool((gap[-most:] > 0).all())
    says = CHANGE if is_below else RAISE if is_above and len(gap) >= most else CONTINUE
    last = gap[-max(runs) :]
    return PlanRule(
        RUN_NAMES.get(runs, "run"), says, {"below": int((last < 0).sum()), "above": int((last > 0).sum())}
    )


RUN_NAMES = {(4, 4): "four-point", (3, 6): "three-point"}


def gaps(day: np.ndarray, value: np.ndarray, line: GoalLine, sign: float) -> np.ndarray:
    """Distance of each score from the line, positive on the better side; 0 on the line."""
    goal = line.at(day)
    gap = sign * (value - goal)
    return np.where(np.abs(gap) <= ROUNDING * np.maximum(np.abs(value), np.abs(goal)), 0.0, gap)


def median_rule(day: np.ndarray, value: np.ndarray, line: GoalLine, sign: float) -> PlanRule:
    """Compare the median of the last three scores with the line on the last day."""
    median, goal = float(np.median(value[-3:])), float(line.at(day[-1:])[0])
    says = CHANGE if gaps(day[-1:], np.array([median]), line, sign)[0] < 0 else CONTINUE
    return PlanRule("median", says, {"median": median, "line": goal})
