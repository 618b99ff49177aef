"""Scores as frames: the last score of each student in each window, with its level."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np

from datareview.records.models import Benchmark, Score
from datareview.trends.columns import read_columns
from teams.access.prepared import many_ids

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from datareview.comparisons.queries.windows import ScoreWindow
    from datareview.records.models import Measure

NO_GRADE = -99


def score_frame(
    measure: Measure, grades: Mapping[int, int | None], windows: Sequence[ScoreWindow]
) -> pd.DataFrame:
    """The last score of each student in each of ``windows``, a row each; two queries.

    ``grades`` maps ids of students to their grade today. Columns: ``student``, ``window`` (the place in ``windows``),
    ``value``, ``day`` (an ordinal), ``grade`` (then: one less for each year ago), ``level`` (1 to 4, NaN without a
    benchmark of that grade and window).
    """
    import pandas as pd

    from datareview.analysis.levels import levels_of

    if not windows or not grades:
        return pd.DataFrame(columns=["student", "window", "value", "day", "grade", "level"], dtype=float)
    scores = Score.objects.filter(
        measure=measure, student__in=many_ids(grades), taken_on__gte=windows[0].begins
    )
    frame = pd.DataFrame(read_columns(scores, "student_id", "taken_on", "id", "value"))
    frame.columns = pd.Index(["student", "day", "id", "value"])
    begins = np.array([window.begins.toordinal() for window in windows])
    frame["window"] = np.searchsorted(begins, frame["day"], side="right") - 1
    frame = frame.sort_values(["student", "window", "day", "id"], kind="stable")
    frame = frame.drop_duplicates(["student", "window"], keep="last").drop(columns="id")
    frame["student"] = frame["student"].astype(int)
    now = pd.Series({pk: NO_GRADE if grade is None else grade for pk, grade in grades.items()}, dtype=float)
    ago = np.array([window.years_ago for window in windows])
    frame["grade"] = now.reindex(frame["student"]).to_numpy() - ago[frame["window"].to_numpy(int)]
    below, at, above = _cuts(measure, frame, windows)
    frame["level"] = levels_of(
        frame["value"].to_numpy(), below, at, above, np.full(len(frame), measure.higher_is_better)
    )
    return frame.reset_index(drop=True)


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
    measure: Measure, frame: pd.DataFrame, windows: Sequence[ScoreWindow]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The lowest scores of levels 2, 3 and 4 for each row; NaN without a benchmark, infinite for a missing level."""
    sign = 1.0 if measure.higher_is_better else -1.0
    known = {(row.grade, row.window): row for row in Benchmark.objects.filter(measure=measure)}
    pairs = zip(frame["grade"].to_numpy(int), frame["window"].to_numpy(int), strict=True)
    rows = [known.get((grade, windows[place].key)) for grade, place in pairs]
    nothing = float("nan")
    return (
        np.array(
            [nothing if row is None else -sign * np.inf if row.below is None else row.below for row in rows]
        ),
        np.array([nothing if row is None else row.at for row in rows]),
        np.array(
            [nothing if row is None else sign * np.inf if row.above is None else row.above for row in rows]
        ),
    )
