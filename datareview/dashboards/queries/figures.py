"""What the data table says of one measure, as numbers: levels in two windows, changes of the same students, growth."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from datareview.figures.charts.level_counts import below_benchmark, count_levels
from datareview.figures.queries.levels import settled_windows
from datareview.records.models.measures import AT
from datareview.trends.columns import read_columns
from datareview.trends.models import Trend
from datareview.trends.queries.trends import ENOUGH_SCORES, ENOUGH_WEEKS
from teams.access.prepared import many_ids

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import pandas as pd

    from datareview.analysis.paired import PairedChange
    from datareview.comparisons.choices import Question
    from datareview.comparisons.queries.windows import ScoreWindow
    from datareview.records.models import Measure

LEAST = 10  # students from which a change or growth is said


@dataclass(frozen=True, slots=True)
class WindowFigures:
    """A window: students with a score, at each of `ALL_LEVELS`, and the median score."""

    window: ScoreWindow
    scored: int
    levels: Mapping[int, int]
    median: float

    @property
    def leveled(self) -> int:
        """How many have a level."""
        return sum(self.levels.values())

    @property
    def at_benchmark(self) -> int:
        """How many are at or above the benchmark."""
        return self.leveled - below_benchmark(self.levels)


@dataclass(frozen=True, slots=True)
class ComparedMeasure:
    """A cohort on one measure in two windows; ``now`` is None without a score in the window that was asked for.

    Of the ``same`` students with a level in both, ``same_before`` were at or above the benchmark and ``same_now`` are,
    ``up`` rose a level and ``down`` fell. ``change`` is that of their share, from 0 to 1, or of the score where nobody has a
    level; ``growth`` is weekly growth less what was expected. Both are None for few students. ``later`` is a newer window
    in which fewer than half have a score yet. ``students`` are those of the grades that take the measure, or with a score.
    """

    measure: Measure
    students: int
    now: WindowFigures | None
    before: WindowFigures | None
    later: WindowFigures | None
    same: int
    same_before: int
    same_now: int
    up: int
    down: int
    change: PairedChange | None
    growth: PairedChange | None
    last_on: dt.date | None

    @property
    def has_levels(self) -> bool:
        """Whether anyone has a level now."""
        return bool(self.now and self.now.leveled)


def figures_of_measure(
    measure: Measure,
    frame: pd.DataFrame,
    windows: Sequence[ScoreWindow],
    question: Question,
    growth: PairedChange | None,
    grades: Mapping[int, int | None],
) -> ComparedMeasure | None:
    """The figures of a measure for students by id with their ``grades``; None without any score."""
    rows = {name: frame[name].to_numpy(float) for name in ("student", "window", "value", "day", "level")}
    places, many = np.unique(rows["window"].astype(int), return_counts=True)
    counts = dict(zip(places.tolist(), many.tolist(), strict=True))
    if not counts:
        return None
    before, after, later = _chosen(measure, counts, windows, question)
    parts = [_of_window(rows, place) for place in (before, after, later)]
    sides = [
        None if place is None else _window(part, windows[place])
        for place, part in zip((before, after, later), parts, strict=True)
    ]
    # Each student has one row in a window.
    _both, at_before, at_after = np.intersect1d(
        parts[0]["student"], parts[1]["student"], assume_unique=True, return_indices=True
    )
    was, now = parts[0]["level"][at_before], parts[1]["level"][at_after]
    leveled = ~(np.isnan(was) | np.isnan(now))
    was, now = was[leveled], now[leveled]
    has_levels = bool(sides[1] and sides[1].leveled)
    ago = 0 if after is None else windows[after].years_ago
    takes = {grade: measure.takes(None if grade is None else grade - ago) for grade in set(grades.values())}
    takers = {pk for pk, grade in grades.items() if takes[grade]}
    scored, days = parts[1]["student"].tolist(), parts[1]["day"]
    return ComparedMeasure(
        measure=measure,
        students=len(takers.union(scored)),
        now=sides[1],
        before=sides[0],
        later=sides[2],
        same=len(was),
        same_before=int((was >= AT).sum()),
        same_now=int((now >= AT).sum()),
        up=int((now > was).sum()),
        down=int((now < was).sum()),
        change=_share_change(was >= AT, now >= AT)
        if has_levels
        else _change(parts[0]["value"][at_before], parts[1]["value"][at_after]),
        growth=growth if after is not None and not windows[after].years_ago else None,
        last_on=dt.date.fromordinal(int(days.max())) if len(days) else None,
    )


def growth_of_measures(students: Collection[int], measures: Collection[int]) -> dict[int, PairedChange]:
    """Weekly growth against what was expected, by measure; one query.

    Trends count that have six scores over six weeks, and of which something is expected.
    """
    rows = Trend.objects.filter(
        student__in=many_ids(students),
        measure__in=measures,
        n__gte=ENOUGH_SCORES,
        slope__isnull=False,
        expected_slope__isnull=False,
        first_on__isnull=False,
        last_on__isnull=False,
    )
    found = read_columns(rows, "measure_id", "expected_slope", "slope", "first_on", "last_on")
    is_long = found["last_on"] - found["first_on"] >= 7 * ENOUGH_WEEKS
    changes = {}
    for pk in measures:
        chosen = is_long & (found["measure_id"] == pk)
        changes[pk] = _change(found["expected_slope"][chosen], found["slope"][chosen])
    return {pk: change for pk, change in changes.items() if change}


def _chosen(
    measure: Measure, counts: dict[int, int], windows: Sequence[ScoreWindow], question: Question
) -> tuple[int | None, int | None, int | None]:
    """Places of the earlier window, of the one that is shown, and of a newer one with few scores yet."""
    places = {window.id: place for place, window in enumerate(windows)}
    settled, newest = settled_windows(counts), max(counts)
    is_asked = question.after in places or (bool(question.after) and not measure.derived_from)
    after = places.get(question.after) if is_asked else max(settled)
    if after is None or after not in counts:
        return None, None, None
    earlier = [
        place
        for place in settled
        if windows[place].begins < windows[after].begins
        and bool(windows[place].ends) == bool(windows[after].ends)
    ]
    wanted = places.get(question.before)
    before = max(earlier, default=None)
    if question.before and (wanted is not None or not measure.derived_from):
        before = wanted if wanted in counts and windows[wanted].begins < windows[after].begins else None
    return before, after, newest if not is_asked and newest > after else None


def _of_window(rows: Mapping[str, np.ndarray], place: int | None) -> dict[str, np.ndarray]:
    """The rows of a window; none of None."""
    here = rows["window"] == (-1 if place is None else place)
    return {name: column[here] for name, column in rows.items()}


def _window(rows: Mapping[str, np.ndarray], window: ScoreWindow) -> WindowFigures:
    levels = count_levels(rows["level"].tolist())
    return WindowFigures(window, len(rows["value"]), levels, float(np.median(rows["value"])))


def _share_change(before: np.ndarray, after: np.ndarray) -> PairedChange | None:
    """The change of a share; its interval has a width also where nobody changed, and ends at 100 points."""
    from datareview.analysis.paired import paired_share_change

    found = paired_share_change(before.astype(float), after.astype(float))
    return found if found.n >= LEAST and found.change is not None else None


def _change(before: np.ndarray, after: np.ndarray) -> PairedChange | None:
    from datareview.analysis.paired import paired_change

    found = paired_change(before.astype(float), after.astype(float))
    return found if found.n >= LEAST and found.change is not None else None
