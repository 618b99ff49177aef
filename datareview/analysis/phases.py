"""Two phases of one student's scores, baseline and intervention, and the result type of every index."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from datareview.analysis.schema import INSUFFICIENT, OK

if TYPE_CHECKING:
    from collections.abc import Sequence

# What Works Clearinghouse, standards for single-case designs: three scores per phase meet them with
# reservations, five without. A baseline is often short, so it needs three and the intervention five.
MIN_BASELINE, MIN_INTERVENTION = 3, 5

Scores = np.ndarray | list[float] | tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Effect:
    """One index: ``value``, with its interval if it has one; all None unless ``status`` is "ok"."""

    name: str
    status: str
    value: float | None = None
    se: float | None = None
    low: float | None = None
    high: float | None = None
    n_baseline: int = 0
    n_intervention: int = 0
    p: float | None = None


@dataclass(frozen=True, slots=True)
class Phases:
    """Finite scores of both phases with their times, one row per case, mirrored so that higher is better."""

    a: np.ndarray
    b: np.ndarray
    a_time: np.ndarray
    b_time: np.ndarray

    @property
    def sizes(self) -> tuple[int, int]:
        """Number of scores in the baseline and in the intervention."""
        return self.a.shape[1], self.b.shape[1]

    @property
    def are_enough(self) -> bool:
        """Whether there are at least three baseline and five intervention scores."""
        return self.a.shape[1] >= MIN_BASELINE and self.b.shape[1] >= MIN_INTERVENTION

    def effect(self, name: str, status: str = INSUFFICIENT) -> Effect:
        """Return an index without a number."""
        m, n = self.sizes
        return Effect(name, status, n_baseline=m, n_intervention=n)

    def number(
        self, name: str, value: float, se: float = np.nan, interval: Sequence[float] = (), p: float = np.nan
    ) -> Effect:
        """Return an index with its numbers; non-finite ones become None."""
        m, n = self.sizes
        low, high = interval or (np.nan, np.nan)
        known = [float(part) if np.isfinite(part) else None for part in (value, se, low, high, p)]
        return Effect(name, OK, known[0], known[1], known[2], known[3], m, n, known[4])


def phases_of(
    baseline: Scores,
    intervention: Scores,
    *,
    days: tuple[Scores, Scores] | None = None,
    higher_is_better: bool = True,
) -> Phases:
    """Phases of one case, in order of time, without missing scores.

    ``days`` are the ordinals of both phases' scores; several scores of one day become their median. Without
    them the sessions count as evenly spaced, including those whose score is missing.
    """
    sign = 1.0 if higher_is_better else -1.0
    a, b = (np.asarray(part, np.float64) for part in (baseline, intervention))
    times = days or (np.arange(len(a)), len(a) + np.arange(len(b)))
    parts = []
    for scores, time in zip((a, b), times, strict=True):
        at = np.asarray(time, np.float64)
        known = np.isfinite(scores) & np.isfinite(at)
        at, of_day = np.unique(at[known], return_inverse=True)
        values = sign * scores[known][np.argsort(of_day, kind="stable")]
        if len(values) > len(at):
            values = np.array(
                [np.median(part) for part in np.split(values, np.bincount(of_day).cumsum()[:-1])]
            )
        parts.append((values[None], at[None]))
    return Phases(parts[0][0], parts[1][0], parts[0][1], parts[1][1])
