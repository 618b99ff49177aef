"""Levels and slopes shrunk toward the group's: empirical Bayes in closed form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import stats

from datareview.analysis.door import Columns, Paired, door
from datareview.analysis.inputs import AS_IS, Key, Level, Number, Ordinal
from datareview.analysis.schema import INSUFFICIENT, OK, statuses
from datareview.analysis.scoremodel import MIN_GROUP, ScoreModel

if TYPE_CHECKING:
    from collections.abc import Sequence

MIN_HELD_BACK = 50  # held-out scores needed to calibrate an interval on them
USUAL_FACTORS = {0.80: 1.0, 0.95: 1.3}  # widening by level if too few scores were held out (methods, 1.5)


@door(
    Paired("fits", "group"),
    fits=Columns(status=AS_IS, n=Number(), slope=Number(), sxx=Number(), see=Number()),
    group=Key(is_optional=True),
    level=Level(),
)
def pool_slopes(
    fits: pd.DataFrame, group: pd.Series | Sequence[pd.Series], *, level: float = 0.90
) -> pd.DataFrame:
    """Shrink each series' slope toward its group's, in proportion to its uncertainty.

    Parameters
    ----------
    fits : DataFrame
        From `trends.fit_trends`: ``status``, ``n``, ``slope``, ``sxx``, ``see``.
    group : Series, or several from narrow to wide
        Group of each series (same measure, grade and season), same index. If the first has fewer than 30 usable
        series, the next one with enough is used.
    level : float
        Confidence level of the two-sided interval, 0 to 1.

    Returns
    -------
    DataFrame
        Same index: ``status``, ``pooled_slope``, ``pooled_low``, ``pooled_high`` (units per week), ``weight`` (0:
        entirely the group's slope, 1: entirely the student's own), ``group_slope``, ``group_n``, ``is_distinct``
        (False: the growth of this group's students cannot be told apart yet).

    Notes
    -----
    b_EB = mu + w (b - mu), w = tau² / (tau² + V), V = sigma² / Sxx. sigma² is pooled over the group's
    residuals; tau² = max(0, var(b) - mean(V)); mu is weighted by precision, so that noisy slopes of short
    series do not move it. A group with fewer than 30 usable series is not pooled, and its status says so. The
    interval allows for the error of tau² (see the code). Assumes roughly normal slopes within the group.

    References
    ----------
    Raudenbush & Bryk (2002), Hierarchical Linear Models, ch. 3; Bates et al. (2015), J. Stat. Softw. 67(1).
    """
    groups = [group] if isinstance(group, pd.Series) else list(group)
    out = _pool_one(fits, groups[0], level)
    for wider in groups[1:]:
        lacking = (out["status"] != OK) & (fits["status"] == OK)
        if not lacking.any():
            break
        out.loc[lacking] = _pool_one(fits, wider, level)[lacking]
    return out


def _pool_one(fits: pd.DataFrame, group: pd.Series, level: float) -> pd.DataFrame:
    usable = (fits["status"] == OK).to_numpy() & (fits["n"].to_numpy() >= 3) & (fits["see"].to_numpy() > 0)
    codes, _names = pd.factorize(group.to_numpy(), sort=True)
    usable &= codes >= 0  # a series without a group is not pooled
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
        # The interval uses tau² plus one standard error: tau² is an estimate too, and with few or noisy
        # series a low one would make every interval too narrow.
        error = np.sqrt(2.0 * total((tau2[codes] + v) ** 2) / (many - 1) / many)
        wide = (tau2 + error)[codes]
        sd = np.sqrt(wide * v / (wide + v) + (1 - weight) ** 2 / total(precision)[codes])
    half = stats.norm.ppf(0.5 + level / 2) * sd
    good = usable & (many[codes] >= MIN_GROUP) if len(fits) else usable
    parts = {
        "pooled_slope": pooled,
        "pooled_low": pooled - half,
        "pooled_high": pooled + half,
        "weight": weight,
        "group_slope": mu[codes],
    }
    out = pd.DataFrame({name: np.where(good, part, np.nan) for name, part in parts.items()}, index=fits.index)
    out["group_n"] = np.where(codes >= 0, many[codes], 0).astype(int)
    out["is_distinct"] = good & (tau2[codes] > 0)
    out.insert(0, "status", statuses(good, INSUFFICIENT, OK))
    return out


@door(
    scores=Columns(series=Key(), day=Ordinal(), value=Number(needed=True)),
    targets=Columns(series=Key(), day=Ordinal()),
    groups=AS_IS,
    level=Level(),
    factor=Number(low=0),
    scale=Number(infinite=True),
)
def project_pooled(
    scores: pd.DataFrame,
    targets: pd.DataFrame,
    *,
    groups: Sequence[str] = ("group",),
    level: float = 0.80,
    factor: float | None = None,
    scale: tuple[float, float] | None = None,
) -> pd.DataFrame:
    """Predict a new score for each target series and day, from the series' own scores and its group's.

    Parameters
    ----------
    scores : DataFrame
        ``series``, ``day`` (ordinals), ``value`` (finite, one per series and day), the columns of ``groups``;
        optionally ``occasion``: the test or form of each score, if the day does not identify it.
    targets : DataFrame
        ``series`` and ``day`` (ordinals), any index; optionally ``occasion``.
    groups : sequence of str
        Columns of ``scores`` with each series' group (same measure, grade and season), from narrow to wide.
        If the first has too few scores, the next one with enough is used.
    level : float
        Level of the prediction interval.
    factor : float, optional
        Factor by which the interval is widened, from `conformal_factor`; by default `usual_factor` for ``level``.
    scale : (float, float), optional
        Lowest and highest possible score; figures are capped to it.

    Returns
    -------
    DataFrame
        Index of ``targets``: ``status``, ``value``, ``low``, ``high``, ``sd`` (of a new score, before
        ``factor``). "insufficient_data" for a series without scores, or a group with fewer than 30 series or fewer
        than 30 scores beyond the first of each.

    Notes
    -----
    yhat = alpha + mu t + d + w_l (ybar - group) + w_b (b - mu)(t - tbar), var = sigma² + w_l sigma² / n +
    w_b V (t - tbar)² plus the variances of mu and of d. d is the difficulty of the occasion, 0 for one not seen
    yet. Series with one or two scores have their level shrunk and take the group's slope. A slope over three days
    or fewer is not extrapolated: it may only reflect the difficulty of the tests. Outlying scores (2.5 SD) are
    pulled in. If weighting old scores less would have forecast the group's later ones better, they fade with a
    half-life chosen from the given scores. Assumes one scale and roughly normal differences between students.

    References
    ----------
    Raudenbush & Bryk (2002), Hierarchical Linear Models, ch. 3; Bates et al. (2015), J. Stat. Softw. 67(1);
    Robinson (1991), Statistical Science 6, 15 (shrinkage by turns); Huber (1981), Robust Statistics, ch. 7.
    """
    value, sd = np.full((2, len(targets)), np.nan)
    occasion = targets["occasion"].to_numpy() if "occasion" in targets and "occasion" in scores else None
    for group in groups:
        missing = np.isnan(value)
        if not (missing.any() and len(scores)):
            break
        model = ScoreModel(scores, group)
        found = model.expect(targets["series"].to_numpy(), targets["day"].to_numpy(np.float64), occasion)
        value, sd = np.where(missing, found[0], value), np.where(missing, found[1], sd)
    half = stats.norm.ppf(0.5 + level / 2) * (usual_factor(level) if factor is None else factor) * sd
    low, high = scale or (-np.inf, np.inf)
    figures = {"value": value, "low": value - half, "high": value + half}
    out = pd.DataFrame({name: np.clip(figure, low, high) for name, figure in figures.items()}, targets.index)
    out.insert(0, "status", np.where(np.isfinite(value), OK, INSUFFICIENT))
    return out.assign(sd=sd)


@door(level=Level())
def usual_factor(level: float) -> float:
    """Default widening of prediction intervals if too few scores were held out to learn it.

    Parameters
    ----------
    level : float
        Level of the two-sided interval, 0 to 1.

    Returns
    -------
    float
        1.0 up to 80 %, 1.3 from 95 %, interpolated linearly in between.

    Notes
    -----
    Errors of school marks have heavier tails than the normal distribution: see `conformal_factor`.
    """
    return float(np.interp(level, list(USUAL_FACTORS), list(USUAL_FACTORS.values())))


@door(Paired("observed", "expected", "sd"), observed=Number(), expected=Number(), sd=Number(), level=Level())
def conformal_factor(
    observed: np.ndarray, expected: np.ndarray, sd: np.ndarray, *, level: float = 0.80
) -> float | None:
    """Factor by which prediction intervals must be widened to reach their stated coverage; None under 50 scores.

    Parameters
    ----------
    observed, expected, sd : array
        Held-out scores, their predictions and the standard deviations predicted for them; incomplete triples are
        left out.
    level : float
        Level of the two-sided interval.

    Notes
    -----
    The ceil((n + 1) level)-th smallest of |y - yhat| / sd, divided by the normal quantile that the interval uses.
    Valid if held-out and future scores are exchangeable: the same measure and season.

    References
    ----------
    Vovk, Gammerman & Shafer (2005), Algorithmic Learning in a Random World, ch. 4 (split conformal).
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.abs(np.asarray(observed, float) - np.asarray(expected, float)) / np.asarray(sd, float)
    ratio = np.sort(ratio[np.isfinite(ratio)])
    if len(ratio) < MIN_HELD_BACK:
        return None
    rank = min(int(np.ceil((len(ratio) + 1) * level)), len(ratio))
    return float(ratio[rank - 1] / stats.norm.ppf(0.5 + level / 2))
