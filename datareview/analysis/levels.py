"""Levels by cut scores, and mid-rank percentiles among peers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd


def levels_of(
    value: np.ndarray, below: np.ndarray, at: np.ndarray, above: np.ndarray, higher_is_better: np.ndarray
) -> np.ndarray:
    """Level of each value: 1 well below, 2 below, 3 at, 4 above benchmark; NaN where a value or cut is missing.

    A value on a cut has reached it. Where lower is better the cuts descend and a value at or under one
    has reached it. All arguments are arrays of one length, in the measure's unit.
    """
    sign = np.where(higher_is_better, 1.0, -1.0)
    score = sign * value
    level = 1.0 + (score >= sign * below) + (score >= sign * at) + (score >= sign * above)
    known = np.isfinite(value) & np.isfinite(below) & np.isfinite(at) & np.isfinite(above)
    return np.where(known, level, np.nan)


def percentiles_of(value: pd.Series, group: pd.Series) -> pd.Series:
    """Mid-rank percentile (0 to 100) of each value among the values of its group; NaN where missing.

    100 (rank - 0.5) / n with tied values sharing their mean rank; a group of one is at 50.
    """
    grouped = value.groupby(group)
    return 100.0 * (grouped.rank(method="average") - 0.5) / grouped.transform("count")
