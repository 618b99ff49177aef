"""Mastery of standards on a test: points "x of m" for a student, a share with its interval for a class."""

from __future__ import annotations

import numpy as np
import pandas as pd

from datareview.analysis.door import Columns, Possible, door
from datareview.analysis.equity import wilson_interval
from datareview.analysis.inputs import AS_IS, Count, Key, Level, Number, Truth
from datareview.analysis.schema import INSUFFICIENT, OK

MIN_ITEMS_OF_STANDARD = 3
MASTERY = 0.80  # of the points; a school can set its own
BANDS = ("secure", "close", "developing", "more_time")
CLOSE, DEVELOPING = 0.75, 0.375  # of the mastery share: with 0.80, close from 0.60 and developing from 0.30
ROUNDING = 1e-9  # 0.7 of 10 points must be 7 in spite of rounding errors


@door(
    Possible(),
    points=Columns(rest=Number()),
    possible=Number(),
    standard=Key(is_optional=True),
    cut=Number(0, 1),
    parts=Count(),
)
def standard_shares(
    points: pd.DataFrame,
    possible: pd.Series,
    standard: pd.Series,
    *,
    cut: float = MASTERY,
    parts: pd.Series | None = None,
) -> pd.DataFrame:
    """Points earned and points possible for each student on each standard: "x of m", not a percentage.

    Parameters
    ----------
    points : DataFrame
        One row per student who took the test, one column per item: points earned. Blanks are wrong.
    possible : Series
        Points possible by item; indexed like the columns.
    standard : Series
        Name of each item's standard; items without one are left out.
    cut : float
        Share of the points needed for mastery, 0 to 1; a student on the cut has reached it.
    parts : Series, optional
        How many items each column stands for, where some are the total of several; one each without it.

    Returns
    -------
    DataFrame
        One row per student and standard: ``student``, ``standard``, ``status`` ("insufficient_data" under three
        items: too few to say), ``items``, ``got``, ``possible``, ``is_mastered`` (missing unless "ok").

    Notes
    -----
    With three to five items mastery is uncertain: show "4 of 5", never "80 %".
    """
    names = standard.reindex(points.columns)
    clean = points.where(np.isfinite(points.to_numpy(np.float64)), 0.0)
    got = clean.T.groupby(names.to_numpy()).sum().T
    sums = possible.reindex(points.columns).groupby(names.to_numpy()).sum()
    ones = pd.Series(1, index=names.index) if parts is None else parts.reindex(names.index)
    items = ones.groupby(names.to_numpy()).sum()
    rows = got.reset_index(names="student").melt("student", var_name="standard", value_name="got")
    rows["possible"], rows["items"] = rows["standard"].map(sums), rows["standard"].map(items)
    rows["status"] = np.where(rows["items"] >= MIN_ITEMS_OF_STANDARD, OK, INSUFFICIENT)
    mastered = rows["got"] >= cut * rows["possible"] - ROUNDING
    rows["is_mastered"] = mastered.astype("boolean").where(rows["status"] == OK)
    return rows[["student", "standard", "status", "items", "got", "possible", "is_mastered"]]


@door(
    shares=Columns(
        student=Key(), standard=Key(), status=AS_IS, items=Count(), is_mastered=Truth(is_optional=True)
    ),
    level=Level(),
)
def class_mastery(shares: pd.DataFrame, *, level: float = 0.95) -> pd.DataFrame:
    """Share of students who have mastered each standard, with Wilson's interval.

    Parameters
    ----------
    shares : DataFrame
        The result of `standard_shares`.
    level : float
        Confidence level of the interval, 0 to 1.

    Returns
    -------
    DataFrame
        One row per standard: ``status``, ``items``, ``n``, ``mastering`` (counts), ``share``, ``low``, ``high``
        (0 to 1); missing with fewer than three items.

    Notes
    -----
    The interval treats the students as a sample of many; it does not allow for the small number of items that
    represent the standard. Compare groups with `equity.difference_of_proportions`.

    References
    ----------
    Wilson (1927), JASA 22, 209; Newcombe (1998), Stat. Med. 17, 857, method 3.
    """
    grouped = shares.groupby("standard", sort=True)
    out = grouped.agg(status=("status", "first"), items=("items", "first"))
    # A student of whom it is not known is left out; with too few items it is known of nobody, and all are counted.
    out["n"] = (shares["is_mastered"].notna() | (shares["status"] != OK)).groupby(shares["standard"]).sum()
    known = (out["status"] == OK).to_numpy()
    counts = grouped["is_mastered"].sum().to_numpy(np.float64)
    out["mastering"] = np.where(known, counts, np.nan)
    out["share"] = out["mastering"] / out["n"]
    ends = [
        wilson_interval(int(cases), int(n), level=level) if ok else (np.nan, np.nan)
        for cases, n, ok in zip(counts, out["n"], known, strict=True)
    ]
    out["low"], out["high"] = ([end[at] for end in ends] for at in (0, 1))
    return out


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
