"""Days absent by attendance mark, and attendance by week, without a database."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy as np
    import pandas as pd

    Ordinals = TypeVar("Ordinals", int, pd.Series, np.ndarray)
    Weeks = Mapping[dt.date, list[float]]  # Friday → days absent of each marked day

# Days absent by mark, for every mark of `AttendanceDay`.
DAYS_ABSENT = {"present": 0.0, "tardy": 0.0, "excused": 1.0, "unexcused": 1.0, "partial": 0.5}


def friday_of(day: dt.date) -> dt.date:
    """The Friday of the week of ``day``, which is the date of a weekly value."""
    return day + dt.timedelta(days=4 - day.weekday())


def friday_of_ordinals(days: Ordinals) -> Ordinals:
    """`friday_of` for ordinals (``date.toordinal``), a number or an array."""
    return days + 4 - (days + 6) % 7  # ordinal 1 was a Monday


def group_by_week(marks: Iterable[tuple[int, dt.date, str]], until: dt.date) -> dict[int, Weeks]:
    """Group (student id, day, mark) by student and week.

    Weeks that end after ``until`` are left out as incomplete.
    """
    found: dict[int, dict[dt.date, list[float]]] = defaultdict(lambda: defaultdict(list))
    for student_id, day, mark in marks:
        friday = friday_of(day)
        if friday <= until:
            found[student_id][friday].append(DAYS_ABSENT[mark])
    return {student_id: dict(weeks) for student_id, weeks in found.items()}


def percent_so_far(marks: Iterable[tuple[dt.date, str]]) -> list[tuple[dt.date, float]]:
    """(Friday, percent of days present from the first mark to that week, from 0 to 100) of (day, mark) in order."""
    found: dict[dt.date, float] = {}
    absent = 0.0
    for days, (day, mark) in enumerate(marks, 1):
        absent += DAYS_ABSENT[mark]
        found[friday_of(day)] = 100 * (1 - absent / days)
    return [*found.items()]


def percent_present(weeks: Weeks) -> list[tuple[dt.date, float]]:
    """(Friday, percent of marked days present from 0 to 100), in chronological order."""
    return [(friday, 100 * (1 - sum(days) / len(days))) for friday, days in sorted(weeks.items())]
