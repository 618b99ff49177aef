"""Bands of mastery of a standard, by the share of the points."""

from __future__ import annotations

import numpy as np
import pandas as pd

from datareview.analysis.door import door
from datareview.analysis.inputs import Number

MIN_ITEMS_OF_STANDARD = 3
MASTERY = 0.80  # of the points; a school can set its own
BANDS = ("secure", "close", "developing", "more_time")
CLOSE, DEVELOPING = 0.75, 0.375  # of the mastery share: with 0.80, close from 0.60 and developing from 0.30
ROUNDING = 1e-9  # 0.7 of 10 points must be 7 in spite of rounding errors


@door(share=Number(0, 1), cut=Number(0, 1))
def mastery_bands(share: pd.Series, *, cut: float = MASTERY) -> pd.Series:
    """Band of each student for teaching groups: secure, close, developing, or needs more time.

    Parameters
    ----------
    share : Series
        Share of the possible points, 0 to 1, on one standard or the whole assessment; missing if not entered.
    cut : float
        Share of the points needed for mastery, above 0 to 1.

    Returns
    -------
    Series
        With the index of ``share``: one of ``BANDS``; missing where the share is.

    Notes
    -----
    Secure from ``cut``, close from three quarters of it, developing from three eighths. The bands are for planning the
    next lessons: on three to five items a student can be a band off by chance, so groups should change easily.
    """
    ends = np.array([0.0, DEVELOPING * cut, CLOSE * cut, cut]) - ROUNDING
    place = np.searchsorted(ends, share.to_numpy(np.float64), side="right")  # NaN sorts last
    names = np.array(["", *reversed(BANDS)], object)[place]
    return pd.Series(names, index=share.index, dtype=object, name="band").where(share.notna())


@door(share=Number(0, 1), cut=Number(0, 1))
def mastery_band(share: float, *, cut: float = MASTERY) -> str:
    """The band of `mastery_bands` for one share of the points."""
    return str(mastery_bands(pd.Series([share], dtype=np.float64), cut=cut).iloc[0])
