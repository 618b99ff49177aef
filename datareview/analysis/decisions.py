"""Decision rules of progress monitoring for one plan: what the data say and the arithmetic, never a decision.

Dosage comes first: a plan that was not delivered cannot be judged. Rules never reach across a phase line.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from datareview.analysis.goals import MIN_POINTS
from datareview.analysis.schema import INSUFFICIENT, OK
from datareview.analysis.trends import fit_trends

if TYPE_CHECKING:
    from datareview.analysis.goals import GoalLine

MIN_WEEKS = 6.0
CONFIDENT_POINTS = 10
MIN_DELIVERED = 80  # percent of the planned sessions
MAX_NOT_LOGGED = 20  # percent
DECISION_LEVEL = 0.90
ROUNDING = 1e-9  # relative to the larger figure: a score this near to the line is on it

CHANGE, RAISE, CONTINUE, COLLECT, DELIVER, TOGETHER = (
    "change",
    "raise",
    "continue",
    "collect",
    "deliver",
    "together",
)


@dataclass(frozen=True, slots=True)
class Dosage:
    """Sessions so far: planned by the schedule, held, not held for a reason, and not logged at all."""

    planned: int
    held: int
    not_held: int

    @property
    def not_logged(self) -> int:
        """Number of planned sessions without any log entry."""
        return max(self.planned - self.held - self.not_held, 0)

    @property
    def is_enough(self) -> bool:
        """Whether at least 80 % were held and at most 20 % were not logged."""
        if not self.planned:
            return True
        is_held = 100 * self.held >= MIN_DELIVERED * self.planned
        return is_held and 100 * self.not_logged <= MAX_NOT_LOGGED * self.planned


@dataclass(frozen=True, slots=True)
class PlanRule:
    """Result of one rule: ``says`` is one of the module's outcomes; ``figures`` holds its arithmetic."""

    name: str
    says: str
    figures: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Combined result of the rules.

    ``says`` is "deliver" or "collect" if the plan cannot be judged yet, "together" if the rules disagree and people
    should look, and otherwise the rules' common result. ``is_provisional`` with fewer than ten points.
    """

    says: str
    status: str
    n: int
    weeks: float
    is_provisional: bool
    dosage: Dosage
    rules: tuple[PlanRule, ...]


def judge_plan(
    days: np.ndarray,
    values: np.ndarray,
    line: GoalLine,
    dosage: Dosage,
    *,
    since: int,
    higher_is_better: bool = True,
    runs: tuple[int, int] = (4, 4),
) -> Verdict:
    """Judge a plan's scores against its goal line.

    Parameters
    ----------
    days, values : array
        Scores of the plan's measure: day ordinals and values. Several of one day become their median; missing
        and infinite ones are left out.
    line : GoalLine
        The goal line.
    dosage : Dosage
        Sessions so far.
    since : int
        Ordinal of the plan's start or its last phase change; earlier scores (the baseline) are left out.
    higher_is_better : bool
        If False, everything is mirrored.
    runs : (int, int)
        How many of the last scores in a row must lie below the line to ask for a change, and above it to ask
        for a higher goal: (4, 4) is the four-point rule, (3, 6) the three-point rule with six above.

    Returns
    -------
    Verdict
        "collect", without running any rule, if there are fewer than 6 points or 6 weeks; "deliver" if the plan was
        not delivered; "together" if the rules contradict one another.

    Notes
    -----
    The trend decides: whether the 90 % interval of the slope is entirely below (above) the slope that the goal
    needs. With growth exactly on goal it raises a false alarm in one of twenty reviews. Four in a row do so in one
    of sixteen single reviews, and in a quarter of plans when checked weekly for twelve weeks: judge on fixed dates,
    not at each score. A point on the line is neither below nor above. The median of the last three lags behind a
    rising line, so it can only confirm the trend or argue against a higher goal.

    References
    ----------
    National Center on Intensive Intervention, data-based individualization (four-point rule, median);
    Van Norman & Christ (2016), School Psych. Review 45; Van Norman, Christ & Newell (2017), School Psych.
    Review 46(3).
    """
    scores = np.asarray(values, np.float64)
    known = np.isfinite(scores)
    daily = pd.Series(scores[known]).groupby(np.asarray(days, np.int64)[known]).median()
    daily = daily[daily.index >= since]
    day, value = daily.index.to_numpy(np.int64), daily.to_numpy(np.float64)
    weeks = float(day[-1] - since) / 7.0 if len(day) else 0.0
    verdict = partial(
        Verdict, n=len(day), weeks=weeks, is_provisional=len(day) < CONFIDENT_POINTS, dosage=dosage
    )
    if len(day) < MIN_POINTS or weeks < MIN_WEEKS:
        return verdict(says=COLLECT, status=INSUFFICIENT, rules=())
    sign = 1.0 if higher_is_better else -1.0
    rules = (
        _trend_rule(day, value, line, sign),
        _run_rule(day, value, line, sign, runs),
        _median_rule(day, value, line, sign),
    )
    says = summary_of(rules) if dosage.is_enough else DELIVER
    return verdict(says=says, status=OK, rules=rules)


def _trend_rule(day: np.ndarray, value: np.ndarray, line: GoalLine, sign: float) -> PlanRule:
    """Compare the 90 % interval of the slope with the slope that the goal needs."""
    need = sign * line.slope
    if np.ptp(value) == 0:
        # Scores that never change have no standard error; their growth is certainly 0.
        says = CHANGE if need > 0 else RAISE if need < 0 else CONTINUE
        return PlanRule("trend", says, {"slope": 0.0, "needed": line.slope, "n": len(day)})
    fit = fit_trends(pd.DataFrame({"series": 0, "day": day, "value": value}), level=DECISION_LEVEL).iloc[0]
    low, high = sorted((sign * fit["slope_low"], sign * fit["slope_high"]))
    near = ROUNDING * (abs(need) + np.abs(value).max() / (np.ptp(day) / 7.0))
    says = CHANGE if high < need - near else RAISE if low > need + near else CONTINUE
    figures = {name: float(fit[f"slope_{name}"]) for name in ("low", "high")}
    return PlanRule(
        "trend", says, {"slope": float(fit["slope"]), **figures, "needed": float(line.slope), "n": len(day)}
    )


def _run_rule(
    day: np.ndarray, value: np.ndarray, line: GoalLine, sign: float, runs: tuple[int, int]
) -> PlanRule:
    """Check whether the last scores are all below the line or all above it; one on the line is neither."""
    gap = _gaps(day, value, line, sign)
    fewest, most = runs
    is_below, is_above = bool((gap[-fewest:] < 0).all()), bool((gap[-most:] > 0).all())
    says = CHANGE if is_below else RAISE if is_above and len(gap) >= most else CONTINUE
    last = gap[-max(runs) :]
    return PlanRule(
        _RUN_NAMES.get(runs, "run"), says, {"below": int((last < 0).sum()), "above": int((last > 0).sum())}
    )


_RUN_NAMES = {(4, 4): "four-point", (3, 6): "three-point"}


def _gaps(day: np.ndarray, value: np.ndarray, line: GoalLine, sign: float) -> np.ndarray:
    """Distance of each score from the line, positive on the better side; 0 on the line."""
    goal = line.at(day)
    gap = sign * (value - goal)
    return np.where(np.abs(gap) <= ROUNDING * np.maximum(np.abs(value), np.abs(goal)), 0.0, gap)


def _median_rule(day: np.ndarray, value: np.ndarray, line: GoalLine, sign: float) -> PlanRule:
    """Compare the median of the last three scores with the line on the last day."""
    median, goal = float(np.median(value[-3:])), float(line.at(day[-1:])[0])
    says = CHANGE if _gaps(day[-1:], np.array([median]), line, sign)[0] < 0 else CONTINUE
    return PlanRule("median", says, {"median": median, "line": goal})


def summary_of(rules: tuple[PlanRule, ...]) -> str:
    """Combine the rules: the result of the first, the trend, unless the others contradict it.

    "together" if one asks for a change and another for a higher goal, if the trend asks for a change that no
    other rule sees, or if the last scores are all below the line although the trend meets it.
    """
    trend, said = rules[0].says, {rule.says for rule in rules}
    if {CHANGE, RAISE} <= said:
        return TOGETHER
    others = [rule.says for rule in rules[1:]]
    if trend == CHANGE:
        return CHANGE if CHANGE in others else TOGETHER
    if trend == CONTINUE and others and others[0] != CONTINUE:
        return TOGETHER
    return trend
