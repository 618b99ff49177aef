"""A scorecard as the settings of a rule: its indicators are conditions, each with points; and what it should foresee.

Stored as ``{"domain", "severity", "match", "groups", "watch", "act", "outcome", "card", "record"}``: ``groups`` has one
group with all indicators, ``card`` is the kernel's `Scorecard` with points by the code of each, and ``record`` says what it
learned from and how right it was for others. A version is never changed: learned again, it is the next one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from datareview.flags.conditions import DATA, OPERATORS, condition_code, conditions_in

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_INDICATORS = 15
MOST_POINTS = 60  # of a total that a school may ask for
LEVEL = "level:"  # begins the key of an outcome that is a level on a measure
OUTCOMES = {
    "absence": gettext_lazy("Absent on 10% of the days after it, or more"),
    "incidents": gettext_lazy("Two incidents after it, or a suspension"),
    "mark": gettext_lazy("Last mark of the year below 60% in a core course"),
}


def outcome_in_words(key: str, names: Mapping[str, str]) -> str:
    """What happened to a student after the day of judgement; ``names`` has the names of measures by key."""
    if key.startswith(LEVEL):
        measure = names.get(key.removeprefix(LEVEL), key.removeprefix(LEVEL))
        return _("Last score of the year below benchmark: %(measure)s") % {"measure": measure}
    return str(OUTCOMES[key])


def are_valid_points(settings: Mapping[str, Any]) -> bool:
    """Whether a scorecard has one to the most indicators, each with known data, and whole points for each."""
    conditions = list(conditions_in(settings))
    points = settings["card"]["points"]
    return (
        1 <= len(conditions) <= MOST_INDICATORS
        and all(one["data"] in DATA and one["operator"] in OPERATORS for one in conditions)
        and points.keys() == {condition_code(one) for one in conditions}
        and all(type(many) is int and many >= 0 for many in points.values())
        and 1 <= settings["watch"] < settings["act"] <= MOST_POINTS
    )
