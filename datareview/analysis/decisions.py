"""Decision rules of progress monitoring for one plan: what the data say and the arithmetic, never a decision.

The chance to reach the goal decides; the classical rules stand beside it as second opinions. Rules never reach across
a phase line. Delivery is judged by itself: neither hides the other.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from datareview.analysis.goals import MIN_POINTS, Projection, project
from datareview.analysis.schema import INSUFFICIENT, OK, ZERO_VARIANCE
from datareview.analysis.trends import fit_trends

if TYPE_CHECKING:
    from datareview.analysis.goals import GoalLine

MIN_WEEKS = 6.0
CONFIDENT_POINTS = 10
MIN_DELIVERED = 80  # percent of the planned sessions
DECISION_LEVEL = 0.90
ROUNDING = 1e-9  # relative to the larger figure: a score this near to the line is on it
LAST = 3  # scores in a row at or past the goal that meet it
END_OF_SCALE = 4  # scores in a row at the worst end of the scale that cannot show growth
MAX_UNSEEN = 14  # days without a new score, days when the school is closed aside

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
ENOUGH, LOW, UNLOGGED = "enough", "low", "unlogged"


@dataclass(frozen=True, slots=True)
class Cuts:
    """Chances (0 to 1) to reach the goal: a change is asked for below ``change``, a higher goal from ``higher``.

    From ``change`` to below ``together``, people look together. The defaults are where the words for a chance change
    (`goals.BAND_CUTS`), so that no plan is called on track whose goal is called unlikely.
    """

    change: float = 0.2
    together: float = 0.4
    higher: float = 0.95


@dataclass(frozen=True, slots=True)
class Dosage:
    """Sessions so far: planned by the schedule, of these held or not for a reason, and extra ones on other days."""

    planned: int
    held: int
    not_held: int
    extra: int = 0

    @property
    def not_logged(self) -> int:
        """Number of planned sessions without any log entry."""
        return max(self.planned - self.held - self.not_held, 0)

    @property
    def state(self) -> str:
        """Whether 80 % were held or made up: "enough", "low", or "unlogged" if what was not logged decides."""
        held = self.held + self.extra
        if 100 * held >= MIN_DELIVERED * self.planned:
            return ENOUGH
        return LOW if 100 * (held + self.not_logged) < MIN_DELIVERED * self.planned else UNLOGGED


@dataclass(frozen=True, slots=True)
class PlanRule:
    """Result of one rule: ``says`` is one of the module's outcomes; ``figures`` holds its arithmetic."""

    name: str
    says: str
    figures: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the scores of a plan say, with the arithmetic.

    ``chance`` (0 to 1) is that of a new score on ``chance_day`` (ordinal) to be on the goal line or better; that day is
    the goal's, or nearer if the scores do not reach back as far as it lies ahead. ``projection`` has its figures.
    ``unseen`` is the number of days without a new score. ``whole`` is the verdict on all scores since the plan began
    if the present phase began later. ``is_provisional`` with fewer than ten points.
    """

    says: str
    status: str
    n: int
    weeks: float
    is_provisional: bool
    dosage: Dosage
    unseen: int = 0
    rules: tuple[PlanRule, ...] = ()
    chance: float | None = None
    chance_day: int | None = None
    projection: Projection | None = None
    whole: Verdict | None = None

    @property
    def dissent(self) -> tuple[PlanRule, ...]:
        """Rules that ask for a change where the verdict does not, or see none where it asks for one."""
        if self.says not in (CHANGE, CONTINUE, RAISE, MET):
            return ()
        return tuple(rule for rule in self.rules if (rule.says == CHANGE) != (self.says == CHANGE))


def judge_plan(
    days: np.ndarray,
    values: np.ndarray,
    line: GoalLine,
    dosage: Dosage,
    *,
    since: int,
    start: int | None = None,
    now: int | None = None,
    unseen: int = 0,
    higher_is_better: bool = True,
    scale: tuple[float, float] | None = None,
    cuts: Cuts | None = None,
    runs: tuple[int, int] = (4, 4),
) -> Verdict:
    """Judge a plan's scores against its goal line.

    Parameters
    ----------
    days, values : array
        Day ordinals and scores. Several of one day become their median; missing and infinite ones are left out.
    line, dosage
        The goal line, and the sessions so far.
    since : int
        Ordinal of the plan's start or its last phase change; earlier scores (the baseline) are left out.
    start : int, optional
        Ordinal of the plan's start; if it is before ``since``, the whole plan is judged as well.
    now : int, optional
        Ordinal of today; by default the day of the last score.
    unseen : int
        Days without a new score, up to today, not counting days when the school was closed.
    higher_is_better : bool
        If False, everything is mirrored.
    scale : (float, float), optional
        Lowest and highest possible score.
    cuts : Cuts, optional
        Chances that decide.
    runs : (int, int)
        How many of the last scores in a row must lie below the line to ask for a change, and above it to ask
        for a higher goal: (4, 4) is the four-point rule, (3, 6) the three-point rule with six above.

    Returns
    -------
    Verdict
        The first that applies: "floor" if the last four scores are at the worst end of the scale; "met" if the last
        three reached the goal; "change" by the chance; "probe" if there was no score for more than 14 days;
        "collect", without any rule, with fewer than 6 points or 6 weeks; otherwise "together", "raise" or "continue" by
        the chance.

    Notes
    -----
    The chance of a new score to be on the goal line (see `goals.project`) decides: it takes level and slope together.
    In simulations of ten weekly scores with an error of 5 it asks for a change in nine of ten plans that grow at half
    the needed rate, and in one of twelve that grow as needed. Beside it stand the trend (whether the 90 %
    interval of the slope is entirely below or above the slope of the line over the same days: wrong in one of twenty
    reviews), the last four scores (all below: one of sixteen single reviews, a quarter of plans when checked weekly for
    twelve weeks) and the median of the last three. A point on the line is neither below nor above. After the goal's
    day the line stays at the goal: what was reached has to be held.

    References
    ----------
    National Center on Intensive Intervention, data-based individualization (four-point rule, median);
    Van Norman & Christ (2016), School Psych. Review 45; Van Norman, Christ & Newell (2017), School Psych.
    Review 46(3); Draper & Smith (1998), Applied Regression Analysis, 3rd ed., section 3.1.
    """
    daily = _daily(days, values)
    phase = daily[daily.index >= since]
    day, value = phase.index.to_numpy(np.int64), phase.to_numpy(np.float64)
    weeks = float(day[-1] - since) / 7.0 if len(day) else 0.0
    sign = 1.0 if higher_is_better else -1.0
    verdict = Verdict(COLLECT, INSUFFICIENT, len(day), weeks, len(day) < CONFIDENT_POINTS, dosage, unseen)
    if len(day) >= MIN_POINTS and weeks >= MIN_WEEKS:
        verdict = _judged(verdict, day, value, line, sign, now, scale, cuts or Cuts(), runs)
    if start is not None and start < since:
        again = partial(judge_plan, days, values, line, dosage, now=now, scale=scale, cuts=cuts, runs=runs)
        verdict = replace(verdict, whole=again(since=start, higher_is_better=higher_is_better))
    if _is_at_end(daily[daily.index >= (since if start is None else start)], scale, sign):
        return replace(verdict, says=FLOOR)
    if len(value) >= LAST and (sign * (value[-LAST:] - line.goal) >= -ROUNDING * abs(line.goal)).all():
        return replace(verdict, says=MET)
    if unseen > MAX_UNSEEN and verdict.says != CHANGE:
        return replace(verdict, says=PROBE)
    return verdict


def _daily(days: np.ndarray, values: np.ndarray) -> pd.Series:
    scores = np.asarray(values, np.float64)
    known = np.isfinite(scores)
    return pd.Series(scores[known]).groupby(np.asarray(days, np.int64)[known]).median()


def _judged(
    verdict: Verdict,
    day: np.ndarray,
    value: np.ndarray,
    line: GoalLine,
    sign: float,
    now: int | None,
    scale: tuple[float, float] | None,
    cuts: Cuts,
    runs: tuple[int, int],
) -> Verdict:
    """Add the chance, the rules, and what the chance says."""
    now = int(day[-1]) if now is None else now
    ahead = int(min(max(line.goal_day, now), now + day[-1] - day[0]))
    there = float(line.at(np.array([ahead]))[0])
    # The gap to the line is projected, not the score: the line may have ended within these days.
    level = value - line.at(day) + there
    target = replace(line, goal_day=max(ahead, line.start_day + 1), goal=there)
    found = project(day, level, target, now=min(now, ahead - 1), higher_is_better=sign > 0, scale=scale)
    chance = found.chance
    if chance is None and found.status == ZERO_VARIANCE:
        # Scores exactly on a line have no error: they reach the goal or they do not.
        reached = float(np.polyval(np.polyfit(day - day[0], level, 1), ahead - day[0]))
        chance = float(_gaps(np.array([ahead]), np.array([reached]), line, sign)[0] >= 0)
    rules = (
        _trend_rule(day, value, line, sign),
        _run_rule(day, value, line, sign, runs),
        _median_rule(day, value, line, sign),
    )
    return replace(
        verdict,
        says=_by_chance(chance, cuts),
        status=OK,
        rules=rules,
        chance=chance,
        chance_day=ahead,
        projection=found,
    )


def _by_chance(chance: float | None, cuts: Cuts) -> str:
    if chance is None:
        return TOGETHER
    if chance < cuts.change:
        return CHANGE
    if chance < cuts.together:
        return TOGETHER
    return RAISE if chance >= cuts.higher else CONTINUE


def _is_at_end(daily: pd.Series, scale: tuple[float, float] | None, sign: float) -> bool:
    """Whether the last four scores are all at the worst end of the scale, where they cannot fall any further."""
    if scale is None or len(daily) < END_OF_SCALE:
        return False
    return bool((daily.to_numpy()[-END_OF_SCALE:] == (scale[0] if sign > 0 else scale[1])).all())


def _trend_rule(day: np.ndarray, value: np.ndarray, line: GoalLine, sign: float) -> PlanRule:
    """Compare the 90 % interval of the slope with the slope that the goal needs."""
    needed = float(np.polyfit((day - day[0]) / 7.0, line.at(day), 1)[0])  # the line may end within these days
    need = sign * needed
    if np.ptp(value) == 0:
        # Scores that never change have no standard error; their growth is certainly 0.
        says = CHANGE if need > 0 else RAISE if need < 0 else CONTINUE
        return PlanRule("trend", says, {"slope": 0.0, "needed": needed, "n": len(day)})
    fit = fit_trends(pd.DataFrame({"series": 0, "day": day, "value": value}), level=DECISION_LEVEL).iloc[0]
    low, high = sorted((sign * fit["slope_low"], sign * fit["slope_high"]))
    near = ROUNDING * (abs(need) + np.abs(value).max() / (np.ptp(day) / 7.0))
    says = CHANGE if high < need - near else RAISE if low > need + near else CONTINUE
    figures = {name: float(fit[f"slope_{name}"]) for name in ("low", "high")}
    return PlanRule("trend", says, {"slope": float(fit["slope"]), **figures, "needed": needed, "n": len(day)})


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
