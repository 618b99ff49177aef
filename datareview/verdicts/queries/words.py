"""A plan's verdict in words: labels, advice, and sentences with their figures."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from datareview.trends.queries.trends import BANDS
from teams.lib import formats
from teams.lib.rounding import fewest_places

if TYPE_CHECKING:
    from datareview.analysis.goals import GoalLine
    from datareview.analysis.planrules import PlanRule
    from datareview.analysis.verdicts import Dosage, Verdict
    from datareview.plans.models import Plan

# Label and color (tone) of each verdict, in order of urgency.
LABELS = {
    "floor": (gettext_lazy("At the end of the scale"), "act"),
    "change": (gettext_lazy("Off track"), "act"),
    "probe": (gettext_lazy("Scores are late"), "wait"),
    "together": (gettext_lazy("Uncertain"), "wait"),
    "collect": (gettext_lazy("Not enough data"), ""),
    "met": (gettext_lazy("Goal met"), "done"),
    "continue": (gettext_lazy("On track"), "done"),
    "raise": (gettext_lazy("Ahead of the line"), "done"),
}
ADVICE = {
    "floor": gettext_lazy("use an easier task to measure, or change the instruction"),
    "change": gettext_lazy("change the instruction"),
    "probe": gettext_lazy("take a score before judging the plan"),
    "together": gettext_lazy("the data leave it open, so decide together"),
    "collect": gettext_lazy("keep collecting scores"),
    "met": gettext_lazy("plan the exit or raise the goal"),
    "continue": gettext_lazy("continue"),
    "raise": gettext_lazy("raise the goal or plan the exit"),
}
# Label and advice if delivery is not enough; it stands beside the verdict on the scores.
DELIVERY = {
    "low": (gettext_lazy("Not delivered enough"), gettext_lazy("fix the delivery")),
    "unlogged": (
        gettext_lazy("Sessions not logged"),
        gettext_lazy("log what was held, and why the rest was not"),
    ),
}
RULE_NAMES = {
    "trend": gettext_lazy("Trend against the goal line"),
    "four-point": gettext_lazy("Last four scores"),
    "median": gettext_lazy("Median of the last three"),
}


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """One decision rule in words."""

    name: str
    says: str
    sentence: str


def goal_line(plan: Plan) -> GoalLine:
    """The kernel's goal line of ``plan``."""
    from datareview.analysis.goals import GoalLine

    return GoalLine(plan.line_from.toordinal(), plan.baseline, plan.goal_on.toordinal(), plan.goal)


def projection_in_words(verdict: Verdict, plan: Plan) -> str:
    """One sentence with the interval and the chance that decides, or "" if there are too few scores."""
    from datareview.analysis.goals import chance_band

    projection = verdict.projection
    if projection is None or projection.chance is None or verdict.chance_day is None:
        return ""
    day = dt.date.fromordinal(verdict.chance_day)
    expected = {"value": projection.value, "low": projection.low, "high": projection.high}
    figures = {name: formats.number(value or 0, 0) for name, value in expected.items()}
    figures["goal"] = formats.number(float(goal_line(plan).at(np.array([verdict.chance_day]))[0]), 1)
    figures["day"] = formats.day(day)
    sentence = _("At this rate %(value)s (80%% interval %(low)s to %(high)s) on %(day)s") % figures
    if day < plan.goal_on:
        sentence = (
            _("At this rate %(value)s (80%% interval %(low)s to %(high)s) on %(day)s, as far as one can tell")
            % figures
        )
    return f"{sentence}: {str(BANDS[chance_band(projection.chance)]) % figures}."


def dissent_in_words(verdict: Verdict) -> str:
    """Say why rules and chance disagree, or "" if they do not."""
    if not verdict.dissent:
        return ""
    names = get_text_list([str(RULE_NAMES[rule.name]).lower() for rule in verdict.dissent], _("and"))
    why = {
        "change": _(
            "The goal is unlikely by level and growth together, but not every rule sees that yet: %(rules)s."
        ),
        "met": _("The last scores have reached the goal, so growth matters less now: %(rules)s."),
    }.get(
        verdict.says,
        _("The goal can still be reached by level and growth together, but look at: %(rules)s."),
    )
    return why % {"rules": names}


def arithmetic_of(verdict: Verdict) -> list[Arithmetic]:
    """All decision rules with their figures."""
    return [
        Arithmetic(str(RULE_NAMES[rule.name]), str(ADVICE[rule.says]), _rule_in_words(rule))
        for rule in verdict.rules
    ]


def scores_in_words(verdict: Verdict, *, is_remeasured: bool = False) -> str:
    """Say first what must not be hidden, then the number of scores of this phase, then the verdict since the plan began.

    If it ``is_remeasured``, since its measure changed: values of two measures are not judged together.
    """
    sentences = [_this_phase(verdict)]
    if verdict.says == "floor":
        sentences.insert(
            0, _("The last four scores are the worst that the scale allows: they cannot show growth.")
        )
    elif verdict.says == "met":
        sentences.insert(0, _("The last three scores have reached the goal."))
    elif verdict.says == "probe" and verdict.n:
        words = ngettext(
            "No new score for %(n)d day of school time.",
            "No new score for %(n)d days of school time.",
            verdict.unseen,
        )
        sentences.insert(0, words % {"n": verdict.unseen})
    if verdict.whole is not None and verdict.whole.status == "ok":
        label = str(LABELS[verdict.whole.says][0]).lower()
        words = _("Since the plan began: %(label)s, %(scores)s.")
        if is_remeasured:
            words = _("Since the measure changed: %(label)s, %(scores)s.")
        sentences.append(words % {"label": label, "scores": _scores(verdict.whole)})
    return " ".join(sentences)


def _this_phase(verdict: Verdict) -> str:
    changed = verdict.whole is not None
    if verdict.n == 0:
        words = _("No score yet since the change.") if changed else _("No score yet since this began.")
        return f"{words} " + _("A judgment needs six scores over six weeks.")
    scores = _scores(verdict)
    if changed:
        scores = _("Since the change: %(scores)s") % {"scores": scores}
    if verdict.status != "ok":
        return f"{scores}. " + _("A judgment needs six scores over six weeks.")
    if verdict.is_provisional:
        return _("%(scores)s: provisional, under ten scores.") % {"scores": scores}
    return f"{scores}."


def _scores(verdict: Verdict) -> str:
    weeks = max(int(verdict.weeks), 1)
    scores = ngettext("%(n)d score", "%(n)d scores", verdict.n) % {"n": verdict.n}
    since = ngettext("over %(weeks)d week", "over %(weeks)d weeks", weeks) % {"weeks": weeks}
    return f"{scores} {since}"


def dosage_in_words(dosage: Dosage) -> str:
    """Count planned, held and extra sessions, those not held and those not logged."""
    if not dosage.planned:
        return _("No sessions were planned up to today")
    return _("%(held)d of %(planned)d planned sessions held") % {
        "held": dosage.held,
        "planned": dosage.planned,
    } + "".join(
        part % {"n": n}
        for n, part in (
            (dosage.extra, _(", %(n)d extra")),
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
