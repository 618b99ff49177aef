"""Attendance of many students by week, from marks that are read as columns."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
from django.db.models import Case, FloatField, Value, When

from datareview.records.absence import DAYS_ABSENT, friday_of_ordinals
from datareview.trends.columns import read_columns

if TYPE_CHECKING:
    from datareview.records.models.attendance import AttendanceDayQuerySet

_BITS = 24  # of an ordinal
_ABSENT = Case(
    *(When(mark=mark, then=Value(absent)) for mark, absent in DAYS_ABSENT.items()),
    output_field=FloatField(),
)


def percent_by_week(marks: AttendanceDayQuerySet, until: dt.date) -> dict[int, list[tuple[dt.date, float]]]:
    """Map student ids to (Friday, percent of marked days present, from 0 to 100), in chronological order.

    Weeks that end after ``until`` are left out as incomplete. As `records.absence.percent_present` of one student.
    """
    found = read_columns(marks.annotate(absent=_ABSENT), "student_id", "day", "absent")
    students, days = (found[name].astype(np.int64) for name in ("student_id", "day"))
    fridays = friday_of_ordinals(days)
    is_complete = fridays <= until.toordinal()
    weeks, places, marked = np.unique(
        (students << _BITS | fridays)[is_complete], return_inverse=True, return_counts=True
    )
    absent = np.bincount(places, weights=found["absent"][is_complete], minlength=len(weeks))
    percents = (100 * (1 - absent / marked)).tolist()
    named = {day: dt.date.fromordinal(day) for day in set((weeks & (1 << _BITS) - 1).tolist())}
    by_student: dict[int, list[tuple[dt.date, float]]] = {}
    for week, percent in zip(weeks.tolist(), percents, strict=True):
        by_student.setdefault(week >> _BITS, []).append((named[week & (1 << _BITS) - 1], percent))
    return by_student
