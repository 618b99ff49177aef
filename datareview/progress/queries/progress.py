"""Progress of plans: the kernel's verdict on scores and delivery."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from django.utils.translation import gettext as _

from datareview.progress.models import Session
from datareview.verdicts.queries.cuts import cuts_of
from datareview.verdicts.queries.words import (
    ADVICE,
    DELIVERY,
    LABELS,
    dosage_in_words,
    goal_line,
    scores_in_words,
)
from teams.lib import formats

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from datareview.analysis.verdicts import Cuts, Dosage, PlanCase, Verdict
    from datareview.figures.queries.student import Points
    from datareview.plans.models import Plan
    from datareview.progress.models import PhaseChange


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of a plan: verdict, label and color, advice, and a sentence with the figures.

    ``delivery`` is the label of a delivery that is not enough, with its own advice, or "".
    """

    verdict: Verdict
    label: str
    tone: str
    advice: str
    sentence: str
    dosage: str
    delivery: str = ""
    delivery_advice: str = ""

    @property
    def delivered_percent(self) -> int | None:
        """Percentage of planned sessions held or made up, rounded down (79.6 is not 80); None before the first."""
        dosage = self.verdict.dosage
        held = dosage.held + dosage.extra
        return min(100 * held // dosage.planned, 100) if dosage.planned else None

    def is_shown_as(self, key: str) -> bool:
        """Whether the plan belongs under ``key`` of `LABELS` or `DELIVERY`."""
        return key in (self.verdict.says, self.verdict.dosage.state)


def progress_of(plan: Plan, points: Points, today: dt.date, closed: set[dt.date]) -> Progress:
    """The progress of ``plan`` on ``points``; reads the plan's sessions and phase changes."""
    return progress_of_plans([plan], {plan.pk: points}, today, closed)[0]


def progress_of_plans(
    plans: Sequence[Plan],
    points: Mapping[int, Points],
    today: dt.date,
    closed: set[dt.date],
    *,
    cuts: Mapping[int, Cuts] | None = None,
) -> list[Progress]:
    """The progress of each of ``plans`` on its points, by id; judged together, which is much faster.

    ``cuts`` are the cut points by school's id (default: those that the schools have set).
    """
    from datareview.analysis.decisions import judge_plans

    of_school: dict[int, list[Plan]] = defaultdict(list)
    for plan in plans:
        of_school[plan.student.school_id].append(plan)
    cuts = cuts_of(of_school) if cuts is None else cuts
    found: dict[int, Verdict] = {}
    for school_id, theirs in of_school.items():
        cases = [_case(plan, points[plan.pk], today, closed) for plan in theirs]
        verdicts = judge_plans(cases, cuts=cuts[school_id])
        found.update(zip((plan.pk for plan in theirs), verdicts, strict=True))
    return [_in_words(plan, found[plan.pk], today) for plan in plans]


def _case(plan: Plan, points: Points, today: dt.date, closed: set[dt.date]) -> PlanCase:
    from datareview.analysis.verdicts import PlanCase

    measure = plan.measure
    return PlanCase(
        *_arrays(points),
        goal_line(plan),
        dosage_of(plan, today, closed),
        since=phase_start(plan).toordinal(),
        start=plan.line_from.toordinal(),
        now=today.toordinal(),
        unseen=_days_unseen(plan, points, today, closed),
        higher_is_better=measure.higher_is_better,
        # A share of days or a count of incidents at its end is a finding, not a task too hard to show growth.
        scale=None if measure.derived_from else (measure.scale_min, measure.scale_max),
    )


def _in_words(plan: Plan, verdict: Verdict, today: dt.date) -> Progress:
    label, tone = LABELS[verdict.says]
    delivery, next_step = DELIVERY.get(verdict.dosage.state, ("", ""))
    sentence = scores_in_words(verdict, is_remeasured=plan.measured_from is not None)
    if plan.starts_on > today:
        sentence = _("It begins on %(day)s.") % {"day": formats.day(plan.starts_on)}
    return Progress(
        verdict,
        str(label),
        tone,
        str(ADVICE[verdict.says]),
        sentence,
        dosage_in_words(verdict.dosage),
        str(delivery),
        str(next_step),
    )


def phase_start(plan: Plan) -> dt.date:
    """The first day of the current phase: the last phase change or the plan's start. Rules use no earlier data."""
    return max([plan.starts_on, *[change.changed_on for change in plan.phase_changes.all()]])


def planned_days(plan: Plan, until: dt.date, closed: set[dt.date]) -> list[dt.date]:
    """School days of delivery, by the plan's weekdays, from its start to the day before ``until``, but for pauses."""
    changes = list(plan.phase_changes.all())
    pauses = [(change.paused_from, change.changed_on) for change in changes if change.paused_from]
    schedules = _schedules(changes)
    days = (
        plan.starts_on + dt.timedelta(days=offset) for offset in range(max((until - plan.starts_on).days, 0))
    )
    return [
        day
        for day in days
        if day.weekday() in _weekdays_on(plan, schedules, day)
        and day not in closed
        and not any(first <= day < again for first, again in pauses)
    ]


def weekdays_on(plan: Plan, day: dt.date) -> list[int]:
    """The weekdays of delivery as they were on ``day``, before later changes of the schedule."""
    return _weekdays_on(plan, _schedules(plan.phase_changes.all()), day)


def _schedules(changes: Iterable[PhaseChange]) -> list[tuple[dt.date, list[int]]]:
    """The days of changes of the schedule, in order, each with the weekdays before it."""
    return sorted(
        (change.changed_on, change.weekdays_before)
        for change in changes
        if change.weekdays_before is not None
    )


def _weekdays_on(plan: Plan, schedules: Sequence[tuple[dt.date, list[int]]], day: dt.date) -> list[int]:
    return next((weekdays for changed_on, weekdays in schedules if changed_on > day), plan.weekdays)


def is_planned_on(plan: Plan, day: dt.date, closed: set[dt.date]) -> bool:
    """Whether ``plan``, not paused or ended, is delivered on ``day``, today or later: begun, and the school open."""
    return day >= plan.starts_on and day.weekday() in plan.weekdays and day not in closed


def dosage_of(plan: Plan, today: dt.date, closed: set[dt.date]) -> Dosage:
    """Numbers of sessions planned, held, not held and extra, up to yesterday, and today if logged."""
    from datareview.analysis.verdicts import Dosage

    until = min(today, plan.ended_on or today)
    logged = {session.held_on: session for session in plan.sessions.all() if session.held_on <= today}
    days = planned_days(plan, until + dt.timedelta(days=1), closed)
    planned = {day for day in days if day < until or day in logged}
    held = {day for day, session in logged.items() if session.result == Session.Result.HELD}
    return Dosage(
        planned=len(planned),
        held=len(held & planned),
        not_held=len((logged.keys() - held) & planned),
        extra=len(held - planned),
    )


def _days_unseen(plan: Plan, points: Points, today: dt.date, closed: set[dt.date]) -> int:
    """Days since the last score, start or reopening, days of a closed school aside; 0 for a plan that has ended."""
    if plan.ended_on:
        return 0
    reopened = [change.changed_on for change in plan.phase_changes.all() if change.paused_from]
    last = max([plan.line_from, *reopened, *[day for day, _value in points]])
    days = (last + dt.timedelta(days=offset) for offset in range(1, (today - last).days + 1))
    return sum(day not in closed for day in days)


def _arrays(points: Points) -> tuple[np.ndarray, np.ndarray]:
    days = np.array([day.toordinal() for day, _value in points], dtype=np.int64)
    return days, np.array([value for _day, value in points], dtype=float)
