"""Whether a student's move of a level is more than score error and regression to the mean explain."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from datareview.records.models import Measure
    from datareview.reports.queries.rows import Grades, LevelPair, Measures

LEAST_GROUP = 10  # students needed for a group's mean
BEYOND = 0.90  # two-sided confidence that a change exceeds chance
WITHIN, OTHER_WAY, UP, DOWN, UNKNOWN = "within", "other-way", "up", "down", "unknown"


def judged_moves(
    moves: list[LevelPair],
    measures: Measures,
    students: Grades,
    scores: dict[tuple[int, int | None], list[tuple[float, float]]],
) -> dict[str, list[LevelPair]]:
    """Group moves of a level by whether the two scores differ beyond error and regression to the mean.

    ``scores`` are those, then and now, of each measure and grade. A move beyond chance is UP or DOWN as its level.
    """
    spreads = _spreads(scores)
    found: dict[str, list[LevelPair]] = defaultdict(list)
    for move in moves:
        spread = spreads.get((move.row.measure_id, students[move.row.student_id]))
        found[_verdict(move, measures[move.row.measure_id], spread)].append(move)
    return dict(found)


@dataclass(frozen=True, slots=True)
class _Spread:
    """Means and spread of the scores of the students of one grade with both scores."""

    mean_then: float
    mean_now: float
    sd_then: float


def _spreads(
    groups: dict[tuple[int, int | None], list[tuple[float, float]]],
) -> dict[tuple[int, int | None], _Spread]:
    found = {}
    for key, pairs in groups.items():
        then, now = np.array(pairs).T
        if len(pairs) >= LEAST_GROUP and np.ptp(then) > 0:
            found[key] = _Spread(then.mean(), now.mean(), then.std(ddof=1))
    return found


def _verdict(move: LevelPair, measure: Measure, spread: _Spread | None) -> str:
    """Whether a score moved beyond classmates' growth, error and regression to the mean; UNKNOWN without an error.

    OTHER_WAY if it did in the other direction than the level, because the benchmark moved more.
    """
    from datareview.analysis.measurement import expected_retest

    row = move.row
    sem, then, now = measure.sem, row.then, row.last_value
    if spread is None or not sem or then is None or now is None or sem >= spread.sd_then:
        return UNKNOWN
    reliability = 1.0 - (sem / spread.sd_then) ** 2
    retest = float(expected_retest(np.array(then), spread.mean_then, reliability))
    expected = retest + spread.mean_now - spread.mean_then
    limit = _beyond_in_errors() * sem * np.sqrt(1.0 + reliability)
    is_better = (now > expected) == measure.higher_is_better
    if abs(now - expected) <= limit:
        return WITHIN
    if is_better != move.is_up:
        return OTHER_WAY
    return UP if move.is_up else DOWN


@cache
def _beyond_in_errors() -> float:
    """The number of standard errors that a change must exceed for the confidence `BEYOND`."""
    from scipy import stats

    return float(stats.norm.ppf(0.5 + BEYOND / 2))
