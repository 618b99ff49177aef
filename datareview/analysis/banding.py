"""Cut quantities into bands for a scorecard: marks, absences, a student's rank in an assessment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from datareview.analysis.door import Columns, door
from datareview.analysis.inputs import AS_IS, Count, Key, Number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MIN_PLACED = 10  # students needed for a rank in an assessment to mean something


@door(scores=Columns(assessment=Key(), score=Number()), min_n=Count(1))
def place_within(scores: pd.DataFrame, *, min_n: int = MIN_PLACED) -> pd.Series:
    """Mid-rank percentile of each score within its assessment, as a share from 0 to 1.

    Parameters
    ----------
    scores : DataFrame
        ``assessment`` and ``score``, as known at one time. Missing scores have no rank.
    min_n : int
        Students an assessment needs to be ranked.

    Returns
    -------
    Series
        With the index of ``scores``; missing without a score or with too few students.

    Notes
    -----
    place = (students below + half of those equal) / n. This makes tests of unequal difficulty comparable. It depends
    on who took the test, and does not measure what was learned.

    References
    ----------
    Mid-rank percentiles: Crawford, Garthwaite & Slick (2009), Clin. Neuropsychol. 23, 1173.
    """
    score = pd.to_numeric(scores["score"]).astype(float)
    score = score.where(np.isfinite(score))
    groups = score.groupby(scores["assessment"].to_numpy())
    n = groups.transform("count")
    place = (groups.rank(method="average") - 0.5) / n
    return place.where(n >= min_n).rename("place")


@door(quantities=Columns(rest=Number()), cuts=AS_IS, higher_is_worse=AS_IS)
def band(
    quantities: pd.DataFrame, cuts: Mapping[str, Sequence[float]], *, higher_is_worse: Sequence[str] = ()
) -> pd.DataFrame:
    """Turn quantities into bands, each an indicator of 0 or 1, of which at most one applies.

    Parameters
    ----------
    quantities : DataFrame
        One row per student, one column per quantity, any unit.
    cuts : mapping
        Column → its cut points, in any order.
    higher_is_worse : sequence of str
        Columns in which high values are worse; in the others low values are.

    Returns
    -------
    DataFrame
        One column per band: "mark < 55", "55 <= mark < 70" (low is worse) or "absences >= 9", "5 <= absences < 9".
        Missing where the quantity is missing: `scorecard.fit_scorecard` counts that as 0.

    Raises
    ------
    ValueError
        Cut points that are missing or not finite.

    Notes
    -----
    Bands do not overlap, so a student gets the points of one. The best band has no column: the others are compared
    with it. Prefer cut points that people know (a failing mark, 10 % absent) to those that fit best.

    References
    ----------
    Sullivan, Massaro & D'Agostino (2004), Stat. Med. 23, 1631.
    """
    out: dict[str, pd.Series] = {}
    for column, points in cuts.items():
        if not len(points) or not np.isfinite(np.asarray(points, float)).all():
            raise ValueError(f"{column!r} needs finite cut points.")
        value = pd.to_numeric(quantities[column]).astype(float)
        known = value.notna()
        ends = sorted(set(points), reverse=column in higher_is_worse)
        for place, cut in enumerate(ends):
            if column in higher_is_worse:
                inside = value >= cut
                name = f"{column} >= {cut:g}"
                if place:
                    inside &= value < ends[place - 1]
                    name = f"{cut:g} <= {column} < {ends[place - 1]:g}"
            else:
                inside = value < cut
                name = f"{column} < {cut:g}"
                if place:
                    inside &= value >= ends[place - 1]
                    name = f"{ends[place - 1]:g} <= {column} < {cut:g}"
            out[name] = inside.astype(float).where(known)
    return pd.DataFrame(out, index=quantities.index)
