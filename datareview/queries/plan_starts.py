"""What a new plan starts from: a baseline from the data, a goal that is within reach, who has room."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from datareview.lib.windows import window_of
from datareview.models import Benchmark, Flag, Measure, Score, Strategy
from datareview.queries.plans import provider_loads
from teams.models import Staff

if TYPE_CHECKING:
    from datareview.models import Candidate, Student

WEEKS_TO_GOAL = 12
WEEKS_TO_REVIEW = 6
AMBITION = 1.5  # times typical growth: what an intervention aims at


@dataclass(frozen=True, slots=True)
class Start:
    """Starting values of the form, and the sentences that say where they come from."""

    initial: dict[str, Any]
    baseline_words: str
    goal_words: str
    strategies: list[Strategy]
    providers: list[tuple[Staff, int]]


def plan_start(student: Student, candidate: Candidate | None, measure: Measure | None = None) -> Start:
    """Suggest a plan for ``student``, for what ``candidate`` is about."""
    today = student.school.today()
    measure = measure or _measure_for(student, candidate)
    strategies = list(Strategy.objects.filter(school=student.school).order_by("name"))
    domain = candidate.domain if candidate else (measure.domain if measure else "")
    strategies.sort(key=lambda one: one.domain != domain)
    baseline, baseline_words = _baseline(student, measure, today)
    goal, goal_words = _goal(student, measure, baseline, today)
    first = strategies[0] if strategies else None
    initial = {
        "concern": candidate.reason if candidate else "",
        "strategy": first.uuid if first else None,
        "measure": measure.uuid if measure else None,
        "minutes": first.minutes if first else 20,
        "weekdays": [0, 2, 4] if not first or first.sessions_per_week <= 3 else [0, 1, 2, 3, 4],
        "baseline": baseline,
        "goal": goal,
        "goal_on": today + dt.timedelta(weeks=WEEKS_TO_GOAL),
        "review_on": today + dt.timedelta(weeks=WEEKS_TO_REVIEW),
        "tier": 2,
    }
    loads = provider_loads(student.school)
    staff = Staff.objects.active().filter(school=student.school).select_related("user")
    return Start(initial, baseline_words, goal_words, strategies, [(one, loads.get(one.pk, 0)) for one in staff])


def _measure_for(student: Student, candidate: Candidate | None) -> Measure | None:
    """The measure of the candidate's flag; else the probe the student has most scores on; else any."""
    if candidate:
        flags = candidate.flags.filter(state=Flag.State.OPEN, rule__measure__isnull=False)
        flag = flags.select_related("rule__measure").order_by("-severity").first()
        if flag and flag.rule.measure and not flag.rule.measure.derived_from:
            return flag.rule.measure
    recent = Score.objects.filter(student=student, measure__derived_from="").order_by("-taken_on")
    probe = recent.filter(measure__kind=Measure.Kind.PROBE).select_related("measure").first()
    last = probe or recent.select_related("measure").first()
    return last.measure if last else Measure.objects.filter(school=student.school, derived_from="").first()


def _baseline(student: Student, measure: Measure | None, today: dt.date) -> tuple[float | None, str]:
    """Median of the last three scores of the last six weeks, with where it comes from."""
    if measure is None:
        return None, _("This school has no measure yet.")
    since = today - dt.timedelta(weeks=6)
    rows = Score.objects.filter(student=student, measure=measure, taken_on__range=(since, today)).order_by("-taken_on")
    recent = list(rows.values_list("taken_on", "value")[:3])
    if not recent:
        return None, _("No score of %(measure)s in the last six weeks: take three probes first.") % {"measure": measure}
    median = float(np.median([value for _day, value in recent]))
    shown = ", ".join(f"{value:g} ({date_format(day, 'j M')})" for day, value in reversed(recent))
    words = _("Median of the last %(n)d: %(shown)s.") % {"n": len(recent), "shown": shown}
    if len(recent) < 3:
        words += " " + _("Three probes make a baseline.")
    return median, words


def _goal(
    student: Student, measure: Measure | None, baseline: float | None, today: dt.date
) -> tuple[float | None, str]:
    """One and a half times typical growth for twelve weeks, or the benchmark when that is nearer."""
    if measure is None or baseline is None or student.grade is None:
        return None, ""
    goal_on = today + dt.timedelta(weeks=WEEKS_TO_GOAL)
    cuts = Benchmark.objects.filter(measure=measure, grade=student.grade, window=window_of(goal_on)).first()
    if cuts is None or not cuts.growth_per_week:
        return None, _("No typical growth is known for this measure and grade: set a goal the team believes in.")
    sign = 1 if measure.higher_is_better else -1
    reach = baseline + sign * AMBITION * abs(cuts.growth_per_week) * WEEKS_TO_GOAL
    goal = min(reach, cuts.at) if sign > 0 and baseline < cuts.at else reach
    goal = float(round(min(max(goal, measure.scale_min), measure.scale_max)))
    rate = (goal - baseline) / WEEKS_TO_GOAL
    words = _(
        "%(rate)+.1f a week for %(weeks)d weeks; typical for the grade is %(typical)+.1f, benchmark then %(cut)g."
    ) % {"rate": rate, "weeks": WEEKS_TO_GOAL, "typical": cuts.growth_per_week, "cut": cuts.at}
    return goal, words
