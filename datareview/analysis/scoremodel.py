"""Model of a group's scores that predicts each student's next one: levels, growth, and difficulty of tests.

Used by `pooling.project_pooled`. Works with sums over series, groups and occasions, without a loop over students.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from datareview.analysis.memory import Histories, best_memory, share

MIN_GROUP = 30  # minimum of series, and of scores beyond the first of each
CLIP = 2.5  # standard deviations beyond which the influence of a score grows no further (Huber)
ROUNDS = 6  # of alternating between students and tests; further rounds change figures by less than 1e-3 SD


class ScoreModel:
    """Score = alpha + mu t + d(occasion) + u(student) + v(student)(t - tbar) + error, fitted to each group.

    Parameters
    ----------
    scores : DataFrame
        ``series``, ``day`` (ordinals), ``value`` (finite), the column ``group``; optionally ``occasion`` (test or
        form; the day by default). One row per series and day.
    group : str
        Name of the column with the group; rows without one are left out.

    Notes
    -----
    Students and occasions are shrunk in turn (u by tau² / (tau² + sigma² / n), d likewise), with scores beyond 2.5
    standard deviations pulled in. Students' own slopes are used if they differ beyond their error. If it would have
    forecast the group's own scores better, old scores fade with a half-life instead.
    """

    def __init__(self, scores: pd.DataFrame, group: str = "group") -> None:
        rows = scores[scores[group].notna()].sort_values(["series", "day"], kind="stable")
        self.keys, self._of = np.unique(rows["series"].to_numpy(), return_inverse=True)
        self.n = np.bincount(self._of, minlength=len(self.keys)).astype(float)
        self._start = np.concatenate([[0], np.cumsum(self.n)[:-1]]).astype(int)[: len(self.keys)]
        self.group, names = pd.factorize(rows[group].to_numpy()[self._start])
        self._size = max(len(names), 1)
        self._row_group = self.group[self._of]
        self._origin = float(rows["day"].min()) if len(rows) else 0.0
        self._t = (rows["day"].to_numpy(np.float64) - self._origin) / 7.0
        self._y = rows["value"].to_numpy(np.float64)
        self._occasions(rows["occasion" if "occasion" in rows else "day"])
        self._place = np.arange(len(rows)) - self._start[self._of]
        if len(rows):
            with np.errstate(divide="ignore", invalid="ignore"):
                self._fit()

    def _occasions(self, occasion: pd.Series) -> None:
        codes, self._occasion_names = pd.factorize(occasion.to_numpy(), sort=True)
        pairs, self._at = np.unique(
            self._row_group.astype(np.int64) * (len(self._occasion_names) + 1) + codes, return_inverse=True
        )
        self._pairs, self._pair_group = pairs, (pairs // (len(self._occasion_names) + 1)).astype(int)
        self._pair_n = np.bincount(self._at, minlength=len(pairs)).astype(float)

    def _by_group(self, values: np.ndarray, group: np.ndarray | None = None) -> np.ndarray:
        return np.bincount(self.group if group is None else group, values, minlength=self._size)

    def _by_series(self, values: np.ndarray) -> np.ndarray:
        return np.bincount(self._of, values, minlength=len(self.keys))

    def _fit(self) -> None:
        self.many = self._by_group(np.ones(len(self.keys)))
        self.repeated = self._by_group(self.n - 1)
        self.is_enough = ((self.many >= MIN_GROUP) & (self.repeated >= MIN_GROUP))[self.group]
        self.tbar = self._by_series(self._t) / self.n
        self._dt = self._t - self.tbar[self._of]
        self.mu, self.mu_variance = self._common_slope()
        self._alternate()

    def _common_slope(self) -> tuple[np.ndarray, np.ndarray]:
        """The group's slope and its variance, shrunk by what may only be the difficulty of the tests.

        All scores of one day, and all students' k-th scores, share the difficulty of a test. A slope over few
        tests mostly reflects that, so it is shrunk by 1 - SE² / slope², with the larger standard error of these
        two ways to cluster; with three days or three scores per student it is shrunk to 0.
        """
        dy = self._y - (self._by_series(self._y) / self.n)[self._of]
        sxx = self._by_group(self._dt**2, self._row_group)
        slope = np.nan_to_num(self._by_group(self._dt * dy, self._row_group) / sxx)
        pull = self._dt * (dy - slope[self._row_group] * self._dt)
        longest = int(self.n.max(initial=0)) + 1
        place = self._row_group * longest + self._place
        by_place = np.bincount(place, pull, minlength=self._size * longest)
        used = np.bincount(place, minlength=self._size * longest) > 0
        place_group = np.arange(self._size * longest) // longest
        errors, least = [], []
        for sums, of in (
            (np.bincount(self._at, pull), self._pair_group),
            (by_place[used], place_group[used]),
        ):
            count = self._by_group(np.ones(len(of)), of)
            errors.append(self._by_group(sums**2, of) / sxx**2 * count / np.maximum(count - 2, 1))
            least.append(count)
        error2 = np.nan_to_num(np.maximum(*errors))
        stands = (np.minimum(*least) > 3) & (slope != 0)
        kept = np.where(stands, np.maximum(0.0, 1.0 - error2 / slope**2), 0.0)
        return slope * kept, error2 * kept

    def _alternate(self) -> None:
        """Fit students' levels and occasions' difficulty in turn, pulling in outlying scores."""
        rest = self._y - self.mu[self._row_group] * self._t
        self.difficulty = np.zeros(len(self._pairs))
        self.difficulty_variance = np.zeros(self._size)
        pulled, lost = rest, np.zeros(self._size)
        for _round in range(ROUNDS):
            own = pulled - self.difficulty[self._at]
            self._levels(own, np.maximum(self.repeated - lost, 1.0))
            fitted = (self.alpha[self.group] + self.deviation)[self._of]
            lost = self._difficulties(pulled - fitted)
            fitted = fitted + self.difficulty[self._at]
            reach = CLIP * np.sqrt(self.sigma2)[self._row_group]
            pulled = fitted + np.clip(rest - fitted, -reach, reach)
        shared = self.alpha[self._row_group] + self.difficulty[self._at]
        degrees = np.maximum(self.repeated - lost, 1.0)
        apart = rest - shared
        apart = apart - (self._by_series(apart) / self.n)[self._of]
        histories = Histories(
            of=self._of,
            week=self._t,
            value=rest - shared,
            pulled=pulled - shared,
            group=self.group,
            sigma2=self.sigma2,
            noise=self._by_group(apart**2, self._row_group) / degrees,
            tau2=self.tau2,
            free=degrees / np.maximum(self.repeated, 1.0),
        )
        self.chosen = best_memory(histories)

    def _levels(self, own: np.ndarray, degrees: np.ndarray) -> None:
        mean = self._by_series(own) / self.n
        self.sigma2 = self._by_group((own - mean[self._of]) ** 2, self._row_group) / degrees
        v = self.sigma2[self.group] / self.n
        centre = self._by_group(mean) / self.many
        spread = self._by_group((mean - centre[self.group]) ** 2) / np.maximum(self.many - 1, 1)
        self.tau2 = np.maximum(0.0, spread - self._by_group(v) / self.many)
        precision = 1.0 / np.maximum(self.tau2[self.group] + v, 1e-300)
        self.alpha = self._by_group(mean * precision) / self._by_group(precision)
        self.deviation = share(self.tau2[self.group], v) * (mean - self.alpha[self.group])

    def _difficulties(self, residual: np.ndarray) -> np.ndarray:
        """Deviation of each occasion from its group's line, shrunk, and the degrees of freedom this used."""
        mean = np.bincount(self._at, residual, minlength=len(self._pairs)) / self._pair_n
        of, n = self._pair_group, self._pair_n
        total, count = self._by_group(n, of), self._by_group(np.ones(len(n)), of)
        free = total - self._by_group(n**2, of) / total
        excess = self._by_group(n * mean**2, of) - (count - 1) * self.sigma2
        variance = np.where(free > 0, np.maximum(0.0, excess / np.where(free > 0, free, 1.0)), 0.0)
        kept = np.where(variance[of] > 0, share(variance[of], self.sigma2[of] / n), 0.0)
        found = kept * mean
        self.difficulty_variance = variance
        self.difficulty = found - (self._by_group(n * found, of) / total)[of]
        return np.minimum(self._by_group(kept, of), np.maximum(count - 1, 0))

    def expect(
        self, series: np.ndarray, day: np.ndarray, occasion: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Expected score of each series on its day, and its standard deviation; NaN where there is no forecast."""
        if not len(self.keys):
            return np.full((2, len(series)), np.nan)  # type: ignore[return-value]
        at = np.clip(np.searchsorted(self.keys, series), 0, len(self.keys) - 1)
        known = (self.keys[at] == series) & self.is_enough[at]
        group, week = self.group[at], (np.asarray(day, float) - self._origin) / 7.0
        hard, hard_variance = self._difficulty_of(group, day if occasion is None else occasion)
        chosen = self.chosen
        own, uncertain = chosen.memory.of(at).at(week)
        value = self.alpha[group] + self.mu[group] * week + hard + own
        variance = chosen.widening[group] * (chosen.noise[group] + uncertain) + hard_variance
        variance = variance + self.mu_variance[group] * (week - self.tbar[at]) ** 2
        return np.where(known, value, np.nan), np.where(known, np.sqrt(np.maximum(variance, 0.0)), np.nan)

    def _difficulty_of(self, group: np.ndarray, occasion: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        code = pd.Index(self._occasion_names).get_indexer(pd.Index(occasion))
        pair = group.astype(np.int64) * (len(self._occasion_names) + 1) + code
        place = np.clip(np.searchsorted(self._pairs, pair), 0, len(self._pairs) - 1)
        seen = (code >= 0) & (self._pairs[place] == pair)
        return np.where(seen, self.difficulty[place], 0.0), np.where(
            seen, 0.0, self.difficulty_variance[group]
        )
