"""What plans of each strategy gained here: of what was aimed at, and beyond similar students without a plan."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db.models import F

from datareview.plans.models import Plan, WorkedRelease
from datareview.plans.queries.points import points_of_plans
from datareview.records.models import Measure, Score
from datareview.trends.columns import read_columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from datareview.figures.queries.student import Points
    from datareview.plans.models import PlanQuerySet
    from teams.directory.models import School

    Interval = tuple[float, float, float]
    Pool = tuple[int, int | None]  # a measure's id and a grade: with whom a plan is compared

ENOUGH = 10  # students needed to state a figure of a strategy
LEAST_DAYS = 28  # from the start of a plan to its last scores
LAST = 3  # scores whose median is the level that was reached
NEAR = 45  # days between a score of another student and the first or last day compared
LIKE = 0.5  # standard deviations between two first scores that are similar
LEAST_SIMILAR = 3  # students with whom a plan is compared
LEAST_NEW = 5  # plans by which a released figure must differ from the one before, or it stays
JUDGED = (
    *(
        "strategy_id",
        "measure_id",
        "state",
        "outcome",
        "baseline",
        "baseline_on",
        "goal",
        "goal_on",
        "starts_on",
        "measured_from",
    ),
    *("ended_on", "student__grade"),
)


@dataclass(frozen=True, slots=True)
class Worked:
    """What plans of one strategy gained: numbers of plans, and figures as shares of the aim (1 is all of it).

    ``judged`` plans have scores of four weeks or more; ``share`` is the mean of what they gained of what was aimed at by
    then. ``compared`` of these have ``LEAST_SIMILAR`` similar students; ``beyond`` is how much more they gained. Both are
    (mean, lower, upper), None under `ENOUGH`. ``phased`` plans have enough scores before and during; in ``higher`` of
    them those during were clearly higher.
    """

    plans: int = 0
    ended: int = 0
    met: int = 0
    judged: int = 0
    share: Interval | None = None
    compared: int = 0
    beyond: Interval | None = None
    phased: int = 0
    higher: int = 0


@dataclass(frozen=True, slots=True)
class PlanGain:
    """What a plan gained by its last scores as a share of its aim by then, and beyond similar students (None: too few)."""

    plan: Plan
    share: float
    beyond: float | None
    similar: int


@dataclass(frozen=True, slots=True)
class MonthWorked:
    """What worked as of a day, by the id of the strategy."""

    day: dt.date
    rows: dict[int, Worked]


def worked_of_month(school: School) -> MonthWorked | None:
    """The figures that were kept last; None if there are none yet. All who start plans may read them."""
    last = WorkedRelease.objects.filter(school=school).last()
    if last is None:
        return None
    return MonthWorked(last.day, {int(pk): _read(row) for pk, row in last.rows.items()})


def _read(row: dict[str, Any]) -> Worked:
    intervals = {name: tuple(row[name]) if row[name] else None for name in ("share", "beyond")}
    return Worked(**{**row, **intervals})


def released(new: Worked, kept: Worked) -> Worked:
    """The figures to release: each is new if enough plans are, otherwise the one kept before, and none of few plans."""
    found: dict[str, Any] = {}
    for figure, n in (("met", "ended"), ("share", "judged"), ("beyond", "compared"), ("higher", "phased")):
        now, before = getattr(new, n), getattr(kept, n)
        is_new = now >= ENOUGH and abs(now - before) >= LEAST_NEW
        source = new if is_new else kept
        found |= {figure: getattr(source, figure), n: getattr(source, n)}
    is_new = abs(new.plans - kept.plans) >= LEAST_NEW
    return Worked(plans=new.plans if is_new else kept.plans, **found)


def what_worked(school: School, plans: PlanQuerySet) -> dict[int, Worked]:
    """Map ids of strategies to what ``plans`` of ``school`` gained; a constant number of queries.

    Of several plans of a student on one strategy and measure the last counts.

    Notes
    -----
    The level reached is the median of the last three scores since the plan's start. The aim by then is on the goal line.
    A similar student has no plan on the measure at the time, is in the same grade today, and had a first score within
    half a standard deviation of the plan's baseline; the gain is by day, between the scores nearest to the plan's start
    and to its last scores. As both were low at first, both rise a little by chance; a plan's baseline is a median of
    three, so that it rises less. Not a trial: who gets a plan is no accident.
    """
    measures = Measure.every.filter(school=school).in_bulk()
    last: dict[tuple[int, int, int], Plan] = {}
    for plan in plans.select_related("student").only(*JUDGED).order_by("starts_on", "pk"):
        plan.measure = measures[plan.measure_id]
        last[plan.student_id, plan.strategy_id, plan.measure_id] = plan
    of_strategy: dict[int, list[Plan]] = defaultdict(list)
    for plan in last.values():
        of_strategy[plan.strategy_id].append(plan)
    points = points_of_plans([*last.values()], school.today())
    gains: dict[int, list[PlanGain]] = defaultdict(list)
    for gain in plan_gains(school, [*last.values()], points):
        gains[gain.plan.strategy_id].append(gain)
    higher = _higher_during([*last.values()], points)
    return {pk: _summed(theirs, gains[pk], higher) for pk, theirs in of_strategy.items()}


def plan_gains(school: School, plans: Sequence[Plan], points: dict[int, Points]) -> list[PlanGain]:
    """What each of ``plans`` with enough scores gained; two queries."""
    reached = [(plan, *ends) for plan in plans if (ends := _reached(plan, points[plan.pk]))]
    others = _Others(school, [(plan, day) for plan, day, _level in reached])
    found = []
    for plan, day, level in reached:
        days = day - plan.line_from.toordinal()
        aim = (plan.goal - plan.baseline) / max((plan.goal_on - plan.line_from).days, 1)
        rate = (level - plan.baseline) / days
        rates = others.rates(plan, day)
        beyond = (rate - float(rates.mean())) / aim if len(rates) >= LEAST_SIMILAR else None
        found.append(PlanGain(plan, rate / aim, beyond, len(rates)))
    return found


def _reached(plan: Plan, points: Points) -> tuple[int, float] | None:
    """The day (an ordinal) and the level of the last scores; None if they are too few, too early, or without an aim."""
    since = [(day.toordinal(), value) for day, value in points if day >= plan.line_from][-LAST:]
    if len(since) < LAST or plan.goal == plan.baseline:
        return None
    day = int(np.median([day for day, _value in since]))
    if day - plan.line_from.toordinal() < LEAST_DAYS:
        return None
    return day, float(np.median([value for _day, value in since]))


class _Others:
    """Scores of the school's other students on the measures of plans, by measure and grade."""

    def __init__(self, school: School, reached: Sequence[tuple[Plan, int]]) -> None:
        scored = [(plan, day) for plan, day in reached if not plan.measure.derived_from]
        self._pools: dict[Pool, tuple[np.ndarray, np.ndarray, np.ndarray]] = {}
        self._helped: dict[int, np.ndarray] = {}
        self._gained: dict[tuple[Pool, int, int], tuple[np.ndarray, np.ndarray, float]] = {}
        if scored:
            self._read(school, scored)

    def rates(self, plan: Plan, day: int) -> np.ndarray:
        """Gains by day of the students who are similar to that of ``plan``, from its start to ``day``."""
        if plan.measure.derived_from:
            return np.empty(0)
        key = (plan.measure_id, plan.student.grade), plan.line_from.toordinal(), day
        if key not in self._gained:  # plans of a group share their days
            self._gained[key] = self._gains(*key)
        first, rates, spread = self._gained[key]
        return rates[np.abs(first - plan.baseline) <= LIKE * spread]

    def _gains(self, pool: Pool, start: int, day: int) -> tuple[np.ndarray, np.ndarray, float]:
        """First scores and gains by day of who has no plan at the time, and the spread of all first scores."""
        students, days, values = self._pools[pool]
        helped = self._helped[pool[0]]
        helped = helped[(helped[:, 1] <= day) & (helped[:, 2] >= start), 0]
        first, last = _nearest(students, days, start), _nearest(students, days, day)
        _both, at, to = np.intersect1d(students[first], students[last], return_indices=True)
        first, last = first[at], last[to]
        spread = float(values[first].std()) if len(first) else 0.0
        kept = (days[last] - days[first] >= LEAST_DAYS) & ~np.isin(students[first], helped)
        first, last = first[kept], last[kept]
        return values[first], (values[last] - values[first]) / (days[last] - days[first]), spread

    def _read(self, school: School, scored: Sequence[tuple[Plan, int]]) -> None:
        measures = {plan.measure_id for plan, _day in scored}
        since = min(plan.line_from for plan, _day in scored) - dt.timedelta(days=NEAR)
        until = dt.date.fromordinal(max(day for _plan, day in scored) + NEAR)
        rows = Score.objects.filter(
            student__school=school, measure__in=measures, taken_on__range=(since, until)
        ).annotate(grade=F("student__grade"))
        read = read_columns(rows, "student_id", "measure_id", "taken_on", "value", "grade")
        order = np.lexsort((read["taken_on"], read["student_id"]))
        student, measure, day, value, grade = (column[order] for column in read.values())
        for key in {(plan.measure_id, plan.student.grade) for plan, _day in scored}:
            here = (measure == key[0]) & (grade == key[1])
            self._pools[key] = student[here], day[here], value[here]
        spans = Plan.objects.filter(student__school=school, measure__in=measures)
        self._helped = {pk: np.empty((0, 3)) for pk in measures}
        theirs: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
        for pk, at, start, end in spans.values_list("student_id", "measure_id", "starts_on", "ended_on"):
            theirs[at].append((pk, start.toordinal(), (end or dt.date.max).toordinal()))
        self._helped |= {pk: np.array(found, float) for pk, found in theirs.items()}


def _nearest(students: np.ndarray, days: np.ndarray, day: int) -> np.ndarray:
    """Places of the score of each student that is nearest to ``day``, of those within `NEAR`; by student."""
    near = np.flatnonzero(np.abs(days - day) <= NEAR)
    order = near[np.lexsort((np.abs(days[near] - day), students[near]))]
    theirs = students[order]
    return order[np.r_[True, theirs[1:] != theirs[:-1]]] if len(order) else order


def _higher_during(plans: Iterable[Plan], points: dict[int, Points]) -> dict[int, bool]:
    """Map ids of plans with enough scores before and during to whether those during overlap little with those before."""
    import pandas as pd

    from datareview.analysis.caseeffects import effects_by_series
    from datareview.analysis.schema import OK

    rows = [
        (plan.pk, day >= plan.line_from, day.toordinal(), value, plan.measure.higher_is_better)
        for plan in plans
        for day, value in points[plan.pk]
    ]
    if not rows:
        return {}
    frame = pd.DataFrame(rows, columns=["series", "is_intervention", "day", "value", "higher_is_better"])
    found = effects_by_series(frame)
    made = found[found["status"] == OK]
    pairs = zip(made.index.astype(int), made["strength"], strict=True)
    return {int(pk): strength == "strong" for pk, strength in pairs}


def _summed(plans: Sequence[Plan], gains: Sequence[PlanGain], higher: dict[int, bool]) -> Worked:
    compared = [gain for gain in gains if gain.beyond is not None]
    phased = [higher[plan.pk] for plan in plans if plan.pk in higher]
    return Worked(
        plans=len(plans),
        ended=sum(plan.state == Plan.State.ENDED for plan in plans),
        met=sum(plan.outcome == Plan.Outcome.MET for plan in plans),
        judged=len(gains),
        share=_mean(gains, [gain.share for gain in gains]),
        compared=len(compared),
        beyond=_mean(compared, [gain.beyond for gain in compared]),
        phased=len(phased),
        higher=sum(phased),
    )


def _mean(gains: Sequence[PlanGain], values: Sequence[float | None]) -> Interval | None:
    """The mean with Student's interval; None of fewer than `ENOUGH` students."""
    from datareview.analysis.paired import paired_change

    if len({gain.plan.student_id for gain in gains}) < ENOUGH:
        return None
    found = paired_change(np.zeros(len(values)), np.array(values, float))
    if found.change is None or found.low is None or found.high is None:
        return None
    return found.change, found.low, found.high
