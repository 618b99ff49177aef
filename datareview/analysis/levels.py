"""Levels by cut scores, and mid-rank percentiles among peers."""

from __future__ import annotations

import numpy as np
import pandas as pd


def levels_of(
    value: np.ndarray, below: np.ndarray, at: np.ndarray, above: np.ndarray, higher_is_better: np.ndarray
) -> np.ndarray:
    """Level of each value: 1 well below, 2 below, 3 at, 4 above benchmark; NaN where a value or cut is missing.

    Parameters
    ----------
    value : array
        Scores, in the measure's unit.
    below, at, above : array
        Cut scores of levels 2, 3 and 4; ascending, or descending where lower is better. An infinite ``below`` or
        ``above`` is a level that does not exist.
    higher_is_better : array of bool
        Direction of each score's measure.

    Returns
    -------
    array of float
        1 to 4.

    Notes
    -----
    A value on a cut has reached it; where lower is better, a value at or below it has. Scores and cuts are compared
    unrounded. For scores near a cut see `measurement.is_near_cut`.
    """
    sign = np.where(higher_is_better, 1.0, -1.0)
    score = sign * value
    level = 1.0 + (score >= sign * below) + (score >= sign * at) + (score >= sign * above)
    known = np.isfinite(value) & ~np.isnan(below) & np.isfinite(at) & ~np.isnan(above)
    return np.where(known, level, np.nan)


def percentiles_of(value: pd.Series, group: pd.Series) -> pd.Series:
    """Mid-rank percentile (0 to 100) of each value within its group; NaN where missing.

    Parameters
    ----------
    value : Series
        Scores; missing and infinite ones have no percentile and do not count.
    group : Series
        Key of each score's peer group: same measure, grade and window.

    Returns
    -------
    Series
        Indexed like ``value``.

    Notes
    -----
    100 (rank - 0.5) / n, tied values sharing their mean rank; a group of one gets 50. Higher values have higher
    percentiles, whether or not that is better. Relative to these peers only, not a national norm.

    References
    ----------
    Crocker & Algina (1986), Introduction to Classical and Modern Test Theory, ch. 19 (percentile ranks).
    """
    known = value.where(np.isfinite(pd.to_numeric(value).to_numpy(np.float64)))
    grouped = known.groupby(group)
    return 100.0 * (grouped.rank(method="average") - 0.5) / grouped.transform("count")
