"""A rule's conditions as the kernel judges them, and the figures of those that are met."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from datareview.analysis.indicators import Indicator
from datareview.analysis.rulekinds import OWN, Conditions
from datareview.flags.conditions import DATA, MIN_DAYS, MOST_CONDITIONS, MOST_GROUPS, column_of, conditions_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from datareview.trends.frames.scope import ScopeData


def kernel_conditions(settings: Mapping[str, Any], errors: Mapping[str, float]) -> Conditions:
    """The conditions as the kernel judges them; ``errors`` has standard errors of scores by measure key.

    The key of each indicator is its place among `conditions_in`.
    """
    keys = iter(range(MOST_GROUPS * MOST_CONDITIONS))
    groups = tuple(
        Conditions(
            tuple(kernel_indicator(str(next(keys)), condition, errors) for condition in group["conditions"]),
            is_all=group["match"] == "all",
        )
        for group in settings["groups"]
    )
    return Conditions(groups, is_all=settings["match"] == "all")


def errors_of(known: ScopeData) -> dict[str, float]:
    """The standard errors of scores by measure key, of those that have one."""
    rows = zip(known.measures["key"].tolist(), known.measures["sem"].tolist(), strict=True)
    return {key: sem for key, sem in rows if np.isfinite(sem)}


def kernel_indicator(key: str, condition: Mapping[str, Any], errors: Mapping[str, float]) -> Indicator:
    """One condition as the kernel judges it; ``errors`` as in `kernel_conditions`."""
    data, cut = condition["data"], Fraction(str(condition["cut"]))
    margin = Fraction(DATA[data].margin)
    more: dict[str, Any] = {}
    if data == "absence":
        cut, margin = cut / 100, margin / 100
        more = {"of": "enrolled", "count": "days", "least": MIN_DAYS}
    elif data == "mark":
        margin = min(margin, max(100 - cut, Fraction(0)))  # a mark of 100 % always clears
    elif data == "score":
        margin = Fraction(str(errors.get(condition["measure"], 0)))
    field = "absent" if data == "absence" else column_of(condition)
    return Indicator(key, 1, "", field, condition["operator"], (cut, None, None), OWN, margin=margin, **more)


def figures_of_conditions(
    cut_points: dict[str, Any], found: pd.DataFrame, table: pd.DataFrame, names: dict[str, str]
) -> list[dict[str, Any]]:
    """For each student the conditions that are met with their figures, or else all that have one."""
    conditions = list(conditions_in(cut_points))
    columns = [table[column_of(condition)].tolist() for condition in conditions]
    evidence = []
    for row, met in enumerate(found["met"].tolist()):
        places = [int(key) for key in met] or range(len(conditions))
        figures = [
            {
                **conditions[place],
                "measure": names.get(conditions[place]["measure"], ""),
                "value": columns[place][row],
            }
            for place in places
            if np.isfinite(columns[place][row])
        ]
        evidence.append({"met": bool(met), "conditions": figures})
    return evidence
