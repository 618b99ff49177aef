"""What makes a flag resolve, as a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from datareview.flags.models import Rule
from teams.lib import formats

if TYPE_CHECKING:
    from collections.abc import Callable


def clears_when(rule: Rule, evidence: dict[str, Any]) -> str:
    """The condition under which the flag resolves, if met at two checks a week apart."""
    return _CLEARS[rule.kind](rule, evidence)


def _attendance_clears(rule: Rule, evidence: dict[str, Any]) -> str:
    watch, margin = rule.cut_points["watch"], rule.cut_points["margin"]
    if not margin:
        return _("Clears below %(cut)s of days absent.") % {"cut": formats.percent(watch)}
    cut = formats.percent(max(watch - margin, 0))
    return _("Clears at %(cut)s of days absent or less.") % {"cut": cut}


def _behavior_clears(rule: Rule, evidence: dict[str, Any]) -> str:
    if rule.cut_points["watch"] == 1:
        return _("Clears without an incident in the window.")
    words = _("Clears under %(n)d incidents and without a suspension in the window.")
    return words % {"n": rule.cut_points["watch"]}


def _course_clears(rule: Rule, evidence: dict[str, Any]) -> str:
    cut_points = rule.cut_points
    return ngettext(
        "Clears when every core course is at %(cut)s or more and none is down %(drop)s point.",
        "Clears when every core course is at %(cut)s or more and none is down %(drop)s points.",
        int(cut_points["drop"]),
    ) % {
        "cut": formats.percent(min(cut_points["watch"] + cut_points["margin"], 100)),
        "drop": formats.number(cut_points["drop"]),
    }


def _benchmark_clears(rule: Rule, evidence: dict[str, Any]) -> str:
    measure, cut = rule.measure, evidence["cut"]
    if not (measure and measure.sem):
        return _("Clears with a score of %(cut)s, the benchmark.") % {"cut": formats.number(cut)}
    words = _("Clears with a score of %(cut)s, the benchmark plus one score error.")
    return words % {"cut": formats.number(cut + (measure.sem if measure.higher_is_better else -measure.sem))}


def _growth_clears(rule: Rule, evidence: dict[str, Any]) -> str:
    return _("Clears when growth is as likely to reach what is expected for the grade as to miss it.")


def _conditions_clears(rule: Rule, evidence: dict[str, Any]) -> str:
    return _("Clears once its conditions are past the margin of each.")


def _scorecard_clears(rule: Rule, evidence: dict[str, Any]) -> str:
    watch = rule.cut_points["watch"]
    return ngettext("Clears below %(n)d point.", "Clears below %(n)d points.", watch) % {"n": watch}


_CLEARS: dict[str, Callable[[Rule, dict[str, Any]], str]] = {
    Rule.Kind.ATTENDANCE: _attendance_clears,
    Rule.Kind.BEHAVIOR: _behavior_clears,
    Rule.Kind.COURSE: _course_clears,
    Rule.Kind.BENCHMARK: _benchmark_clears,
    Rule.Kind.GROWTH: _growth_clears,
    Rule.Kind.CONDITIONS: _conditions_clears,
    Rule.Kind.SCORECARD: _scorecard_clears,
}
