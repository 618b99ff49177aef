"""Earlier students as a scorecard sees them: what was known in the middle of a term, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

from datareview.records.models import Student
from datareview.replays.queries.landmarks import landmarks_of, students_then
from datareview.replays.queries.outcomes import outcomes_after
from datareview.trends.models import TrendScope
from teams.access.prepared import many_ids

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from datareview.replays.queries.landmarks import Landmark
    from teams.directory.models import School


@dataclass(frozen=True, slots=True)
class YearHistory:
    """The students of one year whose outcome is known, judged in its first term of which enough is known.

    ``indicators`` (by student, a column per code) hold what was known on ``landmark.judged_on``, and ``happened`` (1 or 0)
    what came after it.
    """

    landmark: Landmark
    indicators: pd.DataFrame
    happened: pd.Series


def year_histories(
    school: School, settings: dict[str, Any], *, step: Callable[[int, int], object] | None = None
) -> list[YearHistory]:
    """One history for each year in which anything is known, the earliest first."""
    terms = landmarks_of(school)[::-1]
    found = []
    for done, (_since, of_year) in enumerate(groupby(terms, key=lambda one: one.since)):
        if step:
            step(done, len(terms))
        histories = (_history(school, settings, landmark) for landmark in of_year)
        found += [next((one for one in histories if one is not None), None)]
    return [one for one in found if one is not None]


def _history(school: School, settings: dict[str, Any], landmark: Landmark) -> YearHistory | None:
    import pandas as pd

    from datareview.judgements.judges import facts_of_conditions
    from datareview.judgements.scorecards import indicators_of
    from datareview.trends.frames.scope import read_scope
    from datareview.trends.services.trend_rows import trend_rows

    day = landmark.judged_on.toordinal()
    parts, outcomes = [], []
    for grade, ids in students_then(school, landmark).items():
        students = Student.objects.filter(pk__in=many_ids(ids))
        known = read_scope(
            TrendScope(school=school, grade=grade), landmark.since, landmark.until, students=students
        )
        happened = outcomes_after(known, day, settings["outcome"]).reindex(ids).dropna()
        if happened.empty:
            continue
        then = known.as_of(day)
        table = facts_of_conditions(settings, then, trend_rows(then))
        parts.append(indicators_of(settings, then, table).loc[happened.index])
        outcomes.append(happened)
    if not parts:
        return None
    indicators = pd.concat(parts)
    if not np.isfinite(indicators.to_numpy(float)).any():  # nothing was recorded before the day of judgement
        return None
    return YearHistory(landmark, indicators, pd.concat(outcomes))
