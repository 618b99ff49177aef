"""Whether a student's move of a level is more than score error and regression to the mean explain."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from datareview.records.models import Measure
    from datareview.reports.queries.rows import Grades, LevelPair, Measures

LEAST_GROUP = 10  # students needed for a group's mean
FALSE_DISCOVERIES = 0.10
WITHIN, OTHER_WAY, UP, DOWN, UNKNOWN = "within", "other-way", "up", "down", "unknown"


def judged_moves(
    pairs: list[LevelPair],
    measures: Measures,
    students: Grades,
    scores: dict[tuple[int, int | None], list[tuple[float, float]]],
) -> dict[str, list[LevelPair]]:
    """Group the moves of a level among ``pairs`` by whether the two scores differ beyond what chance explains.

    ``scores`` are those, then and now, of each measure and grade. A move beyond chance is UP or DOWN as its level. All pairs
    are tested together, also those that stayed at their level: of hundreds, dozens differ by a limit made for one student.
    """
    from scipy import stats

    from datareview.analysis.equity import benjamini_hochberg

    spreads = _spreads(scores)
    errors = np.array(
        [
            _errors(
                pair,
                measures[pair.row.measure_id],
                spreads.get((pair.row.measure_id, students[pair.row.student_id])),
            )
            for pair in pairs
        ],
        float,
    )
    is_beyond = benjamini_hochberg(2.0 * stats.norm.sf(np.abs(errors)), q=FALSE_DISCOVERIES)
    found: dict[str, list[LevelPair]] = defaultdict(list)
    for pair, error, beyond in zip(pairs, errors.tolist(), is_beyond.tolist(), strict=True):
        if pair.is_move:
            is_better = (error > 0) == measures[pair.row.measure_id].higher_is_better
            found[_verdict(pair, error, is_beyond=beyond, is_better=is_better)].append(pair)
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


def _errors(pair: LevelPair, measure: Measure, spread: _Spread | None) -> float:
    """The standard errors between a score and what classmates' growth and regression to the mean predict; NaN if unknown."""
    from datareview.analysis.measurement import expected_retest

    row = pair.row
    sem, then, now = measure.sem, row.then, row.last_value
    if spread is None or not sem or then is None or now is None or sem >= spread.sd_then:
        return math.nan
    reliability = 1.0 - (sem / spread.sd_then) ** 2
    retest = float(expected_retest(np.array(then), spread.mean_then, reliability))
    expected = retest + spread.mean_now - spread.mean_then
    return float((now - expected) / (sem * np.sqrt(1.0 + reliability)))


def _verdict(move: LevelPair, error: float, *, is_beyond: bool, is_better: bool) -> str:
    """OTHER_WAY if the score moved in the other direction than the level, because the benchmark moved more."""
    if math.isnan(error):
        return UNKNOWN
    if not is_beyond:
        return WITHIN
    if is_better != move.is_up:
        return OTHER_WAY
    return UP if move.is_up else DOWN
