"""What a rule says about a student, and the sentence in which a person reads it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from datareview.models import Rule

if TYPE_CHECKING:
    from collections.abc import Callable

DIGITS = 6  # after the point, to which figures are rounded where they are computed


@dataclass(frozen=True, slots=True)
class Judgement:
    """One rule on one student as of a day.

    ``severity`` is 0 where the rule does not hold; ``is_clear`` is true where the value is past the margin
    at which an open flag may resolve; ``evidence`` holds the figures of the sentence.
    """

    domain: str
    severity: int
    is_clear: bool
    evidence: dict[str, Any] = field(default_factory=dict)


def reason_of(rule: Rule, evidence: dict[str, Any]) -> str:
    """The sentence of a flag: what was seen, out of how much, against which threshold."""
    return _SENTENCES[rule.kind](rule, evidence)


def _places(value: float, *cuts: float, least: int = 0) -> int:
    """The fewest digits after the point, ``least`` or more, that keep ``value`` on its side of every cut."""
    for places in range(least, DIGITS):
        shown = round(value, places)
        if all((shown > cut, shown < cut) == (value > cut, value < cut) for cut in cuts):
            return places
    return DIGITS


def _attendance(rule: Rule, evidence: dict[str, Any]) -> str:
    share, cuts = evidence["share"], [rule.limits[name] for name in ("watch", "act", "severe")]
    return _("Absent %(absent)s of %(enrolled)d days (%(share)s %%); the line is %(cut)g %%.") % {
        "absent": f"{evidence['absent']:g}",
        "enrolled": evidence["enrolled"],
        "share": f"{share:.{_places(share, *cuts)}f}",
        "cut": evidence["cut"],
    }


def _behavior(rule: Rule, evidence: dict[str, Any]) -> str:
    incidents = ngettext(
        "%(count)d incident in the last %(days)d school days",
        "%(count)d incidents in the last %(days)d school days",
        evidence["incidents"],
    ) % {"count": evidence["incidents"], "days": evidence["window"]}
    if not evidence["suspensions"]:
        return incidents + "."
    suspensions = ngettext("%(count)d suspension", "%(count)d suspensions", evidence["suspensions"]) % {
        "count": evidence["suspensions"]
    }
    return f"{incidents}, {suspensions}."


def _course(rule: Rule, evidence: dict[str, Any]) -> str:
    if evidence["failing"]:
        marks = ", ".join(f"{name} {percent:.0f} %" for name, percent in evidence["failing"])
        return _("Below %(cut)g %% in %(marks)s.") % {"cut": evidence["cut"], "marks": marks}
    name, drop = evidence["dropped"]
    return _("%(name)s fell %(drop).0f points below last term.") % {"name": name, "drop": drop}


def _benchmark(rule: Rule, evidence: dict[str, Any]) -> str:
    near = _(" Within the error of one score.") if evidence["near_cut"] else ""
    return (
        _("%(measure)s %(value)g on %(day)s; benchmark %(cut)g.")
        % {
            "measure": rule.measure,
            "value": evidence["value"],
            "day": _day(evidence["day"]),
            "cut": evidence["cut"],
        }
        + near
    )


def _growth(rule: Rule, evidence: dict[str, Any]) -> str:
    return _(
        "%(measure)s: %(slope)+.1f a week (%(low)+.1f to %(high)+.1f) over %(n)d scores; "
        "expected %(expected)+.1f."
    ) % {
        "measure": rule.measure,
        "slope": evidence["slope"],
        "low": evidence["low"],
        "high": evidence["high"],
        "n": evidence["n"],
        "expected": evidence["expected"],
    }


def _day(iso: str) -> str:
    import datetime as dt

    return date_format(dt.date.fromisoformat(iso), "j M")


_SENTENCES: dict[str, Callable[[Rule, dict[str, Any]], str]] = {
    Rule.Kind.ATTENDANCE: _attendance,
    Rule.Kind.BEHAVIOR: _behavior,
    Rule.Kind.COURSE: _course,
    Rule.Kind.BENCHMARK: _benchmark,
    Rule.Kind.GROWTH: _growth,
}


def clears_when(rule: Rule, evidence: dict[str, Any]) -> str:
    """What would have to be seen, at two checks a week apart, for the flag to resolve."""
    limits = rule.limits
    if rule.kind == Rule.Kind.ATTENDANCE:
        return _("Clears below %(cut)g %% of days absent.") % {"cut": limits["watch"] - limits["margin"]}
    if rule.kind == Rule.Kind.BEHAVIOR:
        return _("Clears under %(n)d incidents in the window.") % {"n": limits["watch"]}
    if rule.kind == Rule.Kind.COURSE:
        return _("Clears when every core course is at %(cut)g %% or more.") % {
            "cut": limits["watch"] + limits["margin"]
        }
    if rule.kind == Rule.Kind.BENCHMARK and rule.measure and "cut" in evidence:
        sign = 1 if rule.measure.higher_is_better else -1
        return _("Clears with a score of %(cut)g, the benchmark and one error of a score.") % {
            "cut": evidence["cut"] + sign * (rule.measure.sem or 0)
        }
    return _("Clears when growth reaches what is expected of the grade.")
