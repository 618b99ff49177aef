"""The cut points of each kind of rule: labels, default values and permitted ranges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise

EVERY_GRADE = (-1, 12)  # preschool to grade 12


@dataclass(frozen=True, slots=True)
class CutPoint:
    """A number in a rule; ``low`` and ``high`` are the ends of its permitted range, both included."""

    name: str
    label: _StrPromise
    usual: float
    low: float
    high: float
    is_whole: bool = True


CUT_POINTS: dict[str, tuple[CutPoint, ...]] = {
    "attendance": (
        CutPoint("watch", _("Watch from (% of days absent)"), 5, 1, 50, is_whole=False),
        CutPoint("act", _("Act from (% of days absent)"), 10, 1, 60, is_whole=False),
        CutPoint("severe", _("Urgent from (% of days absent)"), 20, 1, 100, is_whole=False),
        CutPoint("min_days", _("Fewest days recorded"), 20, 5, 90),
        CutPoint("margin", _("Clears this many points below “watch”"), 2, 0, 10, is_whole=False),
    ),
    "behavior": (
        CutPoint("watch", _("Watch from (incidents in the window)"), 2, 1, 50),
        CutPoint("act", _("Act from (incidents in the window)"), 5, 1, 100),
        CutPoint("window", _("Window (school days)"), 90, 10, 200),
    ),
    "course": (
        CutPoint("watch", _("Watch below (percent in a core course)"), 70, 1, 100),
        CutPoint("act", _("Act below (percent in a core course)"), 60, 1, 100),
        CutPoint("drop", _("Watch a drop of (points in six weeks)"), 10, 1, 100),
        CutPoint("margin", _("Clears this many points above “watch”"), 2, 0, 20),
    ),
    "benchmark": (),
    "conditions": (),  # the school's own: see conditions.py
    "scorecard": (  # the rest is learned: see queries.scorecards
        CutPoint("watch", _("Watch from (points)"), 2, 1, 60),
        CutPoint("act", _("Act from (points)"), 4, 1, 60),
    ),
    "growth": (
        CutPoint("min_scores", _("Fewest scores"), 6, 6, 30),
        CutPoint("min_weeks", _("Fewest weeks"), 6, 6, 30),
        CutPoint("chance", _("Watch from (% chance that growth is below expected)"), 80, 60, 99),
        CutPoint("wrong", _("Most flags that may be wrong (%)"), 10, 1, 30),
        CutPoint("share", _("Act at the same chance that growth is below (% of expected)"), 50, 0, 90),
    ),
}

# Cut points in order of severity, and whether they must rise (or else fall).
ORDER: dict[str, tuple[tuple[str, ...], bool]] = {
    "attendance": (("watch", "act", "severe"), True),
    "behavior": (("watch", "act"), True),
    "course": (("watch", "act"), False),
    "scorecard": (("watch", "act"), True),
}


def cut_points_of(kind: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """All cut points of ``kind``: those given, and defaults for the rest; conditions and scorecards as they are."""
    if kind == "conditions":
        return dict(parameters)
    learned = parameters if kind == "scorecard" else {}
    return {
        **learned,
        **{cut_point.name: parameters.get(cut_point.name, cut_point.usual) for cut_point in CUT_POINTS[kind]},
    }


def are_ordered(kind: str, cut_points: Mapping[str, float]) -> bool:
    """Whether each cut point is more severe than the one before."""
    names, rises = ORDER.get(kind, ((), True))
    values = [cut_points[name] for name in names]
    return values == sorted(set(values), reverse=not rises)
