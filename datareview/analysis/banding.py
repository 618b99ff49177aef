"""Cut quantities into bands for a scorecard: marks, absences, a student's rank in an assessment."""

from __future__ import annotations

import numpy as np
import pandas as pd

from datareview.analysis.door import Columns, door
from datareview.analysis.inputs import Count, Key, Number

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
