"""The cut points of each kind of rule: what they are called, their usual values, and what they may be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class Limit:
    """One number of a rule; ``low`` and ``high`` are what it may be, both included."""

    name: str
    label: _StrPromise
    usual: float
    low: float
    high: float
    is_whole: bool = True


LIMITS: dict[str, tuple[Limit, ...]] = {
    "attendance": (
        Limit("watch", _("Watch from (% of days absent)"), 5, 1, 50, is_whole=False),
        Limit("act", _("Act from (% of days absent)"), 10, 1, 60, is_whole=False),
        Limit("severe", _("Urgent from (% of days absent)"), 20, 1, 100, is_whole=False),
        Limit("min_days", _("Fewest days recorded"), 20, 5, 90),
        Limit("margin", _("Clears this many points below “watch”"), 2, 0, 10, is_whole=False),
    ),
    "behavior": (
        Limit("watch", _("Watch from (incidents in the window)"), 2, 1, 50),
        Limit("act", _("Act from (incidents in the window)"), 5, 1, 100),
        Limit("window", _("Window (school days)"), 90, 10, 200),
    ),
    "course": (
        Limit("watch", _("Watch below (% in a core course)"), 70, 1, 100),
        Limit("act", _("Act below (% in a core course)"), 60, 1, 100),
        Limit("drop", _("Watch a drop of (points in six weeks)"), 10, 1, 100),
        Limit("margin", _("Clears this many points above “watch”"), 2, 0, 20),
    ),
    "benchmark": (),
    "growth": (
        Limit("min_scores", _("Fewest scores"), 6, 6, 30),
        Limit("min_weeks", _("Fewest weeks"), 6, 6, 30),
    ),
}

# Cut points in the order in which they grow more serious, where they must rise (or fall).
ORDER: dict[str, tuple[tuple[str, ...], bool]] = {
    "attendance": (("watch", "act", "severe"), True),
    "behavior": (("watch", "act"), True),
    "course": (("watch", "act"), False),
}


def limits_of(kind: str, parameters: Mapping[str, Any]) -> dict[str, float]:
    """Every limit of ``kind``: as set, else as usual."""
    return {limit.name: parameters.get(limit.name, limit.usual) for limit in LIMITS[kind]}


def are_ordered(kind: str, limits: Mapping[str, float]) -> bool:
    """Whether each cut point is more serious than the one before."""
    names, rises = ORDER.get(kind, ((), True))
    values = [limits[name] for name in names]
    return values == sorted(set(values), reverse=not rises)
