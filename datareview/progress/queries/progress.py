"""Progress of plans: the kernel's verdict on scores and delivery, and the verdict in words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from datareview.progress.models import Session
from datareview.trends.queries.trends import BANDS
from teams.directory.models import Holiday
from teams.lib import formats
from teams.lib.rounding import fewest_places

if TYPE_CHECKING:
    from collections.abc import Iterable

    from datareview.analysis.decisions import Dosage, PlanRule, Verdict
    from datareview.analysis.goals import GoalLine, Projection
    from datareview.figures.queries.student import Points
    from datareview.plans.models import Plan

# Label and color (tone) of each verdict, in order of urgency.
LABELS = {
    "change": (gettext_lazy("Off track"), "act"),
    "together": (gettext_lazy("Uncertain"), "wait"),
    "deliver": (gettext_lazy("Not delivered enough"), "wait"),
    "collect": (gettext_lazy("Not enough data"), ""),
    "continue": (gettext_lazy("On track"), "done"),
    "raise": (gettext_lazy("Ahead of the line"), "done"),
}
ADVICE = {
    "change": gettext_lazy("change the instruction"),
    "together": gettext_lazy("the rules disagree, so decide together"),
    "deliver": gettext_lazy("fix the delivery before judging the plan"),
    "collect": gettext_lazy("keep collecting scores"),
    "continue": gettext_lazy("continue"),
    "raise": gettext_lazy("raise the goal or plan the exit"),
}
RULE_NAMES = {
    "trend": gettext_lazy("Trend against the goal line"),
    "four-point": gettext_lazy("Last four scores"),
    "median": gettext_lazy("Median of the last three"),
}


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of a plan: verdict, label and color, advice, and a sentence with the figures."""

    verdict: Verdict
    label: str
    tone: str
    advice: str
    sentence: str
    dosage: str

    @property
    def delivered_percent(self) -> int | None:
        """Percentage of planned sessions held, rounded down (79.6 is not 80); None before the first."""
        dosage = self.verdict.dosage
        return min(100 * dosage.held // dosage.planned, 100) if dosage.planned else None


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """One decision rule in words."""

    name: str
    says: str
    sentence: str


def progress_of(plan: Plan, points: Points, today: dt.date, closed: set[dt.date]) -> Progress:
    """The progress of ``plan`` on ``points``; reads the plan's sessions and phase changes."""
    from datareview.analysis.decisions import judge_plan

    days, values = _arrays(points)
    verdict = judge_plan(
        days,
        values,
        goal_line(plan),
        dosage_of(plan, today, closed),
        since=phase_start(plan).toordinal(),
        higher_is_better=plan.measure.higher_is_better,
    )
    label, tone = LABELS[verdict.says]
    return Progress(
        verdict,
        str(label),
        tone,
        str(ADVICE[verdict.says]),
        _scores_in_words(verdict),
        _dosage_in_words(verdict.dosage),
    )


def projection_of(plan: Plan, points: Points, today: dt.date) -> Projection:
    """Project the trend of the current phase to the goal date."""
    from datareview.analysis.goals import project

    days, values = _arrays([point for point in points if point[0] >= phase_start(plan)])
    scale = (plan.measure.scale_min, plan.measure.scale_max)
    up = plan.measure.higher_is_better
    return project(days, values, goal_line(plan), now=today.toordinal(), higher_is_better=up, scale=scale)


def projection_in_words(projection: Projection, plan: Plan) -> str:
    """One sentence with the interval, or "" if there are too few scores."""
    from datareview.analysis.goals import chance_band

    if projection.chance is None:
        return (
            _("The goal date is too far away for a projection.")
            if projection.reason == "too far to project"
            else ""
        )
    expected = {"value": projection.value, "low": projection.low, "high": projection.high}
    figures = {name: formats.number(value or 0, 0) for name, value in expected.items()}
    figures["goal"] = formats.number(plan.goal)
    sentence = _("At this rate %(value)s (80%% interval %(low)s to %(high)s) on the goal date") % figures
    return f"{sentence}: {str(BANDS[chance_band(projection.chance)]) % figures}."


def phase_start(plan: Plan) -> dt.date:
    """The first day of the current phase: the last phase change or the plan's start. Rules use no earlier data."""
    return max([plan.starts_on, *[change.changed_on for change in plan.phase_changes.all()]])


def goal_line(plan: Plan) -> GoalLine:
    """The kernel's goal line of ``plan``."""
    from datareview.analysis.goals import GoalLine

    return GoalLine(plan.starts_on.toordinal(), plan.baseline, plan.goal_on.toordinal(), plan.goal)


def planned_days(plan: Plan, until: dt.date, closed: set[dt.date]) -> list[dt.date]:
    """School days of delivery, by the plan's weekdays, from its start to the day before ``until``."""
    days = (
        plan.starts_on + dt.timedelta(days=offset) for offset in range(max((until - plan.starts_on).days, 0))
    )
    return [day for day in days if day.weekday() in plan.weekdays and day not in closed]


def dosage_of(plan: Plan, today: dt.date, closed: set[dt.date]) -> Dosage:
    """Numbers of sessions planned, held, and not held, up to yesterday, and today if logged."""
    from datareview.analysis.decisions import Dosage

    until = min(today, plan.ended_on or today)
    logged = {session.held_on: session for session in plan.sessions.all() if session.held_on <= today}
    planned = {*planned_days(plan, until, closed), *logged}
    held = sum(session.result == Session.Result.HELD for session in logged.values())
    return Dosage(planned=len(planned), held=held, not_held=len(logged) - held)


def closed_days(school_ids: Iterable[int]) -> set[dt.date]:
    """All days on which the schools are closed."""
    closed: set[dt.date] = set()
    for first, last in Holiday.objects.filter(school__in=set(school_ids)).values_list("starts_on", "ends_on"):
        closed.update(first + dt.timedelta(days=offset) for offset in range((last - first).days + 1))
    return closed


def arithmetic_of(verdict: Verdict) -> list[Arithmetic]:
    """All decision rules with their figures."""
    return [
        Arithmetic(str(RULE_NAMES[rule.name]), str(ADVICE[rule.says]), _rule_in_words(rule))
        for rule in verdict.rules
    ]


def _arrays(points: Points) -> tuple[np.ndarray, np.ndarray]:
    days = np.array([day.toordinal() for day, _value in points], dtype=np.int64)
    return days, np.array([value for _day, value in points], dtype=float)


def _scores_in_words(verdict: Verdict) -> str:
    if verdict.n == 0:
        return _("No score yet since this began. A judgment needs six scores over six weeks.")
    weeks = max(int(verdict.weeks), 1)
    scores = ngettext("%(n)d score", "%(n)d scores", verdict.n) % {"n": verdict.n}
    since = ngettext("over %(weeks)d week", "over %(weeks)d weeks", weeks) % {"weeks": weeks}
    if verdict.says == "collect":
        return _("%(scores)s %(since)s. A judgment needs six scores over six weeks.") % {
            "scores": scores,
            "since": since,
        }
    if verdict.is_provisional:
        return _("%(scores)s %(since)s: provisional, under ten scores.") % {"scores": scores, "since": since}
    return f"{scores} {since}."


def _dosage_in_words(dosage: Dosage) -> str:
    if not dosage.planned:
        return _("No sessions were planned up to today")
    return _("%(held)d of %(planned)d planned sessions held") % {
        "held": dosage.held,
        "planned": dosage.planned,
    } + "".join(
        part % {"n": n}
        for n, part in (
            (dosage.not_held, _(", %(n)d not held")),
            (dosage.not_logged, _(", %(n)d not logged")),
        )
        if n
    )


def _rule_in_words(rule: PlanRule) -> str:
    figures = rule.figures
    if rule.name == "trend" and "low" in figures:
        interval = figures["low"], figures["high"]
        places = fewest_places(interval, [figures["needed"]], least=2, rounds_marks=True)
        slopes = {name: formats.signed(figures[name], places) for name in ("slope", "low", "high", "needed")}
        return _(
            "Growth %(slope)s a week, 90%% interval %(low)s to %(high)s over %(n)d scores. The goal "
            "needs %(needed)s."
        ) % {"n": figures["n"], **slopes}
    if rule.name == "trend":
        words = _("All %(n)d scores are the same. The goal needs %(needed)s a week.")
        return words % {"n": figures["n"], "needed": formats.signed(figures["needed"], 2)}
    if rule.name == "four-point":
        return (
            _(
                "Of the last four scores, %(below)d are on the wrong side of the goal line and "
                "%(above)d are past it."
            )
            % figures
        )
    median, line = figures["median"], figures["line"]
    places = fewest_places([median], [line], least=1, rounds_marks=True)
    return _("Median %(median)s; the goal line is at %(line)s.") % {
        "median": formats.fixed(median, places),
        "line": formats.fixed(line, places),
    }
