"""Levels by cut scores, and mid-rank percentiles among peers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from datareview.analysis.door import Paired, door
from datareview.analysis.inputs import Key, Number, Truth

if TYPE_CHECKING:
    from collections.abc import Mapping

AT = 3  # the first level that meets the benchmark


@door(
    Paired("value", "higher_is_better"), value=Number(), cuts=Number(infinite=True), higher_is_better=Truth()
)
def levels_of(value: np.ndarray, cuts: Mapping[int, np.ndarray], higher_is_better: np.ndarray) -> np.ndarray:
    """Level of each value, counted from the benchmark: 3 meets it, 2 is below; NaN where a value or cut is missing.

    Parameters
    ----------
    value : array
        Scores, in the measure's unit.
    cuts : mapping of int to array
        Cut scores of each level but the lowest; ascending with the level, or descending where lower is better. An
        infinite one is of a level that does not exist: everyone has reached it below the benchmark, nobody above.
    higher_is_better : array of bool
        Direction of each score's measure.

    Returns
    -------
    array of float
        From the level under the first cut to that of the last one.

    Notes
    -----
    A value on a cut has reached it; where lower is better, a value at or below it has. Scores and cuts are compared
    unrounded. For scores near a cut see `measurement.is_near_cut`.
    """
    sign = np.where(higher_is_better, 1.0, -1.0)
    score, level = sign * value, np.full(value.shape, min(cuts) - 1.0)
    known = np.isfinite(value) & np.isfinite(cuts[AT])
    for cut in cuts.values():
        level += score >= sign * cut
        known &= ~np.isnan(cut)
    return np.where(known, level, np.nan)


@door(Paired("value", "group"), value=Number(), group=Key(is_optional=True))
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
