"""Early-warning indicators at their exact boundaries: attendance, behaviour, courses, readiness.

Presets are data: each names a field, an operator, two or three cut points, a grade span, its source and a
version. Shares are compared as whole numbers (10 × days absent against days enrolled), never as rounded
percentages.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from datareview.analysis.schema import INSUFFICIENT, NOT_CALCULATED, OK

PATH = Path(__file__).parent / "presets.json"
HALVES = 2  # attendance comes in half days


@dataclass(frozen=True, slots=True)
class Indicator:
    """A condition with its cut points, as data.

    ``field`` names a column of the frame; ``of`` another one where the field is a share of it. ``operator`` is
    "at_least", "more_than", "at_most" or "less_than"; ``cuts`` the severities 1, 2, 3 in order (a missing one
    is None). ``least`` is the smallest ``of`` (or ``count``) that is judged.
    """

    key: str
    version: int
    domain: str
    field: str
    operator: str
    cuts: tuple[Fraction | None, ...]
    source: str
    of: str = ""
    least: int = 0
    count: str = ""
    lowest_grade: int = -1
    highest_grade: int = 12


@cache
def indicators() -> dict[str, Indicator]:
    """Every preset by its key; presets.json beside this module holds them."""
    rows = json.loads(PATH.read_text(encoding="utf-8"))
    return {row["key"]: _indicator(row) for row in rows}


def _indicator(row: dict[str, object]) -> Indicator:
    cuts = row.pop("cuts")
    if not isinstance(cuts, list):
        raise TypeError("An indicator needs a list of cuts.")
    exact = tuple(None if cut is None else Fraction(str(cut)) for cut in cuts)
    return Indicator(cuts=exact, **row)  # type: ignore[arg-type]


def judge_indicator(students: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """Hold every student against one indicator.

    Parameters
    ----------
    students : DataFrame
        A row a student with the indicator's columns as whole numbers (half days, counts, marks in hundredths)
        or missing, and optionally ``grade``.
    indicator : Indicator
        One of `indicators`, or of a school.

    Returns
    -------
    DataFrame
        Same index: ``status``, ``severity`` (0 none, 1 watch, 2 act, 3 severe), ``value`` (the share where
        there is an ``of``, else the field), ``threshold`` (the cut that was reached, else the first one).
        "not_calculated" off the grade span, "insufficient_data" where a column is missing or too little is
        known.

    Notes
    -----
    field / of >= p / q is compared as q × field >= p × of in whole numbers: 18 of 180 days is 10 %, 17.99 is not.

    References
    ----------
    The ``source`` of each preset; Balfanz, Herzog & Mac Iver (2007), Educ. Psychologist 42, 223; US Dept. of
    Education, EDFacts FS195; Allensworth & Easton (2005), The On-Track Indicator.
    """
    value = students[indicator.field].to_numpy(np.float64)
    base = students[indicator.of].to_numpy(np.float64) if indicator.of else np.ones(len(students))
    counted = students[indicator.count].to_numpy(np.float64) if indicator.count else base
    known = np.isfinite(value) & np.isfinite(base) & (base > 0)
    known &= (counted >= indicator.least) if indicator.of or indicator.count else True
    inside = _in_grades(students, indicator)
    severity = np.zeros(len(students), np.int64)
    threshold = np.full(len(students), _first(indicator.cuts))
    for level, cut in enumerate(indicator.cuts, start=1):
        if cut is not None:
            holds = known & inside & _compare(value, base, cut, indicator.operator)
            severity = np.where(holds, level, severity)
            threshold = np.where(holds, float(cut), threshold)
    with np.errstate(divide="ignore", invalid="ignore"):
        shown = value / base
    return pd.DataFrame(
        {
            "status": np.select([~inside, ~known], [NOT_CALCULATED, INSUFFICIENT], OK),
            "severity": severity,
            "value": np.where(known & inside, shown, np.nan),
            "threshold": threshold,
        },
        index=students.index,
    )


def _first(cuts: tuple[Fraction | None, ...]) -> float:
    return float(next(cut for cut in cuts if cut is not None))


def _in_grades(students: pd.DataFrame, indicator: Indicator) -> np.ndarray:
    if "grade" not in students:
        return np.ones(len(students), bool)
    grade = students["grade"].to_numpy(np.float64)
    return ~((grade < indicator.lowest_grade) | (grade > indicator.highest_grade))


def _compare(value: np.ndarray, base: np.ndarray, cut: Fraction, operator: str) -> np.ndarray:
    """``value / base`` against the cut, both sides multiplied out: whole numbers under 2^53 are exact floats."""
    left, right = value * cut.denominator, base * cut.numerator
    return {
        "at_least": left >= right,
        "more_than": left > right,
        "at_most": left <= right,
        "less_than": left < right,
    }[operator]


def attendance_facts(days: pd.DataFrame, *, until: int, first_days: int = 0) -> pd.DataFrame:
    """Half days absent and enrolled of each student, from daily marks.

    Parameters
    ----------
    days : DataFrame
        ``student``, ``day`` (ordinal), ``absent`` (0, 0.5 or 1; every absence counts, excused or not, and days
        of suspension too): one row for each day on which the student was enrolled and school was held.
    until : int
        The last day to count.
    first_days : int
        Where above 0, only so many first days of school (of all students) are counted.

    Returns
    -------
    DataFrame
        By student: ``absent`` and ``enrolled`` in half days, ``days`` enrolled.
    """
    counted = days[days["day"] <= until]
    if first_days:
        window = np.sort(counted["day"].unique())[:first_days]
        counted = counted[counted["day"].isin(window)]
    facts = counted.groupby("student")["absent"].agg(["sum", "size"])
    absent = np.rint(HALVES * facts["sum"].to_numpy(np.float64))
    return pd.DataFrame(
        {"absent": absent, "enrolled": HALVES * facts["size"], "days": facts["size"]}, index=facts.index
    )


def on_track(courses: pd.DataFrame) -> pd.DataFrame:
    """Ninth graders on track: five full credits or more, and at most one semester F in a core course.

    Parameters
    ----------
    courses : DataFrame
        ``student``, ``credits`` (earned, full-year credits), ``is_core`` (English, mathematics, science, social
        studies) and ``is_failed``: a row a student, course and semester.

    Returns
    -------
    DataFrame
        By student: ``credits``, ``core_failures``, ``is_on_track``.

    References
    ----------
    Allensworth & Easton (2005), The On-Track Indicator as a Predictor of High School Graduation.
    """
    failed = courses["is_core"].astype(bool) & courses["is_failed"].astype(bool)
    facts = courses.assign(core_failures=failed).groupby("student")[["credits", "core_failures"]].sum()
    # Quarter credits are exact in binary; a sum of tenths is not, so compare with a hair's breadth.
    track = (facts["credits"] >= 5 - 1e-9) & (facts["core_failures"] <= 1)
    return facts.assign(is_on_track=track)
