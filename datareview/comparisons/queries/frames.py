"""Scores as frames: the last score of each student in each window, with its level."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np

from datareview.comparisons.queries.derived import derived_frame, empty_frame, grades_then
from datareview.records.models import Score
from datareview.records.models.measures import AT, CUTS
from datareview.records.queries.benchmarks import benchmarks_of
from datareview.trends.columns import read_columns
from teams.access.prepared import many_ids

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from datareview.comparisons.queries.windows import ScoreWindow
    from datareview.records.models import Measure


def score_frame(
    measure: Measure, grades: Mapping[int, int | None], windows: Sequence[ScoreWindow]
) -> pd.DataFrame:
    """The last score of each student in each of ``windows``, a row each, or what a derived measure counts there.

    ``grades`` maps ids of students to their grade today. Columns: ``student``, ``window`` (the place in ``windows``),
    ``value``, ``day`` (an ordinal), ``grade`` (then: one less for each year ago), ``level`` (NaN without a
    benchmark of that grade and window). Two queries for scores, one a window for derived measures.
    """
    if measure.derived_from:
        return derived_frame(measure, grades, windows)
    return score_frames([measure], grades, windows)[measure.pk]


def score_frames(
    measures: Sequence[Measure], grades: Mapping[int, int | None], windows: Sequence[ScoreWindow]
) -> dict[int, pd.DataFrame]:
    """`score_frame` of several measures that have scores, by the measure's id; two queries for all."""
    import pandas as pd

    from datareview.analysis.levels import levels_of

    if not windows or not grades:
        return {measure.pk: empty_frame() for measure in measures}
    ids = [measure.pk for measure in measures]
    scores = Score.objects.filter(
        measure__in=ids, student__in=many_ids(grades), taken_on__gte=windows[0].begins
    )
    frame = pd.DataFrame(read_columns(scores, "measure_id", "student_id", "taken_on", "id", "value"))
    frame.columns = pd.Index(["measure", "student", "day", "id", "value"])
    begins = np.array([window.begins.toordinal() for window in windows])
    frame["window"] = np.searchsorted(begins, frame["day"], side="right") - 1
    frame = frame.sort_values(["measure", "student", "window", "day", "id"], kind="stable")
    frame = frame.drop_duplicates(["measure", "student", "window"], keep="last").drop(columns="id")
    frame[["measure", "student"]] = frame[["measure", "student"]].astype(int)
    frame["grade"] = grades_then(frame, grades, windows)
    is_up = {measure.pk: measure.higher_is_better for measure in measures}
    directions = np.array([is_up[pk] for pk in frame["measure"]], bool)
    cuts = _cuts(ids, frame, directions, windows)
    frame["level"] = levels_of(frame["value"].to_numpy(), cuts, directions)
    parts = dict(iter(frame.groupby("measure")))
    names = [name for name in frame.columns if name != "measure"]
    return {pk: parts[pk][names].reset_index(drop=True) if pk in parts else empty_frame() for pk in ids}


def compared(frame: pd.DataFrame, before: int | None, after: int) -> pd.DataFrame:
    """A row for each student with a score in one of two windows: score, level and day ``before`` and ``after``."""
    parts = []
    for place, name in ((before, "before"), (after, "after")):
        part = frame[frame["window"] == (-1 if place is None else place)].set_index("student")
        part = part[["value", "level", "day"]]
        parts.append(part.add_prefix(f"{name}_"))
    both = parts[0].join(parts[1], how="outer")
    both["change"] = both["after_value"] - both["before_value"]
    return both


def last_day(frame: pd.DataFrame) -> dt.date | None:
    """The day of the newest score, or None."""
    return dt.date.fromordinal(int(frame["day"].max())) if len(frame) else None


def _cuts(
    measures: Sequence[int], frame: pd.DataFrame, directions: np.ndarray, windows: Sequence[ScoreWindow]
) -> dict[int, np.ndarray]:
    """The lowest score of each level for each row; NaN without a benchmark, infinite for a missing level."""
    known = {(one.measure_id, one.grade, one.window): one for one in benchmarks_of(measures)}
    columns = frame[["measure", "grade", "window"]].to_numpy(int)
    # Thousands of rows are of a few grades and windows.
    kinds, kind = np.unique(columns, axis=0, return_inverse=True)
    found = [known.get((pk, grade, windows[place].key)) for pk, grade, place in kinds.tolist()]
    best = np.where(directions, np.inf, -np.inf)
    cuts = {}
    for name, level in CUTS.items():
        stored = np.array([np.nan if row is None else _cut(getattr(row, name)) for row in found], np.float64)
        stored = stored[kind.ravel()]
        cuts[level] = np.where(np.isinf(stored), -best if level < AT else best, stored)
    return cuts


def _cut(value: float | None) -> float:
    """A cut; infinite for a level that the measure does not have."""
    return float("inf") if value is None else value
