"""Risk ratios for all groups of all districts at once, pooled over years and compared with a state's thresholds.

`equity.risk_ratio` does one pair of counts at a time; both give the same figures.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from datareview.analysis.door import Columns, door
from datareview.analysis.equity import MIN_CELL, MIN_GROUP
from datareview.analysis.inputs import AS_IS, Count, Key, Level, Number
from datareview.analysis.schema import NOT_CALCULATED, OK

YEARS = 3  # 34 CFR 300.647 (d)(1): a state may look at up to three consecutive years


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Cut points for a state's labels of risk ratios; the defaults are Washington's.

    "under" at or below ``under``; "at risk of under" between ``under`` and ``low``; "" from ``low`` to ``risk``,
    both included; "at risk" above ``risk``; "over" from ``over``. A ratio above ``significant`` in ``years``
    consecutive years is significant disproportionality.
    """

    under: float = 0.5
    low: float = 0.67
    risk: float = 1.5
    over: float = 2.0
    significant: float = 3.0
    years: int = YEARS


@door(
    counts=Columns(
        district=Key(), group=Key(), year=Count(), cases=Count(), n=Count(), within=("cases", "n")
    ),
    until=Count(),
    years=Count(),
)
def pool_years(counts: pd.DataFrame, *, until: int, years: int = YEARS) -> pd.DataFrame:
    """Add up the counts of the last years.

    Parameters
    ----------
    counts : DataFrame
        ``district``, ``group``, ``year`` (in which the school year ends), ``cases``, ``n``.
    until : int
        The last year.
    years : int
        How many years, 1 to 3.

    Returns
    -------
    DataFrame
        ``district``, ``group``, ``cases``, ``n`` and ``years`` (how many years had data), ready for `risk_ratios`.

    Raises
    ------
    ValueError
        More than three years, or none.

    Notes
    -----
    Sums cases and students; a student counts once per year. Pooling steadies small groups and lags behind change.

    References
    ----------
    34 CFR 300.647 (d)(1).
    """
    if not 1 <= years <= YEARS:
        raise ValueError("Up to three years are pooled.")
    inside = counts[(counts["year"] > until - years) & (counts["year"] <= until)]
    found = inside.groupby(["district", "group"], as_index=False).agg(
        cases=("cases", "sum"), n=("n", "sum"), years=("year", "nunique")
    )
    return found[["district", "group", "cases", "n", "years"]]


@door(
    counts=Columns(district=Key(), group=Key(), cases=Count(), n=Count(), within=("cases", "n")),
    min_cell=Count(),
    min_n=Count(),
    level=Level(),
    thresholds=AS_IS,
)
def risk_ratios(
    counts: pd.DataFrame,
    *,
    min_cell: int = MIN_CELL,
    min_n: int = MIN_GROUP,
    level: float = 0.95,
    thresholds: Thresholds | None = None,
) -> pd.DataFrame:
    """Risk ratio of each group in each district, compared with all other students of the district or the state.

    Parameters
    ----------
    counts : DataFrame
        ``district``, ``group``, ``cases``, ``n``: one row per district and group. The alternate risk ratio needs
        all districts of the state; with only one district there is none.
    min_cell, min_n : int
        Minimum cases and students, for a group and for its comparison; set by the state.
    level : float
        Confidence level of the interval (on the log scale), 0 to 1.
    thresholds : Thresholds, optional
        The state's cut points.

    Returns
    -------
    DataFrame
        The given rows with ``status``, ``method`` ("risk_ratio", "alternate_risk_ratio"), ``risk`` (cases / n),
        ``ratio``, ``low``, ``high``, ``other_n`` and ``label`` (see `Thresholds`). "not_calculated" where the
        group, or every comparison, is below a minimum; never infinite.

    Notes
    -----
    ratio = (cases / n) / (other cases / other n); interval exp(ln ratio -/+ z sqrt(1/a - 1/n1 + 1/b - 1/n0)).
    With fewer than about 5 cases the interval is rough. A ratio does not say why groups differ.

    References
    ----------
    34 CFR 300.646 and 300.647 (81 FR 92376); Bollmer and others (2007), J. Special Educ. 41, 186; Katz and others
    (1978), Biometrics 34, 469 (interval).
    """
    least = np.array([max(min_cell, 1), max(min_n, 1)], float)
    own = counts[["cases", "n"]].to_numpy(np.float64)
    here = counts.groupby("district")[["cases", "n"]].transform("sum").to_numpy(np.float64) - own
    of_group = counts.groupby("group")[["cases", "n"]].transform("sum").to_numpy(np.float64)
    state = own.sum(axis=0) - of_group
    is_several = counts["district"].nunique() > 1
    is_large = (own >= least).all(axis=1)
    by_district = is_large & (here >= least).all(axis=1)
    by_state = is_large & ~by_district & (state >= least).all(axis=1) & is_several
    made = by_district | by_state
    others = np.where(by_district[:, None], here, state)
    with np.errstate(divide="ignore", invalid="ignore"):
        risk = own[:, 0] / own[:, 1]
        ratio = np.where(made, risk / (others[:, 0] / others[:, 1]), np.nan)
        spread = 1 / own[:, 0] - 1 / own[:, 1] + 1 / others[:, 0] - 1 / others[:, 1]
        width = np.exp(stats.norm.ppf(0.5 + level / 2) * np.sqrt(np.where(made, spread, np.nan)))
    return counts.assign(
        status=np.where(made, OK, NOT_CALCULATED),
        method=np.where(by_state, "alternate_risk_ratio", "risk_ratio"),
        risk=np.where(own[:, 1] >= least[1], risk, np.nan),
        ratio=ratio,
        low=ratio / width,
        high=ratio * width,
        other_n=np.where(made, others[:, 1], np.nan),
        label=_labels(ratio, thresholds or Thresholds()),
    )


def _labels(ratio: np.ndarray, at: Thresholds) -> np.ndarray:
    with np.errstate(invalid="ignore"):
        conditions = [ratio <= at.under, ratio < at.low, ratio >= at.over, ratio > at.risk]
    return np.select(conditions, ["under", "at risk of under", "over", "at risk"], "")


@door(
    ratios=Columns(district=Key(), group=Key(), year=Count(), ratio=Number()), until=Count(), thresholds=AS_IS
)
def is_significant(ratios: pd.DataFrame, *, until: int, thresholds: Thresholds | None = None) -> pd.DataFrame:
    """Find the groups that were over the state's threshold in each of the last consecutive years.

    Parameters
    ----------
    ratios : DataFrame
        ``district``, ``group``, ``year``, ``ratio`` (missing where it was not calculated).
    until : int
        The last year.
    thresholds : Thresholds, optional
        The state's cut points.

    Returns
    -------
    DataFrame
        ``district``, ``group``, ``years_over`` (consecutive, up to ``until``) and ``is_significant``.

    Notes
    -----
    Over means ratio > 3.0 by default, not rounded. A year that was not calculated ends the run.

    References
    ----------
    34 CFR 300.647 (b) and (d).
    """
    at = thresholds or Thresholds()
    pairs = ratios[["district", "group"]].drop_duplicates().sort_values(["district", "group"])
    over = pd.Series(data=True, index=range(len(pairs)))
    run = np.zeros(len(pairs), np.int64)
    for year in range(until, until - at.years, -1):
        there = ratios.loc[
            (ratios["year"] == year) & (ratios["ratio"] > at.significant), ["district", "group"]
        ]
        found = pairs.merge(there.drop_duplicates(), on=["district", "group"], how="left", indicator="where")
        over &= (found["where"] == "both").to_numpy()
        run += over.to_numpy(np.int64)
    return pairs.assign(years_over=run, is_significant=run >= at.years).reset_index(drop=True)
