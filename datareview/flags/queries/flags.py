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
LONGEST_POINTS = 170
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
    words = _("%(measure)s: %(slope)s a week (%(low)s to %(high)s) over %(n)d scores; expected %(expected)s.")
    said = words % {"measure": rule.measure, "n": evidence["n"], **slopes}
    if "chance" not in evidence:  # judged before chances were
        return said
    least = rule.cut_points["chance"]
    if 100 * evidence["chance_far"] < least:
        words = _("The chance that growth is below that is %(chance)s.")
        return f"{said} " + words % {"chance": _chance(evidence["chance"], least)}
    words = _("The chance that growth is below that is %(chance)s, and below %(far)s a week %(chance_far)s.")
    return f"{said} " + words % {
        "chance": _chance(evidence["chance"], least),
        "chance_far": _chance(evidence["chance_far"], least),
        "far": formats.signed(evidence["far"], places),
    }


def _chance(chance: float, cut: float) -> str:
    """A chance as a percentage on its side of the cut point, never quite 0% or 100%."""
    return _share(min(max(100 * chance, 1), 99), cut)


def _conditions(rule: Rule, evidence: dict[str, Any]) -> str:
    words, figures = "", evidence["conditions"]
    for place, condition in enumerate(figures):
        longer = f"{words}; {_condition(condition)}".removeprefix("; ")
        if len(longer) > LONGEST_LIST:
            words += " " + _("and %(more)d more") % {"more": len(figures) - place}
            break
        words = longer
    return f"{words}." if evidence["met"] else _("Not met now: %(conditions)s.") % {"conditions": words}


def _scorecard(rule: Rule, evidence: dict[str, Any]) -> str:
    """The points, each with its reason, and how often it happened to students with about as many."""
    said = ngettext("%(count)d point", "%(count)d points", evidence["points"]) % {"count": evidence["points"]}
    words = ""
    for place, part in enumerate(evidence["parts"]):
        one = _("%(condition)s: %(points)d") % {"condition": _condition(part), "points": part["points"]}
        longer = f"{words}; {one}".removeprefix("; ")
        if len(longer) > LONGEST_POINTS:
            words += " " + _("and %(more)d more") % {"more": len(evidence["parts"]) - place}
            break
        words = longer
    said = f"{said}: {words}." if words else f"{said}."
    if evidence["rate"] is None:
        return said
    rate = _(
        "It happened to %(rate)s of the students it learned from with about as many (%(low)s to %(high)s)."
    )
    shares = {name: formats.percent(100 * evidence[key], 0) for name, key in _RATES.items()}
    return f"{said} " + rate % shares


_RATES = {"rate": "rate", "low": "rate_low", "high": "rate_high"}


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
    Rule.Kind.SCORECARD: _scorecard,
}
