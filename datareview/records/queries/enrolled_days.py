"""School days on which students were enrolled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from datareview.records.models import Student
from datareview.records.queries.stays import stays_of
from teams.directory.cycles import days_between, is_school_day
from teams.directory.queries.days import closed_days

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from teams.directory.models import School


def enrolled_school_days(
    school: School, first: dt.date, last: dt.date, among: Collection[int] | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Each school day from ``first`` to ``last`` of each student enrolled on it: ids, and days as ``datetime64[D]``.

    ``among`` are the ids of the students to count; None are all of the school. Without a first day, a student was always
    enrolled; one who left on an unknown day is left out.
    """
    closed = closed_days([school.pk], first, last)
    days = np.array(
        [day for day in days_between(first, last) if is_school_day(day, closed)], dtype="datetime64[D]"
    )
    ids, chosen = [], []
    for student, spans in stays_of(Student.objects.filter(school=school)).items():
        if among is not None and student not in among:
            continue
        here = np.zeros(len(days), dtype=bool)
        for start, end in spans:
            here |= (days >= np.datetime64(start or first, "D")) & (days <= np.datetime64(end or last, "D"))
        ids.append(np.full(int(here.sum()), student, dtype=np.int64))
        chosen.append(days[here])
    if not ids:
        return np.empty(0, dtype=np.int64), np.empty(0, dtype="datetime64[D]")
    return np.concatenate(ids), np.concatenate(chosen)
