"""Slopes that borrow strength from the group: empirical Bayes in closed form."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from datareview.analysis.schema import INSUFFICIENT, OK

MIN_GROUP = 30


def pool_slopes(fits: pd.DataFrame, group: pd.Series, *, level: float = 0.90) -> pd.DataFrame:
    """Shrink each series' slope toward its group's, by how sure each is.

    Parameters
    ----------
    fits : DataFrame
        Of `trends.fit_trends`: ``status``, ``n``, ``slope``, ``sxx``, ``see``.
    group : Series
        The group of each series (same measure, grade and season), same index.
    level : float
        Of the two-sided interval.

    Returns
    -------
    DataFrame
        Same index: ``status``, ``pooled_slope``, ``pooled_low``, ``pooled_high`` (unit a week),
        ``weight`` (0: all from the group, 1: all the student's own), ``group_slope``, ``group_n``.

    Notes
    -----
    sigma² is pooled over the group's residuals; tau² = max(0, var(b) - mean(V)); mu is weighted by
    precision, so that noisy slopes of short series do not move it. A group under 30 usable series is not
    pooled: the status says so. The interval allows for the error of tau² (see the code).

    References
    ----------
    Raudenbush & Bryk (2002), ch. 3; Bates et al. (2015), J. Stat. Softw. 67(1).
    """
    usable = (fits["status"] == OK).to_numpy() & (fits["n"].to_numpy() >= 3) & (fits["see"].to_numpy() > 0)
    codes, _names = pd.factorize(group.to_numpy(), sort=True)
    usable &= codes >= 0  # a series whose group is not known is not pooled
    size = max(int(codes.max(initial=-1)) + 1, 1)
    n, b, sxx, see = (fits[name].to_numpy(float) for name in ("n", "slope", "sxx", "see"))

    def total(values: np.ndarray) -> np.ndarray:
        return np.bincount(codes[usable], values[usable], minlength=size)

    many = total(np.ones(len(fits)))
    with np.errstate(divide="ignore", invalid="ignore"):
        sigma2 = total(see**2 * (n - 2)) / total(n - 2)
        v = sigma2[codes] / sxx
        centre = total(b) / many
        spread = total((b - centre[codes]) ** 2) / (many - 1)
        tau2 = np.maximum(0.0, spread - total(v) / many)
        precision = 1.0 / (tau2[codes] + v)
        mu = total(b * precision) / total(precision)
        weight = tau2[codes] / (tau2[codes] + v)
        pooled = mu[codes] + weight * (b - mu[codes])
        # The interval takes tau² one standard error higher: it is an estimate too, and with few or noisy
        # series a low one would make every interval too narrow.
        wide = (tau2 + spread * np.sqrt(2.0 / (many - 1)))[codes]
        sd = np.sqrt(wide * v / (wide + v) + (1 - weight) ** 2 / total(precision)[codes])
    half = stats.norm.ppf(0.5 + level / 2) * sd
    good = usable & (many[codes] >= MIN_GROUP) if len(fits) else usable
    parts = {
        "pooled_slope": pooled,
        "pooled_low": pooled - half,
        "pooled_high": pooled + half,
        "weight": weight,
    }
    out = pd.DataFrame({name: np.where(good, part, np.nan) for name, part in parts.items()}, index=fits.index)
    out["group_slope"], out["group_n"] = (
        np.where(good, mu[codes], np.nan),
        np.where(codes >= 0, many[codes], 0).astype(int),
    )
    out.insert(0, "status", np.where(good, OK, INSUFFICIENT))
    return out
