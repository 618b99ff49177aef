"""The conditions of a school's own rule: what they can be about, how they compare, and what is valid.

A rule's conditions are stored as ``{"domain", "severity", "match", "groups"}``. A group is ``{"match", "conditions"}``,
and a condition ``{"data", "measure", "operator", "cut"}``; ``match`` is "all" or "any", ``measure`` the key of one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from django.utils.functional import _StrPromise

MIN_DAYS, WINDOW, FAILING = 20, 90, 60  # marked days, school days, percent
MATCHES = {"all": _("all of these"), "any": _("any of these")}
OPERATORS = {
    "at_least": _("at least"),
    "more_than": _("more than"),
    "at_most": _("at most"),
    "less_than": _("below"),
}
MOST_GROUPS, MOST_CONDITIONS = 3, 4


@dataclass(frozen=True, slots=True)
class Datum:
    """What a condition compares; ``margin`` is how far past the cut a value must be to clear.

    ``low`` and ``high`` are the ends of the range of cuts. If ``of_measure``, ``label`` has a place for its name.
    """

    label: _StrPromise
    low: float = 0
    high: float = 100
    margin: int = 0
    is_percent: bool = False
    of_measure: bool = False


DATA = {
    "absence": Datum(_("Days absent"), margin=2, is_percent=True),
    "incidents": Datum(_("Incidents in 90 school days")),
    "suspensions": Datum(_("Suspensions in 90 school days")),
    "mark": Datum(_("Lowest mark in a core course"), margin=2, is_percent=True),
    "failures": Datum(_("Core courses failed")),
    "standards": Datum(_("Essential standards not mastered")),
    "mastered": Datum(_("Essential standards mastered"), is_percent=True),
    "score": Datum(_("%(measure)s"), low=-100_000, high=100_000, of_measure=True),
    "level": Datum(_("%(measure)s (level)"), low=-2, high=7, of_measure=True),
    "growth": Datum(_("%(measure)s (growth a week)"), low=-1_000, high=1_000, of_measure=True),
}


def conditions_in(settings: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every condition of a rule, in the order of its groups."""
    return (condition for group in settings.get("groups", ()) for condition in group["conditions"])


def measure_keys(settings: Mapping[str, Any]) -> set[str]:
    """The keys of the measures that a rule's conditions name."""
    return {condition["measure"] for condition in conditions_in(settings) if condition["measure"]}


def column_of(condition: Mapping[str, Any]) -> str:
    """The column of facts that a condition compares."""
    data, measure = condition["data"], condition["measure"]
    return f"{data}:{measure}" if measure else data


def as_facts(settings: Mapping[str, Any]) -> dict[str, Any]:
    """A rule's cut points as the audit log keeps them, without lists: each group of conditions becomes one code."""
    if "groups" not in settings:
        return dict(settings)
    if points := settings.get("card", {}).get("points"):
        groups = {f"points-{place}": f"{code}:{many}" for place, (code, many) in enumerate(points.items(), 1)}
    else:
        groups = {
            f"group-{place}": "/".join(
                [group["match"], *(condition_code(one) for one in group["conditions"])]
            )
            for place, group in enumerate(settings["groups"], start=1)
        }
    kept = ("domain", "severity", "match", "outcome", "watch", "act")
    return {name: settings[name] for name in kept if name in settings} | groups


def condition_code(condition: Mapping[str, Any]) -> str:
    """A condition as one word."""
    return f"{column_of(condition)}:{condition['operator']}:{condition['cut']}"


def are_valid(settings: Mapping[str, Any]) -> bool:
    """Whether a rule has one to the most groups and conditions, each with known data and a cut in its range."""
    groups = settings.get("groups", ())
    if not 1 <= len(groups) <= MOST_GROUPS or settings["match"] not in MATCHES:
        return False
    sizes = [len(group["conditions"]) for group in groups]
    if min(sizes) < 1 or max(sizes) > MOST_CONDITIONS or any(g["match"] not in MATCHES for g in groups):
        return False
    return all(_is_valid(condition) for condition in conditions_in(settings))


def _is_valid(condition: Mapping[str, Any]) -> bool:
    datum = DATA.get(condition["data"])
    if datum is None or condition["operator"] not in OPERATORS:
        return False
    return datum.of_measure == bool(condition["measure"]) and datum.low <= condition["cut"] <= datum.high
