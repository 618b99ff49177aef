"""Judgements of students by rules, and their sentences for readers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from datareview.flags.conditions import DATA, OPERATORS
from datareview.flags.models import Candidate, Rule, Severity
from teams.lib import formats
from teams.lib.rounding import fewest_places

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

NOTHING = 0  # the severity if a rule is not met
ATTENDANCE_CUTS = ("watch", "act", "severe")
MOST_MARKS, LONGEST_NAME, LONGEST_LIST = (
    5,
    40,
    240,
)  # of what a sentence names, which must fit into Flag.reason


@dataclass(frozen=True, slots=True)
class Judgement:
    """The result of one rule for one student as of a day.

    ``severity`` is `NOTHING` if the rule is not met. ``is_clear`` is true if the value is past the margin at which an
    open flag may resolve. ``evidence`` has the figures for the sentence, none if there was too little data to judge.
    ``keeps`` is the severity an open flag would keep: more than ``severity`` if the value is within the margin of a
    more severe cut point.
    """

    domain: str
    severity: int
    is_clear: bool
    evidence: dict[str, Any] = field(default_factory=dict)
    keeps: int = NOTHING

    def stays(self, was: int, before: int) -> int:
        """The severity an open flag of severity ``was`` keeps if the rule's was ``before`` a week ago.

        `NOTHING` if the flag may resolve. Without evidence nothing was judged, and the flag stays as it was.
        """
        if not self.evidence:
            return was
        least = NOTHING if self.is_clear else Severity.WATCH
        return min(was, max(self.keeps, before, least))


def in_each_language(say: Callable[[], str]) -> dict[str, str]:
    """What ``say`` returns in each language of the product, by its code, to be stored for every reader."""
    found = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found[code] = say()
    return found


def reason_of(rule: Rule, evidence: dict[str, Any]) -> str:
    """The sentence of a flag: the value, its base, and the cut point."""
    return _SENTENCES[rule.kind](rule, evidence)


def kept_reason(rule: Rule, evidence: dict[str, Any], severity: int) -> str:
    """The sentence of a flag that keeps a ``severity`` above what its figures give, with the cut point of that one."""
    if rule.kind == Rule.Kind.ATTENDANCE:
        evidence = evidence | {"cut": rule.cut_points[ATTENDANCE_CUTS[severity - 1]]}
    words = _("%(reason)s Stays at “%(severity)s” until two checks a week apart are past the margin.")
    return words % {"reason": reason_of(rule, evidence), "severity": Severity(severity).label}


def whole_sentences(reasons: Iterable[str]) -> str:
    """Join as many reasons as fit into `Candidate.reason`, uncut: half a sentence could state another number."""
    room = Candidate._meta.get_field("reason").max_length or 0  # noqa: SLF001 (Django's API)
    text = ""
    for reason in reasons:
        longer = f"{text} {reason}".lstrip()
        if len(longer) > room:
            break
        text = longer
    return text


def _figure(value: float, *cuts: float) -> str:
    """Format ``value`` without decimals, or with as many as keep it on its side of every cut point."""
    return formats.fixed(value, fewest_places([value], cuts))


def _plain(value: float, *cuts: float) -> str:
    """Format ``value`` with at most two decimals, or more if needed to keep it on its side of every cut point."""
    return formats.number(value, fewest_places([value], cuts, least=2))


def _share(value: float, *cuts: float) -> str:
    """Format a percentage as `_figure` does."""
    return formats.percent(value, fewest_places([value], cuts))


def _attendance(rule: Rule, evidence: dict[str, Any]) -> str:
    cuts = [rule.cut_points[name] for name in ATTENDANCE_CUTS]
    return _("Absent %(absent)s of %(enrolled)s days (%(share)s). The cut point is %(cut)s.") % {
        "absent": formats.number(evidence["absent"]),
        "enrolled": formats.number(evidence["enrolled"]),
        "share": _share(evidence["share"], *cuts),
        "cut": formats.percent(evidence["cut"]),
    }


def _behavior(rule: Rule, evidence: dict[str, Any]) -> str:
    incidents = ngettext(
        "%(count)d incident in the last %(days)d school days",
        "%(count)d incidents in the last %(days)d school days",
        evidence["incidents"],
    ) % {"count": evidence["incidents"], "days": evidence["days"]}
    if not evidence["suspensions"]:
        return incidents + "."
    suspensions = ngettext("%(count)d suspension", "%(count)d suspensions", evidence["suspensions"]) % {
        "count": evidence["suspensions"]
    }
    return f"{incidents}, {suspensions}."


def _course(rule: Rule, evidence: dict[str, Any]) -> str:
    cut, failing = evidence["cut"], evidence["failing"]
    if not failing and not evidence["dropped"]:
        name, percent = evidence["lowest"]
        words = _("The lowest mark is %(mark)s in %(name)s. The cut point is %(cut)s.")
        return words % {"name": name, "mark": _share(percent, cut), "cut": formats.percent(cut)}
    if not failing:
        name, drop = evidence["dropped"]
        line = rule.cut_points["drop"]
        words = _("%(name)s is down %(drop)s points from six weeks earlier. The cut point is %(cut)s.")
        return words % {"name": name, "drop": _figure(drop, line), "cut": formats.number(line)}
    named = failing[:MOST_MARKS]
    marks = ", ".join(
        f"{Truncator(name).chars(LONGEST_NAME)} {_share(percent, cut)}" for name, percent in named
    )
    at, more = formats.percent(cut), len(failing) - len(named)
    if not more:
        return _("Below %(cut)s in %(marks)s.") % {"cut": at, "marks": marks}
    words = _("Below %(cut)s in %(marks)s and %(more)d more.")
    return words % {"cut": at, "marks": marks, "more": more}


def _benchmark(rule: Rule, evidence: dict[str, Any]) -> str:
    value, cut = evidence["value"], evidence["cut"]
    words = _("%(measure)s %(value)s on %(day)s. Benchmark %(cut)s.")
    if evidence["near_cut"] and evidence["level"] > 1:
        words += _(" Within the error of one score.")
    elif evidence["near_cut"]:
        words += _(" Within the error of one score of %(act)s, the cut point for “act”.")
    return words % {
        "measure": rule.measure,
        "value": _plain(value, cut, evidence["act"]),
        "day": _day(evidence["day"]),
        "cut": formats.number(cut),
        "act": formats.number(evidence["act"]),
    }


def _growth(rule: Rule, evidence: dict[str, Any]) -> str:
    interval, marks = (evidence["low"], evidence["high"]), (evidence["expected"], 0)
    places = fewest_places(interval, marks, least=1, rounds_marks=True)
    slopes = {name: formats.signed(evidence[name], places) for name in ("slope", "low", "high", "expected")}
    return _(
        "%(measure)s: %(slope)s a week (%(low)s to %(high)s) over %(n)d scores; expected %(expected)s."
    ) % {"measure": rule.measure, "n": evidence["n"], **slopes}


def _conditions(rule: Rule, evidence: dict[str, Any]) -> str:
    words, figures = "", evidence["conditions"]
    for place, condition in enumerate(figures):
        longer = f"{words}; {_condition(condition)}".removeprefix("; ")
        if len(longer) > LONGEST_LIST:
            words += " " + _("and %(more)d more") % {"more": len(figures) - place}
            break
        words = longer
    return f"{words}." if evidence["met"] else _("Not met now: %(conditions)s.") % {"conditions": words}


def _condition(condition: dict[str, Any]) -> str:
    """One condition with the figure it compared."""
    cut, is_percent = condition["cut"], DATA[condition["data"]].is_percent
    return _("%(what)s %(value)s (%(operator)s %(cut)s)") % {
        "what": data_label(condition["data"], Truncator(condition["measure"]).chars(LONGEST_NAME)),
        "value": (_share if is_percent else _plain)(condition["value"], cut),
        "operator": OPERATORS[condition["operator"]],
        "cut": formats.percent(cut) if is_percent else formats.number(cut),
    }


def data_label(data: str, measure: str) -> str:
    """What a condition compares, with the name of its measure."""
    return str(DATA[data].label) % {"measure": measure} if measure else str(DATA[data].label)


def _day(iso: str) -> str:
    return formats.short_day(dt.date.fromisoformat(iso))


_SENTENCES: dict[str, Callable[[Rule, dict[str, Any]], str]] = {
    Rule.Kind.ATTENDANCE: _attendance,
    Rule.Kind.BEHAVIOR: _behavior,
    Rule.Kind.COURSE: _course,
    Rule.Kind.BENCHMARK: _benchmark,
    Rule.Kind.GROWTH: _growth,
    Rule.Kind.CONDITIONS: _conditions,
}


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
    return _("Clears when growth reaches what is expected for the grade.")


def _conditions_clears(rule: Rule, evidence: dict[str, Any]) -> str:
    return _("Clears once its conditions are past the margin of each.")


_CLEARS: dict[str, Callable[[Rule, dict[str, Any]], str]] = {
    Rule.Kind.ATTENDANCE: _attendance_clears,
    Rule.Kind.BEHAVIOR: _behavior_clears,
    Rule.Kind.COURSE: _course_clears,
    Rule.Kind.BENCHMARK: _benchmark_clears,
    Rule.Kind.GROWTH: _growth_clears,
    Rule.Kind.CONDITIONS: _conditions_clears,
}
