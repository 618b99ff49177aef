"""Ways to weight a student's earlier scores, and which of them would have forecast a group's scores best.

Part of the model behind `pooling.project_pooled`. Either all scores count equally, with the student's own slope, or
scores fade with a half-life. Each way is tried on every score that has two before it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

MIN_SLOPES = 30  # series with their own slope needed to estimate how slopes differ
MIN_TRIED = 50  # scores forecast from those before them needed to choose a memory or a widening
HALF_LIVES = (2.0, 4.0, 8.0, 16.0, 32.0)  # weeks after which a score counts half, tried besides "never"
WORTH = 0.99  # a memory other than the default must reduce the error by at least 1 %


@dataclass(frozen=True, slots=True)
class Histories:
    """Scores of all series in order of time, minus their group's line and the difficulty of the test."""

    of: np.ndarray  # per row: its series
    week: np.ndarray
    value: np.ndarray
    pulled: np.ndarray  # the value, pulled in if it is an outlier
    group: np.ndarray  # per series: its group
    sigma2: np.ndarray  # per group: variance of ``pulled`` about the student's level
    noise: np.ndarray  # per group: the same for scores that are not pulled in
    tau2: np.ndarray  # per group: variance of levels
    free: np.ndarray  # per group: share of the degrees of freedom left after estimating the tests' difficulty

    @property
    def n(self) -> np.ndarray:
        """Number of scores of each series."""
        return np.bincount(self.of, minlength=len(self.group)).astype(float)

    @property
    def start(self) -> np.ndarray:
        """First row of each series."""
        return np.searchsorted(self.of, np.arange(len(self.group)))

    def by_series(self, rows: np.ndarray) -> np.ndarray:
        """Sums over the rows of each series."""
        return np.bincount(self.of, rows, minlength=len(self.group))

    def by_group(self, values: np.ndarray) -> np.ndarray:
        """Sums over each group's series, or over its rows."""
        group = self.group if len(values) == len(self.group) else self.group[self.of]
        return np.bincount(group, values, minlength=len(self.tau2))


@dataclass(frozen=True, slots=True)
class Memory:
    """Expected deviation of each series (or row) from its group, and its uncertainty."""

    deviation: np.ndarray
    variance: np.ndarray
    slope: np.ndarray
    slope_variance: np.ndarray
    centre: np.ndarray  # weeks; the slope turns about it

    def of(self, series: np.ndarray) -> Memory:
        """Select some of the series, by position."""
        return Memory(*(getattr(self, name)[series] for name in Memory.__slots__))

    def at(self, week: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Expected deviation on a day, and its variance."""
        ahead = week - self.centre
        return self.deviation + self.slope * ahead, self.variance + self.slope_variance * ahead**2


@dataclass(frozen=True, slots=True)
class Chosen:
    """The chosen memory of each series; per group its half-life (infinite if none), error of scores and widening."""

    memory: Memory
    half_life: np.ndarray
    noise: np.ndarray
    widening: np.ndarray


def share(tau2: np.ndarray, v: np.ndarray) -> np.ndarray:
    """tau² / (tau² + v), the weight of the student's own figure; 1 if there is no error at all."""
    return np.where(tau2 + v > 0, tau2 / np.where(tau2 + v > 0, tau2 + v, 1.0), 1.0)


def best_memory(rows: Histories) -> Chosen:
    """Choose for each group the memory that would have forecast its own scores best, one score ahead."""
    slopes = _Slopes(rows)
    ways = [slopes.tried(), *(_faded(rows, half_life, slopes.sigma2) for half_life in HALF_LIVES)]
    place = np.arange(len(rows.of)) - rows.start[rows.of]
    third = place >= 2
    tries = rows.by_group(third.astype(float))
    misses = [np.where(third, np.abs(rows.value - expected), 0.0) for _memory, expected, _variance in ways]
    errors = np.stack([rows.by_group(miss) / tries for miss in misses])
    errors[0] *= WORTH
    best = np.where(tries >= MIN_TRIED, np.argmin(np.nan_to_num(errors, nan=np.inf), axis=0), 0)
    own = best[rows.group]
    memory = Memory(*(np.choose(own, [getattr(way[0], name) for way in ways]) for name in Memory.__slots__))
    row = own[rows.of]
    expected, variance = (np.choose(row, [way[part] for way in ways]) for part in (1, 2))
    variance = variance + slopes.noise[rows.group[rows.of]]
    known = (place >= 1) & (variance > 0)
    off = np.where(known, (rows.value - expected) ** 2 / np.where(known, variance, 1.0), 0.0)
    tested = rows.by_group((place >= 1).astype(float))
    widening = np.where(tested >= MIN_TRIED, np.maximum(rows.by_group(off) / tested, 1.0), 1.0)
    return Chosen(memory, np.array([np.inf, *HALF_LIVES])[best], slopes.noise, widening)


class _Slopes:
    """Levels from all scores weighted equally, plus the student's own slope if slopes differ beyond their error."""

    def __init__(self, rows: Histories) -> None:
        self._rows = rows
        n = rows.n
        self._centre = rows.by_series(rows.week) / n
        self._t = rows.week - self._centre[rows.of]
        self._mean = rows.by_series(rows.pulled) / n
        rest = rows.pulled - self._mean[rows.of]
        self._sxx = np.where(n >= 3, rows.by_series(self._t**2), 0.0)
        own = self._sxx > 0
        self._b = np.where(own, rows.by_series(self._t * rest) / self._sxx, 0.0)
        rss = rows.by_series((rest - self._b[rows.of] * self._t) ** 2)
        degrees = np.maximum(rows.by_group(np.where(own, n - 2, 0.0)) * rows.free, 1.0)
        sigma2 = rows.by_group(np.where(own, rss, 0.0)) / degrees
        many = rows.by_group(own.astype(float))
        v = np.where(own, sigma2[rows.group] / self._sxx, 0.0)
        apart = np.where(own, self._b - (rows.by_group(self._b) / many)[rows.group], 0.0)
        spread = rows.by_group(apart**2) / (many - 1)
        tau2 = np.maximum(0.0, spread - rows.by_group(v) / many)
        self._tau2 = np.where((many >= MIN_SLOPES) & np.isfinite(tau2), tau2, 0.0)
        differ = self._tau2 > 0
        self.sigma2 = np.where(differ, sigma2, rows.sigma2)
        less = np.where(differ & (rows.sigma2 > 0), sigma2 / rows.sigma2, 1.0)
        self.noise = rows.noise * less

    def tried(self) -> tuple[Memory, np.ndarray, np.ndarray]:
        """The memory of each series, and for each row the memory of the rows before it."""
        rows = self._rows
        memory = self._memory(rows.group, rows.n, self._mean, self._b, self._sxx, self._centre)
        t, x = self._t, rows.pulled
        n, st, sx, stt, stx = (self._before(part) for part in (np.ones_like(t), t, x, t * t, t * x))
        sxx = stt - st**2 / n
        sxx = np.where((n >= 3) & (sxx > 1e-9), sxx, 0.0)
        b = np.where(sxx > 0, (stx - st * sx / n) / sxx, 0.0)
        earlier = self._memory(rows.group[rows.of], n, sx / n, b, sxx, st / n)
        return memory, *earlier.at(t)

    def _memory(
        self,
        group: np.ndarray,
        n: np.ndarray,
        mean: np.ndarray,
        b: np.ndarray,
        sxx: np.ndarray,
        centre: np.ndarray,
    ) -> Memory:
        slopes, levels, error = self._tau2[group], self._rows.tau2[group], self.sigma2[group]
        own = np.where((sxx > 0) & (slopes > 0), slopes / (slopes + error / sxx), 0.0)
        level = share(levels, error / n)
        return Memory(level * mean, levels * (1 - level), own * b, slopes * (1 - own), centre)

    def _before(self, values: np.ndarray) -> np.ndarray:
        """For each row, the sum of the earlier rows of its series."""
        sums = np.cumsum(values) - values
        return sums - sums[self._rows.start][self._rows.of]


def _faded(rows: Histories, half_life: float, sigma2: np.ndarray) -> tuple[Memory, np.ndarray, np.ndarray]:
    """Levels in which a score counts half after ``half_life`` weeks, advancing all series one step at a time."""
    order = np.argsort(-rows.n, kind="stable")  # longest first, so that the unfinished ones are a slice
    start, many, lengths = rows.start[order], len(order), np.sort(rows.n)
    tau2, error = rows.tau2[rows.group[order]], sigma2[rows.group[order]]
    weight, total, squares = np.zeros((3, many))
    expected, variance = np.full((2, len(rows.of)), np.nan)
    for place in range(int(lengths[-1])):
        live = slice(0, many - int(np.searchsorted(lengths, place, side="right")))
        at = start[live] + place
        if place:
            own = share(tau2[live], error[live] * squares[live] / weight[live] ** 2)
            expected[at], variance[at] = own * total[live] / weight[live], tau2[live] * (1 - own)
            fade = 0.5 ** ((rows.week[at] - rows.week[at - 1]) / half_life)
            weight[live], total[live], squares[live] = (
                weight[live] * fade,
                total[live] * fade,
                squares[live] * fade**2,
            )
        weight[live] += 1
        total[live] += rows.pulled[at]
        squares[live] += 1
    own = share(tau2, error * squares / weight**2)
    back = np.argsort(order, kind="stable")
    nothing = np.zeros(many)
    memory = Memory((own * total / weight)[back], (tau2 * (1 - own))[back], nothing, nothing, nothing)
    return memory, expected, variance
