"""Kendall's S with its p-value, and Theil–Sen slopes, for many short series of equal length."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy import stats

EXACT_UP_TO = 50  # scores up to which the null distribution of S without ties is computed exactly


def kendall_s(time: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Number of pairs that rise with time minus those that fall, for every row; pairs of one time do not count."""
    first, second = np.triu_indices(values.shape[1], 1)
    order = np.sign(time[:, second] - time[:, first])
    return np.asarray((order * np.sign(values[:, second] - values[:, first])).sum(axis=1))


def theil_sen(time: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Median slope over all pairs at different times, for every row; each row needs at least one such pair."""
    first, second = np.triu_indices(values.shape[1], 1)
    run = time[:, second] - time[:, first]
    rise = values[:, second] - values[:, first]
    return np.asarray(np.nanmedian(np.where(run > 0, rise / np.where(run > 0, run, 1.0), np.nan), axis=1))


def ties_of(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Sums over the groups of g tied values in every row: g(g-1)/2, g(g-1)(g-2) and g(g-1)(2g+5)."""
    g = (values[:, :, None] == values[:, None, :]).sum(axis=2)
    return (
        (g - 1).sum(axis=1) / 2,
        ((g - 1) * (g - 2)).sum(axis=1),
        ((g - 1) * (2 * g + 5)).sum(axis=1),
    )


def kendall_p(s: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Two-sided p-value of Kendall's S: exact for rows without ties of up to 50 scores, else normal."""
    n = y.shape[1]
    p = normal_p(s, x, y)
    if n > EXACT_UP_TO:
        return p
    untied = (ties_of(x)[0] == 0) & (ties_of(y)[0] == 0)
    tail = _tails(n)
    return np.where(untied, tail[np.abs(s).astype(int)], p)


def normal_p(s: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Normal approximation with a correction for ties in both variables and for continuity (Kendall 1970, ch. 4)."""
    n = y.shape[1]
    (pairs_x, triples_x, tied_x), (pairs_y, triples_y, tied_y) = ties_of(x), ties_of(y)
    variance = (n * (n - 1) * (2 * n + 5) - tied_x - tied_y) / 18
    variance = variance + triples_x * triples_y / (9 * n * (n - 1) * (n - 2))
    variance = variance + 2 * pairs_x * pairs_y / (n * (n - 1))
    z = np.maximum(np.abs(s) - 1, 0) / np.sqrt(np.where(variance > 0, variance, np.inf))
    return np.asarray(2 * stats.norm.sf(z))


@lru_cache(maxsize=EXACT_UP_TO)
def _tails(n: int) -> np.ndarray:
    """P(|S| >= s) for s = 0 to n(n-1)/2 under independence without ties."""
    chance = np.ones(1)  # distribution of the number of inversions, adding one score at a time
    for size in range(2, n + 1):
        chance = np.convolve(chance, np.full(size, 1 / size))
    pairs = n * (n - 1) // 2
    s = np.abs(pairs - 2 * np.arange(pairs + 1))
    counts = np.bincount(s, weights=chance, minlength=pairs + 1)
    tail = counts[::-1].cumsum()[::-1]
    tail.setflags(write=False)
    return np.minimum(tail, 1.0)
