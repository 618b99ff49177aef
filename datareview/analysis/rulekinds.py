"""Judge students by a school's rule: a kind with its cut points, or conditions of its own."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from datareview.analysis.door import Columns, door
from datareview.analysis.indicators import Indicator, judge_indicator
from datareview.analysis.inputs import AS_IS
from datareview.analysis.schema import INSUFFICIENT, NOT_CALCULATED, OK

if TYPE_CHECKING:
    from collections.abc import Mapping

KINDS = ("attendance", "behavior", "course", "benchmark")
OWN = "The school's own cut points"
NO, UNKNOWN, YES = 0.0, 0.5, 1.0  # truth values: all of several is the smallest, any of several the largest


@door(kind=AS_IS, cut_points=AS_IS, source=AS_IS)
def rule_indicators(
    kind: str, cut_points: Mapping[str, float] | None = None, *, source: str = OWN
) -> tuple[Indicator, ...]:
    """Indicators of a rule of ``kind`` with these cut points; the most severe one counts.

    Parameters
    ----------
    kind : str
        "attendance", "behavior", "course" or "benchmark". Growth is judged by `shortfall`.
    cut_points : mapping
        attendance: ``watch``, ``act``, ``severe`` and ``margin`` (percent of days absent), ``min_days``;
        behavior: ``watch``, ``act`` (incidents); course: ``watch``, ``act``, ``margin`` (percent), ``drop``
        (points); benchmark: none.
    source : str
        Who set the cut points.

    Returns
    -------
    tuple of Indicator
        The columns they need: attendance ``absent``, ``enrolled``, ``days``; behavior ``incidents``,
        ``suspensions``; course ``lowest``, ``core_failures`` (marks under ``act``), ``fall``; benchmark ``level``
        (1 below, 2 approaching, 3 meets, 4 exceeds).

    Notes
    -----
    One suspension is severe, and so are two failed core courses: either opens a flag at once. Cut points are read
    as printed (0.1 is exactly a tenth).

    References
    ----------
    As for `indicators.indicators`.
    """
    given = {name: Fraction(str(value)) for name, value in (cut_points or {}).items()}

    def one(key: str, field: str, operator: str, cuts: tuple, **more: object) -> Indicator:
        domain = {"attendance": "attendance", "behavior": "behavior"}.get(kind, "academic")
        exact = tuple(None if cut is None else Fraction(cut) for cut in cuts)
        return Indicator(f"{kind}-{key}", 1, domain, field, operator, exact, source, **more)  # type: ignore[arg-type]

    if kind == "attendance":
        cuts: tuple[Fraction | None, ...] = tuple(given[name] / 100 for name in ("watch", "act", "severe"))
        more = {"of": "enrolled", "count": "days", "least": int(given["min_days"])}
        return (one("share", "absent", "at_least", cuts, margin=given["margin"] / 100, **more),)
    if kind == "behavior":
        return (
            one("incidents", "incidents", "at_least", (given["watch"], given["act"], None)),
            one("suspensions", "suspensions", "at_least", (None, None, 1)),
        )
    if kind == "course":
        cuts = (given["watch"], given["act"], None)
        margin = min(given["margin"], max(100 - given["watch"], Fraction(0)))  # a mark of 100 % always clears
        return (
            one("lowest", "lowest", "less_than", cuts, margin=margin),
            one("failures", "core_failures", "at_least", (None, None, 2)),
            one("fall", "fall", "at_least", (given["drop"], None, None)),
        )
    if kind == "benchmark":
        return (one("level", "level", "at_most", (2, 1, None)),)
    raise ValueError(f"Unknown kind of rule {kind!r}.")


@door(students=Columns(), chosen=AS_IS)
def judge_rule(students: pd.DataFrame, chosen: tuple[Indicator, ...]) -> pd.DataFrame:
    """Judge every student by all indicators of one rule and keep the most severe result.

    Parameters
    ----------
    students : DataFrame
        As for `indicators.judge_indicators`.
    chosen : tuple of Indicator
        From `rule_indicators`, or presets of one bundle.

    Returns
    -------
    DataFrame
        Same index: ``status`` ("ok" where at least one indicator could judge), ``severity``, ``keeps``,
        ``is_clear`` (every indicator that judged is past its margin; False where none did), and ``indicator``,
        ``value``, ``threshold`` and ``clears_at`` of the most severe one (the first if several tie).
    """
    judged = [judge_indicator(students, one) for one in chosen]
    columns = {name: np.array([part[name].to_numpy() for part in judged]) for name in judged[0]}
    is_ok = columns["status"] == OK
    # The first of the most severe; indicators that could not judge come last.
    at = np.where(is_ok, columns["severity"], -1).argmax(axis=0)
    row = np.arange(len(students))
    keeps = np.where(is_ok, columns["keeps"], 0).max(axis=0)
    off = (columns["status"] == NOT_CALCULATED).all(axis=0)
    known = is_ok.any(axis=0)
    return pd.DataFrame(
        {
            "status": np.select([known, off], [OK, NOT_CALCULATED], INSUFFICIENT),
            "severity": np.where(is_ok, columns["severity"], 0).max(axis=0),
            "keeps": keeps,
            "is_clear": known & (keeps == 0),
            "indicator": np.array([one.key for one in chosen], object)[at],
            "value": columns["value"][at, row],
            "threshold": columns["threshold"][at, row],
            "clears_at": columns["clears_at"][at, row],
        },
        index=students.index,
    )


@dataclass(frozen=True, slots=True)
class Conditions:
    """Indicators with one cut each, or further conditions, of which all (``is_all``) or at least one must hold."""

    parts: tuple[Indicator | Conditions, ...]
    is_all: bool = True


@door(students=Columns(), conditions=AS_IS)
def judge_conditions(students: pd.DataFrame, conditions: Conditions) -> pd.DataFrame:
    """Judge every student by conditions that are combined with "all" and "any".

    Parameters
    ----------
    students : DataFrame
        As for `indicators.judge_indicators`.
    conditions : Conditions
        Indicators whose only cut is the first, and groups of them.

    Returns
    -------
    DataFrame
        Same index: ``status`` ("ok" where it is known whether the conditions hold, else "insufficient_data"),
        ``holds``, ``keeps`` (an open flag would stay: within the margins they hold, or it is unknown), ``is_clear``
        (within the margins they do not hold), and ``met``: the keys of the indicators that hold, in groups that hold,
        a tuple per student, empty where the conditions do not hold.

    Notes
    -----
    Kleene's strong logic of three values: an unknown indicator decides nothing that the known ones leave open. "All"
    is false as soon as one part is false, "any" is true as soon as one is true. An indicator outside its grade span
    is unknown.

    References
    ----------
    Kleene (1952), Introduction to Metamathematics, § 64.
    """
    holds, keeps, met = _judge_group(students, conditions)
    known = holds != UNKNOWN
    return pd.DataFrame(
        {
            "status": np.where(known, OK, INSUFFICIENT),
            "holds": holds == YES,
            "keeps": keeps != NO,
            "is_clear": keeps == NO,
            "met": met,
        },
        index=students.index,
    )


def _judge_group(
    students: pd.DataFrame, conditions: Conditions
) -> tuple[np.ndarray, np.ndarray, list[tuple[str, ...]]]:
    """Truth of the conditions, truth within the margins, and the keys that hold, for each student."""
    judged = [
        _judge_one(students, part) if isinstance(part, Indicator) else _judge_group(students, part)
        for part in conditions.parts
    ]
    choose = np.min if conditions.is_all else np.max
    holds, keeps = choose([part[0] for part in judged], axis=0), choose([part[1] for part in judged], axis=0)
    met = [
        tuple(key for part in parts for key in part) if is_met else ()
        for is_met, *parts in zip(holds == YES, *(part[2] for part in judged), strict=True)
    ]
    return holds, keeps, met


def _judge_one(
    students: pd.DataFrame, indicator: Indicator
) -> tuple[np.ndarray, np.ndarray, list[tuple[str, ...]]]:
    judged = judge_indicator(students, indicator)
    is_ok = judged["status"].to_numpy() == OK
    holds, keeps = (np.where(is_ok, judged[name].to_numpy() > 0, UNKNOWN) for name in ("severity", "keeps"))
    return holds, keeps, [(indicator.key,) if is_met else () for is_met in holds == YES]
