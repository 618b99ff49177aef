"""Early-warning indicators with exact boundaries: attendance, behavior, courses, readiness.

Presets are data (``presets/*.json``): each has a field, an operator, cut points, a margin, a grade span, a source
and a version. Shares are compared in whole numbers (10 × days absent against days enrolled), never as rounded
percentages. The columns come from `facts`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from datareview.analysis.door import Columns, door
from datareview.analysis.inputs import AS_IS, Number, Whence
from datareview.analysis.schema import INSUFFICIENT, NOT_CALCULATED, OK

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

PATH = Path(__file__).parent / "presets"
EVERY_GRADE = (-1, 12)  # preschool to grade 12
# Whether a higher value is worse, and whether the cut itself counts.
OPERATORS = {
    "at_least": (True, True),
    "more_than": (True, False),
    "at_most": (False, True),
    "less_than": (False, False),
}


@dataclass(frozen=True, slots=True)
class Indicator:
    """A condition with its cut points, as data.

    ``field`` names a column of the frame; ``of`` names its denominator if the field is judged as a share.
    ``operator`` is "at_least", "more_than", "at_most" or "less_than"; ``cuts`` are those of severity 1, 2 and 3 in
    order (None for a severity without one). ``margin``: how far on the good side of a cut a value must be to end
    its severity. ``least`` is the smallest ``count`` (or ``of``) that is judged. ``bundle`` groups the indicators of
    one published tool.
    """

    key: str
    version: int
    domain: str
    field: str
    operator: str
    cuts: tuple[Fraction | None, ...]
    source: str
    of: str = ""
    margin: Fraction = Fraction(0)
    least: int = 0
    count: str = ""
    lowest_grade: int = EVERY_GRADE[0]
    highest_grade: int = EVERY_GRADE[1]
    bundle: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns a frame needs to be judged."""
        return tuple(name for name in (self.field, self.of, self.count) if name)


@cache
def indicators() -> dict[str, Indicator]:
    """Load every preset from the JSON files in ``presets`` beside this module.

    Returns
    -------
    dict
        Key → `Indicator`.

    References
    ----------
    The ``source`` of each.
    """
    files = sorted(PATH.glob("*.json"))
    rows = [row for path in files for row in json.loads(path.read_text(encoding="utf-8"))]
    return {row["key"]: indicator_of(row) for row in rows}


def indicator_of(row: Mapping[str, Any]) -> Indicator:
    """Create an indicator from plain data; cut points and margin are text or whole numbers, so that they stay exact.

    Parameters
    ----------
    row : mapping
        The fields of `Indicator`.

    Raises
    ------
    ValueError
        Unknown operator, or cut points that are not in order of severity.
    """
    cuts = tuple(None if cut is None else Fraction(str(cut)) for cut in row["cuts"])
    known = [cut for cut in cuts if cut is not None]
    if row["operator"] not in OPERATORS:
        raise ValueError(f"Unknown operator {row['operator']!r}.")
    is_rising = OPERATORS[row["operator"]][0]
    if not known or known != sorted(set(known), reverse=not is_rising):
        raise ValueError(f"The cut points of {row['key']!r} do not grow more serious.")
    return Indicator(**{**row, "cuts": cuts, "margin": Fraction(str(row.get("margin", 0)))})


@door(students=Columns(), indicator=AS_IS)
def judge_indicator(students: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """Judge every student by one indicator.

    Parameters
    ----------
    students : DataFrame
        One row per student with the indicator's columns (half days, counts, marks; may be missing), and optionally
        ``grade`` (-1 to 12).
    indicator : Indicator
        One of `indicators`, or a school's own.

    Returns
    -------
    DataFrame
        Same index: ``status``, ``severity`` (0 none, 1 watch, 2 act, 3 severe), ``value`` (the share, 0 to 1,
        if there is an ``of``, else the field), ``threshold`` (the cut that was reached, else the first one),
        ``clears_at`` (the value at which the severity of that cut ends), ``keeps`` (the severity an open flag
        would keep: at least ``severity``, and more where the value is within the margin of a cut).
        "not_calculated" outside the grade span; "insufficient_data" if a column or the grade is missing, there is
        too little data, or a share is impossible (under 0 or over 1).

    Notes
    -----
    field / of >= p / q is compared as q × field >= p × of in whole numbers: 18 of 180 days is 10 %, 17.99 is
    not. Exact while the products are under 2^53; the caller must round decimals that binary cannot represent (a sum
    of 0.1), as `facts` does. A severity ends only at cut - margin or better (cut + margin where lower is worse):
    a flag for 90 % attendance ends at 92 %.
    Not a prediction: use `flagquality` to find how often a flag is right in each school.

    References
    ----------
    The ``source`` of each preset; Balfanz, Herzog & Mac Iver (2007), Educ. Psychologist 42, 223; US Dept. of
    Education, EDFacts FS195; Allensworth & Easton (2005), The On-Track Indicator.
    """
    value, base, counted = _columns(students, indicator)
    known = np.isfinite(value) & np.isfinite(base) & (base > 0)
    if indicator.of:
        known &= (value >= 0) & (value <= base)
    if indicator.of or indicator.count:
        known &= counted >= indicator.least
    inside, unknown_grade = _in_grades(students, indicator)
    judged = known & inside & ~unknown_grade
    is_rising, with_cut = OPERATORS[indicator.operator]
    severity, keeps = np.zeros(len(students), np.int64), np.zeros(len(students), np.int64)
    first = next(cut for cut in indicator.cuts if cut is not None)
    threshold, clears = (np.full(len(students), float(cut)) for cut in (first, _end_of(first, indicator)))
    for level, cut in enumerate(indicator.cuts, start=1):
        if cut is None:
            continue
        holds = judged & _is_beyond(value, base, cut, is_rising=is_rising, with_cut=with_cut)
        end = _end_of(cut, indicator)
        held = judged & _is_beyond(value, base, end, is_rising=is_rising, with_cut=False)
        severity, keeps = np.where(holds, level, severity), np.where(holds | held, level, keeps)
        threshold, clears = np.where(holds, float(cut), threshold), np.where(holds, float(end), clears)
    with np.errstate(divide="ignore", invalid="ignore"):
        shown = value / base
    return pd.DataFrame(
        {
            "status": np.select([~inside, ~judged], [NOT_CALCULATED, INSUFFICIENT], OK),
            "severity": severity,
            "value": np.where(judged, shown, np.nan),
            "threshold": threshold,
            "clears_at": clears,
            "keeps": keeps,
        },
        index=students.index,
    )


@door(students=Columns(), chosen=AS_IS)
def judge_indicators(students: pd.DataFrame, chosen: Iterable[Indicator]) -> pd.DataFrame:
    """Judge every student by several indicators.

    Parameters
    ----------
    students : DataFrame
        As for `judge_indicator`, indexed by student; an absent column counts as missing for every student.
    chosen : iterable of Indicator
        For example those of `indicators` with one ``bundle``.

    Returns
    -------
    DataFrame
        One row per indicator and student: ``student``, ``indicator``, ``version``, ``domain`` and the columns of
        `judge_indicator`, in the order given. A bundle applies to a student if any of its indicators does.

    Notes
    -----
    See `judge_indicator`.
    """
    parts = []
    for one in chosen:
        judged = judge_indicator(students, one)
        judged["student"], judged["indicator"] = students.index, one.key
        judged["version"], judged["domain"] = one.version, one.domain
        parts.append(judged)
    columns = ["student", "indicator", "version", "domain", *_JUDGED]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


_JUDGED = ["status", "severity", "value", "threshold", "clears_at", "keeps"]


def _columns(students: pd.DataFrame, indicator: Indicator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The value, its denominator (ones if it is not a share), and how much was counted."""
    n = len(students)

    def column(name: str) -> np.ndarray:
        return _numbers(students, name) if name in students else np.full(n, np.nan)

    base = column(indicator.of) if indicator.of else np.ones(n)
    return column(indicator.field), base, column(indicator.count) if indicator.count else base


def _numbers(students: pd.DataFrame, name: str) -> np.ndarray:
    found = Number().read(students[name], Whence("students", name, students.index))
    return np.asarray(found, np.float64)


def _end_of(cut: Fraction, indicator: Indicator) -> Fraction:
    """Value at which the severity of ``cut`` ends: one margin away on the good side, but never under 0."""
    if OPERATORS[indicator.operator][0]:
        return max(cut - indicator.margin, min(cut, Fraction(0)))
    return cut + indicator.margin


def _in_grades(students: pd.DataFrame, indicator: Indicator) -> tuple[np.ndarray, np.ndarray]:
    """Which students are in the grade span, and whose grade is unknown; without the column, all are in it."""
    everybody, nobody = np.ones(len(students), bool), np.zeros(len(students), bool)
    span = (indicator.lowest_grade, indicator.highest_grade)
    if "grade" not in students or span == EVERY_GRADE:
        return everybody, nobody
    grade = _numbers(students, "grade")
    return ~((grade < span[0]) | (grade > span[1])), np.isnan(grade)


def _is_beyond(
    value: np.ndarray, base: np.ndarray, cut: Fraction, *, is_rising: bool, with_cut: bool
) -> np.ndarray:
    """Compare ``value / base`` with the cut, multiplied out: whole numbers under 2^53 are exact as floats."""
    left, right = value * cut.denominator, base * cut.numerator
    beyond = left > right if is_rising else left < right
    return np.asarray(beyond | (left == right) if with_cut else beyond)
