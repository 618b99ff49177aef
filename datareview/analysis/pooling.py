"""Levels and slopes that borrow strength from the group: empirical Bayes in closed form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import stats

from datareview.analysis.schema import INSUFFICIENT, OK

if TYPE_CHECKING:
    from collections.abc import Sequence

MIN_GROUP = 30  # series with a slope; fewer say too little about how slopes differ
MIN_HELD_BACK = 50  # scores, for an interval calibrated on them
USUAL_FACTORS = {0.95: 1.3, 0.80: 1.0}  # widening where too few scores were held back (methods, 1.5)


def pool_slopes(
    fits: pd.DataFrame, group: pd.Series | Sequence[pd.Series], *, level: float = 0.90
) -> pd.DataFrame:
    """Shrink each series' slope toward its group's, by how sure each is.

    Parameters
    ----------
    fits : DataFrame
        Of `trends.fit_trends`: ``status``, ``n``, ``slope``, ``sxx``, ``see``.
    group : Series, or several from narrow to wide
        The group of each series (same measure, grade and season), same index. Where the first has under 30
        usable series, the next that has enough is taken.
    level : float
        Of the two-sided interval, 0 to 1.

    Returns
    -------
    DataFrame
        Same index: ``status``, ``pooled_slope``, ``pooled_low``, ``pooled_high`` (unit a week),
        ``weight`` (0: all from the group, 1: all the student's own), ``group_slope``, ``group_n``,
        ``is_distinct`` (False: students of this group are not distinguishable in growth yet).

    Notes
    -----
    b_EB = mu + w (b - mu), w = tau² / (tau² + V), V = sigma² / Sxx. sigma² is pooled over the group's
    residuals; tau² = max(0, var(b) - mean(V)); mu is weighted by precision, so that noisy slopes of short
    series do not move it. A group under 30 usable series is not pooled: the status says so. The interval
    allows for the error of tau² (see the code). Assumes slopes spread about normally in the group.

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
        "group_slope": mu[codes],
    }
    out = pd.DataFrame({name: np.where(good, part, np.nan) for name, part in parts.items()}, index=fits.index)
    out["group_n"] = np.where(codes >= 0, many[codes], 0).astype(int)
    out["is_distinct"] = good & (tau2[codes] > 0)
    out.insert(0, "status", np.where(good, OK, INSUFFICIENT))
    return out


def project_pooled(
    scores: pd.DataFrame,
    targets: pd.DataFrame,
    *,
    level: float = 0.80,
    factor: float | None = None,
    scale: tuple[float, float] | None = None,
) -> pd.DataFrame:
    """Expect a new score of every target's series on its day, from its own scores and its group's.

    Parameters
    ----------
    scores : DataFrame
        ``series``, ``group``, ``day`` (ordinals) and ``value``: finite, one a series and day.
    targets : DataFrame
        ``series`` and ``day`` (ordinals), any index.
    level : float
        Of the interval of a new score.
    factor : float, optional
        Widening of the interval, of `conformal_factor`; the usual one for ``level`` where None.
    scale : (float, float), optional
        Least and greatest possible score; figures are capped to it.

    Returns
    -------
    DataFrame
        Index of ``targets``: ``status``, ``value``, ``low``, ``high``, ``sd`` (of a new score, before
        ``factor``). "insufficient_data" for a series without scores, or a group with under 30 series or under
        30 scores beyond the first of each.

    Notes
    -----
    A new score = alpha + mu t + u + v (t - tbar) + e. Level and slope of a series are shrunk apart, each by
    its own variance: var = sigma² + w_l sigma² / n + w_b V (t - tbar)². Series with one or two scores are
    shrunk by level and take the group's slope. Where slopes do not differ beyond their error, all take mu.
    Extrapolation beyond the group's observed days keeps the group's level of its last day: mu is not
    carried further than it was seen.

    References
    ----------
    Raudenbush & Bryk (2002), Hierarchical Linear Models, ch. 3; Bates et al. (2015), J. Stat. Softw. 67(1).
    """
    out = pd.DataFrame(index=targets.index, columns=["value", "low", "high", "sd"], dtype=float)
    if len(scores):
        model = _Pooled(scores)
        value, sd = model.expect(targets["series"].to_numpy(), targets["day"].to_numpy(np.float64))
        widening = factor if factor is not None else USUAL_FACTORS.get(round(level, 2), 1.3)
        half = stats.norm.ppf(0.5 + level / 2) * widening * sd
        floor, ceiling = scale or (-np.inf, np.inf)
        figures = {"value": value, "low": value - half, "high": value + half}
        for name, figure in figures.items():
            out[name] = np.clip(figure, floor, ceiling)
        out["sd"] = sd
    out.insert(0, "status", np.where(np.isfinite(out["value"]), OK, INSUFFICIENT))
    return out


class _Pooled:
    """The moments of every series and group, and what follows from them for any day."""

    def __init__(self, scores: pd.DataFrame) -> None:
        self.keys, series = np.unique(scores["series"].to_numpy(), return_inverse=True)
        first = np.unique(series, return_index=True)[1]
        self.group, names = pd.factorize(scores["group"].to_numpy()[first])
        self._size = len(names)
        self._origin = float(scores["day"].min())
        t = (scores["day"].to_numpy(np.float64) - self._origin) / 7.0
        y = scores["value"].to_numpy(np.float64)
        self.n = np.bincount(series).astype(float)
        self.tbar, self.ybar = (np.bincount(series, part) / self.n for part in (t, y))
        dt, dy = t - self.tbar[series], y - self.ybar[series]
        self.sxx = np.bincount(series, dt * dt)
        self.sxy, syy = np.bincount(series, dt * dy), np.bincount(series, dy * dy)
        self._last = np.full(self._size, -np.inf)
        np.maximum.at(self._last, self.group[series], t)
        self._fit(syy, self._common_slope(t, dt, dy, self.group[series]))

    def _total(self, values: np.ndarray, which: np.ndarray | None = None) -> np.ndarray:
        group = self.group if which is None else self.group[which]
        return np.bincount(group, values if which is None else values[which], minlength=self._size)

    def _common_slope(self, t: np.ndarray, dt: np.ndarray, dy: np.ndarray, group: np.ndarray) -> np.ndarray:
        """The group's slope, as far as it stands out from the differences between days.

        Tests of one day share how hard they were. A slope over a handful of days is mostly that, so it is
        shrunk by 1 - SE² / slope², with the error clustered by day; with three days or fewer to nothing.
        """
        days, day = np.unique(np.stack([group, t]), axis=1, return_inverse=True)
        of = days[0].astype(np.int64)
        with np.errstate(divide="ignore", invalid="ignore"):
            sxx = np.bincount(group, dt * dt, minlength=self._size)
            slope = np.nan_to_num(np.bincount(group, dt * dy, minlength=self._size) / sxx)
            score = np.bincount(day.ravel(), dt * (dy - slope[group] * dt))
            count = np.bincount(of, minlength=self._size)
            error2 = np.bincount(of, score**2, minlength=self._size) / sxx**2 * count / (count - 2)
            kept = np.where((count > 3) & (slope != 0), np.maximum(0.0, 1.0 - error2 / slope**2), 0.0)
        return slope * np.nan_to_num(kept)

    def _fit(self, syy: np.ndarray, mu: np.ndarray) -> None:
        """Own slopes where enough series have one and they differ beyond their error; else the group's."""
        with np.errstate(divide="ignore", invalid="ignore"):
            within = syy - 2 * mu[self.group] * self.sxy + mu[self.group] ** 2 * self.sxx
            sigma2 = self._total(within) / np.maximum(self._total(self.n - 1), 1.0)
            own = (self.n >= 3) & (self.sxx > 0)
            many = self._total(own.astype(float))
            b = np.where(own, self.sxy / self.sxx, 0.0)
            rss = np.maximum(syy - b * self.sxy, 0.0)
            sigma2_own = self._total(rss, own) / self._total(self.n - 2, own)
            v = sigma2_own[self.group] / self.sxx
            centre = self._total(b, own) / many
            spread = self._total((b - centre[self.group]) ** 2, own) / (many - 1)
            tau2 = np.maximum(0.0, spread - self._total(v, own) / many)
        tau2 = np.where((many >= MIN_GROUP) & np.isfinite(tau2), tau2, 0.0)
        self._slopes(mu, b, tau2, np.where(tau2 > 0, sigma2_own, sigma2), own)
        self._levels()

    def _slopes(
        self, mu: np.ndarray, b: np.ndarray, tau2: np.ndarray, sigma2: np.ndarray, own: np.ndarray
    ) -> None:
        self.sigma2 = sigma2[self.group]
        with np.errstate(divide="ignore", invalid="ignore"):
            v = np.where(own, self.sigma2 / self.sxx, np.inf)
            precision = np.where(own, 1.0 / (tau2[self.group] + v), 0.0)
            weighted = self._total(b * precision) / self._total(precision)
            self.mu = np.where((tau2 > 0) & np.isfinite(weighted), weighted, mu)
            weight = np.where(own & (tau2[self.group] > 0), tau2[self.group] / (tau2[self.group] + v), 0.0)
        self.slope = self.mu[self.group] + weight * (b - self.mu[self.group])
        self.slope_variance = np.where(weight > 0, weight * np.where(own, v, 0.0), tau2[self.group])

    def _levels(self) -> None:
        rest = self.ybar - self.mu[self.group] * self.tbar
        v = self.sigma2 / self.n
        count = self._total(np.ones(len(self.n)))
        with np.errstate(divide="ignore", invalid="ignore"):
            centre = self._total(rest) / count
            spread = self._total((rest - centre[self.group]) ** 2) / (count - 1)
            tau2 = np.maximum(0.0, spread - self._total(v) / count)[self.group]
            precision = 1.0 / (tau2 + v)
            alpha = self._total(rest * precision) / self._total(precision)
            weight = np.where(tau2 + v > 0, tau2 / (tau2 + v), 1.0)
        self.level = alpha[self.group] + self.mu[self.group] * self.tbar + weight * (rest - alpha[self.group])
        self.level_variance = weight * v
        # With one score a student, how students differ cannot be told from how scores scatter.
        repeated = self._total(self.n - 1)
        self.is_enough = (count >= MIN_GROUP)[self.group] & (repeated >= MIN_GROUP)[self.group]

    def expect(self, series: np.ndarray, day: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Expected score and its standard deviation; NaN for a series that is not known."""
        at = np.clip(np.searchsorted(self.keys, series), 0, len(self.keys) - 1)
        known = (self.keys[at] == series) & self.is_enough[at]
        week = (day - self._origin) / 7.0
        # The student's own part of the slope and the group's are carried no further than the group was seen.
        ahead = np.minimum(week, np.maximum(self._last[self.group[at]], self.tbar[at])) - self.tbar[at]
        beyond = np.maximum(week - self._last[self.group[at]], 0.0)
        value = self.level[at] + self.slope[at] * ahead + self.mu[self.group[at]] * beyond
        variance = self.sigma2[at] + self.level_variance[at] + self.slope_variance[at] * (ahead + beyond) ** 2
        return np.where(known, value, np.nan), np.where(known, np.sqrt(np.maximum(variance, 0.0)), np.nan)


def conformal_factor(
    observed: np.ndarray, expected: np.ndarray, sd: np.ndarray, *, level: float = 0.80
) -> float | None:
    """By how much intervals of new scores must be widened to cover what they claim; None under 50 scores.

    Parameters
    ----------
    observed, expected, sd : array
        Scores held back, what was expected of them and the standard deviation then claimed; incomplete
        triples are left out.
    level : float
        Of the two-sided interval.

    Notes
    -----
    The ceil((n + 1) level)-th smallest of |y - yhat| / sd, over the normal quantile that the interval uses.
    Valid where the scores held back and those to come are exchangeable: the same measure and season.

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
