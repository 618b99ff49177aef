"""Rules of progress monitoring for one plan: what the data say, with the arithmetic, never a decision.

Dosage first: a plan that was not delivered cannot be judged. Rules never reach across a phase line.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy import stats

from datareview.analysis.schema import INSUFFICIENT, OK
from datareview.analysis.trends import fit_trends

MIN_POINTS = 6
MIN_WEEKS = 6.0
PROVISIONAL_POINTS = 9
CONFIDENT_POINTS = 10
MIN_DELIVERED = 0.80
MAX_NOT_LOGGED = 0.20
DECISION_LEVEL = 0.90

CHANGE, RAISE, CONTINUE, COLLECT, DELIVER, TOGETHER = (
    "change",
    "raise",
    "continue",
    "collect",
    "deliver",
    "together",
)


@dataclass(frozen=True, slots=True)
class GoalLine:
    """From (start_day, start) to (goal_day, goal); days are ordinals, values in the measure's unit."""

    start_day: int
    start: float
    goal_day: int
    goal: float

    @property
    def slope(self) -> float:
        """Required growth in units a week."""
        return (self.goal - self.start) / ((self.goal_day - self.start_day) / 7.0)

    def at(self, days: np.ndarray) -> np.ndarray:
        """The line's value on each day."""
        return self.start + self.slope * (np.asarray(days, float) - self.start_day) / 7.0


@dataclass(frozen=True, slots=True)
class Dosage:
    """Sessions up to now: planned by the schedule, held, not held with a reason, and not logged at all."""

    planned: int
    held: int
    not_held: int

    @property
    def not_logged(self) -> int:
        """Planned sessions of which nobody wrote anything."""
        return max(self.planned - self.held - self.not_held, 0)

    @property
    def delivered_share(self) -> float | None:
        """Held of planned, 0 to 1; None before the first planned session."""
        return min(self.held / self.planned, 1.0) if self.planned else None

    @property
    def is_enough(self) -> bool:
        """At least 80 % held and at most 20 % not logged."""
        if not self.planned:
            return True
        return self.held >= MIN_DELIVERED * self.planned and self.not_logged <= MAX_NOT_LOGGED * self.planned


@dataclass(frozen=True, slots=True)
class Rule:
    """What one rule says: ``says`` is one of the module's outcomes; ``figures`` its arithmetic."""

    name: str
    says: str
    figures: dict[str, float | int | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The rules together.

    ``says`` is "deliver" or "collect" where the plan cannot be judged yet, the rules' common answer, or
    "together" where they disagree and people should look. ``is_provisional`` under ten points.
    """

    says: str
    status: str
    n: int
    weeks: float
    is_provisional: bool
    dosage: Dosage
    rules: tuple[Rule, ...]


def judge_plan(
    days: np.ndarray,
    values: np.ndarray,
    line: GoalLine,
    dosage: Dosage,
    *,
    since: int,
    higher_is_better: bool = True,
) -> Verdict:
    """Judge a plan's scores against its goal line.

    Parameters
    ----------
    days, values : array
        Scores of the plan's measure; day ordinals and values. Several of a day become their median.
    line : GoalLine
        The goal line.
    dosage : Dosage
        Sessions so far.
    since : int
        Ordinal of the plan's start or its last phase change; earlier scores are left out.
    higher_is_better : bool
        Where False, everything is mirrored.

    Returns
    -------
    Verdict
        With fewer than 6 points or 6 weeks it says "collect" and no rule is run.

    References
    ----------
    National Center on Intensive Intervention, data-based individualization (four-point rule, median);
    Van Norman & Christ (2016); Van Norman, Christ & Newell (2017), School Psych. Review 46(3).
    """
    daily = pd.Series(np.asarray(values, float)).groupby(np.asarray(days, np.int64)).median().dropna()
    daily = daily[daily.index >= since]
    day, value = daily.index.to_numpy(np.int64), daily.to_numpy()
    weeks = float(day[-1] - since) / 7.0 if len(day) else 0.0
    shared = {"n": len(day), "weeks": weeks, "is_provisional": len(day) < CONFIDENT_POINTS, "dosage": dosage}
    if len(day) < MIN_POINTS or weeks < MIN_WEEKS:
        return Verdict(says=COLLECT, status=INSUFFICIENT, rules=(), **shared)
    sign = 1.0 if higher_is_better else -1.0
    rules = (
        _trend_rule(day, value, line, sign),
        _four_point_rule(day, value, line, sign),
        _median_rule(day, value, line, sign),
    )
    if not dosage.is_enough:
        return Verdict(says=DELIVER, status=OK, rules=rules, **shared)
    return Verdict(says=_summary(rules), status=OK, rules=rules, **shared)


def _trend_rule(day: np.ndarray, value: np.ndarray, line: GoalLine, sign: float) -> Rule:
    """The 90 % interval of the slope against the slope that the goal needs."""
    frame = pd.DataFrame({"series": 0, "day": day, "value": value})
    fit = fit_trends(frame, level=DECISION_LEVEL).iloc[0]
    need = sign * line.slope
    if fit["status"] != OK:
        return Rule(
            "trend", CHANGE if need > 0 else CONTINUE, {"slope": 0.0, "needed": line.slope, "n": len(day)}
        )
    low, high = sorted((sign * fit["slope_low"], sign * fit["slope_high"]))
    says = CHANGE if high < need else RAISE if low > need else CONTINUE
    return Rule(
        "trend",
        says,
        {
            "slope": float(fit["slope"]),
            "low": float(fit["slope_low"]),
            "high": float(fit["slope_high"]),
            "needed": float(line.slope),
            "n": len(day),
        },
    )


def _four_point_rule(day: np.ndarray, value: np.ndarray, line: GoalLine, sign: float) -> Rule:
    """The last four in a row all under the line, or all over it; one on the line is neither."""
    gap = sign * (value[-4:] - line.at(day[-4:]))
    below, above = int((gap < 0).sum()), int((gap > 0).sum())
    says = CHANGE if below == 4 else RAISE if above == 4 else CONTINUE
    return Rule("four-point", says, {"below": below, "above": above})


def _median_rule(day: np.ndarray, value: np.ndarray, line: GoalLine, sign: float) -> Rule:
    """The median of the last three against the line on the last day."""
    median, goal = float(np.median(value[-3:])), float(line.at(day[-1:])[0])
    return Rule(
        "median", CHANGE if sign * (median - goal) < 0 else CONTINUE, {"median": median, "line": goal}
    )


def _summary(rules: tuple[Rule, ...]) -> str:
    """What the rules say together: the trend decides unless another contradicts it."""
    trend, others = rules[0].says, [rule.says for rule in rules[1:]]
    if trend == CHANGE:
        return CHANGE if CHANGE in others else TOGETHER
    if trend == RAISE:
        return TOGETHER if CHANGE in others else RAISE
    return TOGETHER if others.count(CHANGE) == len(others) else CONTINUE


@dataclass(frozen=True, slots=True)
class Projection:
    """Where the trend leads on the goal's day, with the chance to meet the goal; ``status`` says if it may be said."""

    status: str
    reason: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    chance: float | None = None


def project(
    days: np.ndarray,
    values: np.ndarray,
    line: GoalLine,
    *,
    now: int,
    higher_is_better: bool = True,
    scale: tuple[float, float] | None = None,
    level: float = 0.80,
) -> Projection:
    """Project a new score on the goal's day from the least-squares line, at most one observed span ahead.

    ``chance`` is P(new score meets the goal) = 1 - T_{n-2}((G - yhat) / s_pred), s_pred² = s² [1 + 1/n +
    (t_G - tbar)² / Sxx]; mirrored where lower is better. Needs 6 scores; values are capped to ``scale``.
    """
    frame = pd.DataFrame({"series": 0, "day": np.asarray(days, np.int64), "value": np.asarray(values, float)})
    fits = fit_trends(frame)
    if fits.empty or fits.iloc[0]["status"] != OK or fits.iloc[0]["n"] < MIN_POINTS:
        return Projection(INSUFFICIENT, "too few scores")
    fit = fits.iloc[0]
    if line.goal_day > now + (fit["last_day"] - fit["first_day"]):
        return Projection(INSUFFICIENT, "too far to project")
    ahead = line.goal_day / 7.0 - fit["mean_week"]
    expected = fit["mean"] + fit["slope"] * ahead
    spread = fit["see"] * np.sqrt(1 + 1 / fit["n"] + ahead**2 / fit["sxx"])
    low_cap, high_cap = scale or (-np.inf, np.inf)
    df = int(fit["n"]) - 2
    if spread == 0:
        return Projection(INSUFFICIENT, "no spread", value=float(np.clip(expected, low_cap, high_cap)))
    chance = float(stats.t.sf((line.goal - expected) / spread, df))
    half = stats.t.ppf(0.5 + level / 2, df) * spread
    low, value, high = np.clip([expected - half, expected, expected + half], low_cap, high_cap)
    return Projection(
        OK, "", float(value), float(low), float(high), chance if higher_is_better else 1.0 - chance
    )


def chance_band(chance: float) -> str:
    """Unlikely under 20 %, less likely to 40, uncertain to 60, rather likely to 80, likely above."""
    for limit, name in ((0.2, "unlikely"), (0.4, "less-likely"), (0.6, "uncertain"), (0.8, "rather-likely")):
        if chance < limit:
            return name
    return "likely"
