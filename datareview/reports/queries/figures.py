"""What a report computes from scores: numbers and ids, without names and words."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from datareview.figures.charts.level_counts import below_benchmark, count_levels
from datareview.figures.queries.levels import by_measure_and_window, settled_windows
from datareview.records.models.measures import AT
from datareview.reports.queries.moves import FALSE_DISCOVERIES, LEAST_GROUP, judged_moves
from datareview.reports.queries.rows import LevelPair, TrendRow, grade_scores, level_pairs, rows_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from datareview.figures.queries.levels import ByWindow
    from datareview.records.models import Measure
    from datareview.records.windows import WindowSpan
    from datareview.reports.queries.rows import Grades, Measures
    from teams.directory.models import School


@dataclass(frozen=True, slots=True)
class WindowTally:
    """The students scored in a window, and how many are at each of `ALL_LEVELS`."""

    window: WindowSpan
    scored: int
    levels: Mapping[int, int]

    @property
    def leveled(self) -> int:
        """How many have a level."""
        return sum(self.levels.values())

    @property
    def at_benchmark(self) -> int:
        """How many are at or above the benchmark."""
        return self.leveled - below_benchmark(self.levels)


@dataclass(frozen=True, slots=True)
class MeanGrowth:
    """The mean weekly growth of ``n`` students with its 95% interval, and what was expected of them."""

    n: int
    mean: float
    low: float
    high: float
    expected: float | None


@dataclass(frozen=True, slots=True)
class MeasureFigures:
    """A cohort on one measure.

    ``before`` and ``now`` are the last two windows with scores, as on Data; None for measures that are no scores. Of the
    ``same`` students with a level in both, ``same_before`` and ``same_now`` are at or above the benchmark. Of the
    ``compared`` with a score before the report's period and one in it, ``up`` and ``down`` moved a level. ``slower``
    students grow less than expected, ``flat`` ones always had the same value, for ``early`` ones it is too early to
    tell. ``missing`` are the students without a score (in the last window).
    """

    measure_id: int
    scored: int
    median: float
    last_on: dt.date | None
    before: WindowTally | None
    now: WindowTally | None
    same: int
    same_before: int
    same_now: int
    compared: int
    up: int
    down: int
    growth: MeanGrowth | None
    slower: int
    flat: int
    early: int
    missing: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ReportFigures:
    """All of a report that comes from scores.

    ``slower`` are the trends below what is expected, of the ``tested`` ones, and ``moves`` those of levels by verdict.
    """

    tested: int
    slower: list[TrendRow]
    moves: dict[str, list[LevelPair]]
    measures: list[MeasureFigures]


def figures_of(school: School, measures: Measures, students: Grades, since: dt.date) -> ReportFigures:
    """The figures of ``students`` (grades by id) on the ``measures`` of ``school`` by id; a constant number of queries."""
    rows = rows_of(school, students, since)
    pairs = level_pairs(rows, measures, students, school)
    used = {row.measure_id for row in rows}
    windows = by_measure_and_window(school, [measures[pk] for pk in sorted(used)], students)
    slower, tested = _slower(rows, measures)
    by_measure: dict[int, list[TrendRow]] = defaultdict(list)
    for row in rows:
        by_measure[row.measure_id].append(row)
    compared: dict[int, list[LevelPair]] = defaultdict(list)
    for pair in pairs:
        compared[pair.row.measure_id].append(pair)
    return ReportFigures(
        tested=tested,
        slower=slower,
        moves=judged_moves(pairs, measures, students, grade_scores(pairs, students, school, since)),
        measures=[
            _of_measure(measures[pk], group, windows[pk], compared[pk], students)
            for pk, group in by_measure.items()
        ],
    )


def _of_measure(
    measure: Measure, group: list[TrendRow], windows: ByWindow, pairs: list[LevelPair], students: Grades
) -> MeasureFigures:
    windows = _settled(windows)
    tallies = [_tally(window, windows) for window in list(windows)[-2:]]
    values = [row.last_value for row in group if row.last_value is not None]
    scored = {row.student_id for row in group}
    days = [row.last_on for row in group if row.last_on]
    if windows:
        last = windows[tallies[-1].window]
        values, scored = [score.value for score in last.values()], set(last)
        days = [score.day for score in last.values()]
    same, same_before, same_now = _same(windows)
    moved = [pair.is_up for pair in pairs if pair.is_move]
    return MeasureFigures(
        measure_id=measure.pk,
        scored=len(scored),
        median=float(np.median(values)) if values else 0.0,
        last_on=max(days, default=None),
        before=tallies[0] if len(tallies) == 2 else None,
        now=tallies[-1] if tallies else None,
        same=same,
        same_before=same_before,
        same_now=same_now,
        compared=len(pairs),
        up=sum(moved),
        down=len(moved) - sum(moved),
        growth=_growth([row for row in group if row.is_judged]),
        slower=sum(_is_slower(row, measure) for row in group),
        flat=sum(row.is_long_enough and row.status == "undefined_zero_variance" for row in group),
        early=sum(not row.is_long_enough for row in group),
        missing=tuple(pk for pk, grade in students.items() if pk not in scored and measure.takes(grade)),
    )


def _settled(windows: ByWindow) -> ByWindow:
    """The windows that Data compares, too."""
    found = list(windows.items())
    return dict(found[place] for place in settled_windows({n: len(one) for n, (_w, one) in enumerate(found)}))


def _tally(window: WindowSpan, windows: ByWindow) -> WindowTally:
    scores = windows[window].values()
    return WindowTally(window, len(scores), count_levels([score.level for score in scores]))


def _same(windows: ByWindow) -> tuple[int, int, int]:
    """Students with a level in both of the last two windows, and how many were and are at or above the benchmark."""
    if len(windows) < 2:
        return 0, 0, 0
    before, now = list(windows.values())[-2:]
    both = [
        (was, score.level)
        for pk, score in now.items()
        if pk in before and (was := before[pk].level) is not None and score.level is not None
    ]
    return len(both), sum(one >= AT for one, _two in both), sum(two >= AT for _one, two in both)


def _growth(judged: list[TrendRow]) -> MeanGrowth | None:
    """The mean growth of at least ten students."""
    from scipy import stats

    if len(judged) < LEAST_GROUP:
        return None
    slopes = np.array([row.slope for row in judged], float)
    mean = float(slopes.mean())
    half = float(stats.t.ppf(0.975, len(slopes) - 1) * slopes.std(ddof=1) / np.sqrt(len(slopes)))
    expected = [row.expected_slope for row in judged if row.expected_slope is not None]
    known = float(np.mean(expected)) if len(expected) == len(judged) else None
    return MeanGrowth(len(slopes), mean, mean - half, mean + half, known)


def _is_slower(row: TrendRow, measure: Measure) -> bool:
    """Whether the whole interval of the growth is on the wrong side of the expected growth."""
    if not row.is_judged or row.slope_low is None or row.slope_high is None:
        return False
    expected = row.expected_slope or 0.0
    return row.slope_high < expected if measure.higher_is_better else row.slope_low > expected


def _slower(rows: list[TrendRow], measures: Measures) -> tuple[list[TrendRow], int]:
    """Trends significantly below what is expected (or falling, if nothing is), and the number tested."""
    from scipy import stats

    from datareview.analysis.equity import benjamini_hochberg

    tested = [(t, row) for row in rows if (t := _t_value(row, measures[row.measure_id])) is not None]
    p = stats.t.cdf(np.array([t for t, _row in tested]), np.array([row.n - 2 for _t, row in tested]))
    significant = benjamini_hochberg(p, q=FALSE_DISCOVERIES)
    found = sorted((p[at], at) for at in np.flatnonzero(significant))
    return [tested[at][1] for _p, at in found], len(tested)


def _t_value(row: TrendRow, measure: Measure) -> float | None:
    """The growth above the expected growth in standard errors; None if it cannot be judged."""
    sign = 1.0 if measure.higher_is_better else -1.0
    if not row.is_judged or row.slope is None or not row.slope_se:
        return None
    return sign * (row.slope - (row.expected_slope or 0.0)) / row.slope_se
