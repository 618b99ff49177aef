"""Decision rules of progress monitoring for one plan: what the data say and the arithmetic, never a decision.

The chance to reach the goal decides; the classical rules stand beside it as second opinions. Rules never reach across
a phase line. Delivery is judged by itself: neither hides the other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from datareview.analysis.door import door
from datareview.analysis.goals import MIN_POINTS, Projection, project_goals, projections_of
from datareview.analysis.inputs import AS_IS, Number, Ordinal
from datareview.analysis.planrules import (
    CHANGE,
    COLLECT,
    CONTINUE,
    FLOOR,
    MET,
    PROBE,
    RAISE,
    ROUNDING,
    TOGETHER,
    gaps,
    median_rule,
    run_rule,
    trend_rule,
)
from datareview.analysis.schema import INSUFFICIENT, OK, ZERO_VARIANCE
from datareview.analysis.trends import fit_trends
from datareview.analysis.verdicts import Cuts, PlanCase, Verdict

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

MIN_WEEKS = 6.0
CONFIDENT_POINTS = 10
DECISION_LEVEL = 0.90
LAST = 3  # scores in a row at or past the goal that meet it
END_OF_SCALE = 4  # scores in a row at the worst end of the scale that cannot show growth
MAX_UNSEEN = 14  # days without a new score, days when the school is closed aside


@door(case=AS_IS, cuts=AS_IS, runs=AS_IS)
def judge_plan(case: PlanCase, *, cuts: Cuts | None = None, runs: tuple[int, int] = (4, 4)) -> Verdict:
    """Judge one plan's scores against its goal line: `judge_plans` for a single plan.

    Parameters
    ----------
    case : PlanCase
        Scores, goal line and sessions.
    cuts, runs
        See `judge_plans`.

    References
    ----------
    See `judge_plans`.
    """
    return judge_plans([case], cuts=cuts, runs=runs)[0]


@door(cases=AS_IS, cuts=AS_IS, runs=AS_IS)
def judge_plans(
    cases: Sequence[PlanCase], *, cuts: Cuts | None = None, runs: tuple[int, int] = (4, 4)
) -> list[Verdict]:
    """Judge the scores of many plans against their goal lines, with one fit for all.

    Parameters
    ----------
    cases : sequence of PlanCase
        Scores, goal line and sessions of each plan.
    cuts : Cuts, optional
        Chances that decide; a school may set its own.
    runs : (int, int)
        How many of the last scores in a row must lie below the line to ask for a change, and above it to ask
        for a higher goal: (4, 4) is the four-point rule, (3, 6) the three-point rule with six above.

    Returns
    -------
    list of Verdict
        In the order of the cases. The first that applies: "floor" if the last four scores are at the worst end of
        the scale; "met" if the last three reached the goal; "change" by the chance; "probe" if there was no score for
        more than 14 days; "collect", without any rule, with fewer than 6 points or 6 weeks; otherwise "together",
        "raise" or "continue" by the chance.

    Notes
    -----
    The chance of a new score to be on the goal line (see `goals.project`) decides: it takes level and slope together.
    Below 20 % it asks for a change, from 40 % it is on track, from 90 % it proposes a higher goal; a school may set
    other cut points, and each review keeps those it was based on.
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
    cuts = cuts or Cuts()
    phases = [_phase(case, case.since) for case in cases]
    wholes = [
        _phase(case, case.start) if case.start is not None and case.start < case.since else None
        for case in cases
    ]
    judged = [one for one in (*phases, *wholes) if one is not None and one.is_enough]
    fits, projections = _fitted(judged)
    found = {
        id(phase): _judged(phase, fit, leveled, projection, cuts, runs)
        for phase, fit, leveled, projection in zip(judged, fits[::2], fits[1::2], projections, strict=True)
    }
    verdicts = []
    for phase, whole in zip(phases, wholes, strict=True):
        verdict = _said_first(found.get(id(phase), phase.verdict), phase, phase if whole is None else whole)
        if whole is not None:
            own = _said_first(found.get(id(whole), whole.verdict), whole, whole, unseen=0)
            verdict = replace(verdict, whole=replace(own, unseen=0))
        verdicts.append(verdict)
    return verdicts


@dataclass(frozen=True, slots=True)
class _Phase:
    """The scores of a plan from a day on, one per day, and the day for which the chance is computed."""

    case: PlanCase
    day: np.ndarray
    value: np.ndarray
    verdict: Verdict
    ahead: int

    @property
    def is_enough(self) -> bool:
        return self.verdict.n >= MIN_POINTS and self.verdict.weeks >= MIN_WEEKS

    @property
    def now(self) -> int:
        return int(self.day[-1]) if self.case.now is None else self.case.now

    @property
    def there(self) -> float:
        """The goal line on the day of the chance."""
        return float(self.case.line.at(np.array([self.ahead]))[0])

    @property
    def leveled(self) -> np.ndarray:
        """The scores by their gap to the line, which may have ended within these days, at its height of that day."""
        return self.value - self.case.line.at(self.day) + self.there


def _phase(case: PlanCase, since: int) -> _Phase:
    day, value = _daily(case.days, case.values)
    day, value = day[day >= since], value[day >= since]
    weeks = float(day[-1] - since) / 7.0 if len(day) else 0.0
    verdict = Verdict(
        COLLECT, INSUFFICIENT, len(day), weeks, len(day) < CONFIDENT_POINTS, case.dosage, case.unseen
    )
    if not len(day):
        return _Phase(case, day, value, verdict, since)
    now = int(day[-1]) if case.now is None else case.now
    ahead = int(min(max(case.line.goal_day, now), now + day[-1] - day[0]))
    return _Phase(case, day, value, verdict, ahead)


def _daily(days: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """One score per day in order: days and values."""
    scores = np.asarray(Number().admit(values, "values"), np.float64)
    day = np.asarray(Ordinal().admit(days, "days"), np.int64)
    known = np.isfinite(scores)
    one, place = np.unique(day[known], return_inverse=True)
    order = np.argsort(place, kind="stable")
    if len(one) == len(place):
        return one, scores[known][order]
    parts = np.split(scores[known][order], np.flatnonzero(np.diff(place[order])) + 1)
    return one, np.array([np.median(part) for part in parts])


def _fitted(phases: Sequence[_Phase]) -> tuple[list[dict[Hashable, Any]], list[Projection]]:
    """The fits of scores and of leveled scores by turns, and the projection of each phase to its day."""
    if not phases:
        return [], []
    series = [(phase.day, part) for phase in phases for part in (phase.value, phase.leveled)]
    frame = pd.DataFrame(
        {
            "series": np.repeat(np.arange(len(series)), [len(day) for day, _value in series]),
            "day": np.concatenate([day for day, _value in series]),
            "value": np.concatenate([value for _day, value in series]),
        }
    )
    fits = fit_trends(frame, level=DECISION_LEVEL)
    scales = [phase.case.scale or (-np.inf, np.inf) for phase in phases]
    goals = pd.DataFrame(
        {
            "goal": [phase.there for phase in phases],
            "goal_day": [phase.ahead for phase in phases],
            "higher_is_better": [phase.case.higher_is_better for phase in phases],
            "scale_min": [low for low, _high in scales],
            "scale_max": [high for _low, high in scales],
        },
        index=fits.index[1::2],
    )
    now = np.array([min(phase.now, phase.ahead - 1) for phase in phases])
    return fits.to_dict("records"), projections_of(project_goals(fits, goals, now=now))


def _judged(
    phase: _Phase,
    fit: dict[Hashable, Any],
    leveled: dict[Hashable, Any],
    found: Projection,
    cuts: Cuts,
    runs: tuple[int, int],
) -> Verdict:
    """Add the chance, the rules, and what the chance says."""
    line, sign = phase.case.line, phase.case.sign
    chance = found.chance
    if chance is None and found.status == ZERO_VARIANCE:
        # Scores exactly on a line have no error: they reach the goal or they do not.
        slope = 0.0 if np.isnan(leveled["slope"]) else leveled["slope"]
        reached = leveled["mean"] + slope * (phase.ahead / 7.0 - leveled["mean_week"])
        chance = float(gaps(np.array([phase.ahead]), np.array([reached]), line, sign)[0] >= 0)
    rules = (
        trend_rule(phase.day, phase.value, fit, line, sign),
        run_rule(phase.day, phase.value, line, sign, runs),
        median_rule(phase.day, phase.value, line, sign),
    )
    return replace(
        phase.verdict,
        says=_by_chance(chance, cuts),
        status=OK,
        rules=rules,
        chance=chance,
        chance_day=phase.ahead,
        projection=replace(found, needed=None, is_met=False),  # these would be of the leveled scores
    )


def _said_first(verdict: Verdict, phase: _Phase, whole: _Phase, *, unseen: int | None = None) -> Verdict:
    """Put what no chance may hide before it: the end of the scale, a goal that was met, scores that are late."""
    case, value = phase.case, phase.value
    goal, unseen = case.line.goal, case.unseen if unseen is None else unseen
    if _is_at_end(whole.value, case.scale, case.sign):
        return replace(verdict, says=FLOOR)
    if len(value) >= LAST and (case.sign * (value[-LAST:] - goal) >= -ROUNDING * abs(goal)).all():
        return replace(verdict, says=MET)
    if unseen > MAX_UNSEEN and verdict.says != CHANGE:
        return replace(verdict, says=PROBE)
    return verdict


def _by_chance(chance: float | None, cuts: Cuts) -> str:
    if chance is None:
        return TOGETHER
    if chance < cuts.change:
        return CHANGE
    if chance < cuts.together:
        return TOGETHER
    return RAISE if chance >= cuts.higher else CONTINUE


def _is_at_end(value: np.ndarray, scale: tuple[float, float] | None, sign: float) -> bool:
    """Whether the last four scores are all at the worst end of the scale, where they cannot fall any further."""
    if scale is None or len(value) < END_OF_SCALE:
        return False
    return bool((value[-END_OF_SCALE:] == (scale[0] if sign > 0 else scale[1])).all())
